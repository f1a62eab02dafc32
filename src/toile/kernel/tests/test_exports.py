"""Spreadsheets going out: no cell is run as a formula, French Excel opens them right, types are kept."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.exports import csv_rows, harmless, xlsx_bytes
from toile.kernel.tabular import open_table

DAY, NAIVE = dt.datetime(2026, 11, 21), dt.datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 -- Excel knows no time zone
TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def workbook(columns, rows, title="Toile"):
    return openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_bytes(columns, rows, title))))


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 4 77", "-x", "@SUM(A1)", "\tx", "\rx", "  =1+1", "\n=1+1", "-", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-12", "+3,5", "-1.5e3", "Épicerie", "a=b", "", "12 - 14", "-0,4"])
def test_numbers_and_ordinary_text_are_left_alone(text):
    assert harmless(text) == text


def test_the_plain_csv_is_rfc_4180_in_utf_8():
    content = "".join(csv_rows(["nom", "ville"], [["Épicerie, vrac", 'dit "ici"'], [None, dt.date(2026, 11, 21)]]))
    assert content == 'nom,ville\r\n"Épicerie, vrac","dit ""ici"""\r\n,2026-11-21\r\n'


def test_excel_francais_gets_a_bom_semicolons_commas_and_french_dates():
    content = "".join(csv_rows(["nom", "taux", "le"], [["A", 1.5, dt.date(2026, 11, 21)]], excel_fr=True))
    assert content == "\ufeffnom;taux;le\r\nA;1,5;21/11/2026\r\n"


def test_a_header_is_made_harmless_too():
    assert next(iter(csv_rows(["=1+1"], []))) == "'=1+1\r\n"


def test_a_long_csv_comes_in_pieces_without_waiting_for_the_last_row():
    def rows():
        for number in range(20_000):
            yield [number, "texte"]
        raise AssertionError("the first piece should not need the last row")

    assert len(next(csv_rows(["n", "texte"], rows()))) < 200_000


def test_the_workbook_has_typed_cells_and_a_frozen_header():
    when = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
    sheet = workbook(
        ["nom", "nombre", "taux", "le", "à", "ess"], [["A", 12, Decimal("1.5"), dt.date(2026, 11, 21), when, True]]
    ).active
    cells = [cell.value for cell in sheet[2]]
    assert cells == ["A", 12, 1.5, DAY, NAIVE, "oui"]
    assert sheet["D2"].number_format == "dd/mm/yyyy"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F2"


def test_a_formula_in_a_workbook_is_text():
    cell = workbook(["nom"], [["=1+1"], ["{=1}"]]).active["A2"]
    assert (cell.data_type, cell.value) == ("s", "'=1+1")


def test_a_siret_given_as_text_stays_text_with_its_zeros():
    assert workbook(["siret"], [["00552013500017"]]).active["A2"].value == "00552013500017"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**20, dt.date(1850, 1, 1), "x" * 40_000, "a\x00b\x0bc"]
)
def test_what_excel_cannot_hold_becomes_text(value):
    assert workbook(["v"], [[value]]).active["A2"].data_type == "s"


def test_an_awkward_sheet_title_is_accepted():
    assert workbook(["v"], [], title="Liste [42]: tout/rien " * 3).sheetnames[0].startswith("Liste")
    assert workbook(["v"], [], title="''").sheetnames == ["Toile"]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=10), st.booleans())
def test_any_text_comes_back_from_the_csv_with_its_apostrophe_at_most(rows, excel_fr):
    content = "".join(csv_rows(["a", "b"], rows, excel_fr=excel_fr)).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(content, newline=""), delimiter=";" if excel_fr else ","))
    assert read[1:] == [[harmless(a), harmless(b)] for a, b in rows]


@pytest.mark.parametrize("excel_fr", [False, True])
def test_what_goes_out_comes_in_again(excel_fr):
    content = "".join(
        csv_rows(["nom", "ville"], [["L’Épicerie", "Lyon"], ["Œuvre; commune", "Paris"]], excel_fr=excel_fr)
    )
    with open_table(io.BytesIO(content.encode())) as table:
        assert [row.values["nom"] for row in table] == ["L’Épicerie", "Œuvre; commune"]
