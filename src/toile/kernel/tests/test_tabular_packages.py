"""Zipped tables and Excel workbooks: bounded before they are opened, values without macros or formulas."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from toile.kernel.tabular import Damaged, Limits, NotATable, Row, TooLarge, TruncatedTable, ZipRefused, open_table

NAIVE = dt.datetime(2020, 1, 31, 8, 30)  # noqa: DTZ001 -- Excel knows no time zone


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(*rows, title="Liste", other=False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if other:
        book.create_sheet("Notes")["A1"] = "à part"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes, **options):
    with open_table(io.BytesIO(content), **options) as table:
        return table, list(table)


def test_a_zip_of_one_csv_is_read():
    table, rows = read(zipped(liste="nom;ville\nÉpicerie;Lyon\n".encode("cp1252")))
    assert rows == [Row(2, {"nom": "Épicerie", "ville": "Lyon"})]
    assert "liste" in table.notes[0]


def test_what_macos_adds_to_a_zip_is_passed_over():
    assert len(read(zipped(**{"liste.csv": b"a,b\n1,2\n", "__MACOSX/._liste.csv": b"x"}))[1]) == 1


def test_a_zip_bomb_is_refused():
    with pytest.raises(ZipRefused, match="gonfle"):
        read(zipped(bombe=b"a,b\n" + b"0" * 40_000_000))


def test_a_zip_larger_than_the_limit_is_refused():
    with pytest.raises(TooLarge):
        read(zipped(grand=b"a,b\n1,2\n" * 1000), limits=Limits(total=1000))


def test_a_zip_that_lies_about_its_size_is_cut_at_the_limit():
    content = bytearray(zipped(liste=b"a,b\n" + b"1,2\n" * 50_000))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(TruncatedTable):
        read(bytes(content))


def test_several_files_or_a_nested_zip_are_refused():
    with pytest.raises(ZipRefused, match="2"):
        read(zipped(un=b"a,b\n", deux=b"a,b\n"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("dedans.zip", zipped(un=b"a,b\n"))
    with pytest.raises(ZipRefused, match="autre archive"):
        read(buffer.getvalue())


def test_a_zip_cut_short_is_told():
    with pytest.raises(TruncatedTable):
        read(zipped(liste=b"a,b\n1,2\n" * 100)[:60])


def test_a_pdf_inside_a_zip_is_named():
    with pytest.raises(NotATable, match="PDF"):
        read(zipped(liste=b"%PDF-1.7"))


def test_a_workbook_gives_text_for_typed_cells():
    content = workbook(
        ["nom", "siret", "créée le", "vue le", "ess", "taux"],
        ["Alpha", 73282932000074.0, dt.date(2020, 1, 31), NAIVE, True, 0.5],
    )
    table, rows = read(content)
    assert rows[0].values == {
        "nom": "Alpha",
        "siret": "73282932000074",
        "créée le": "2020-01-31",
        "vue le": "2020-01-31 08:30:00",
        "ess": "oui",
        "taux": "0.5",
    }
    assert (table.encoding, table.separator) == (None, None)


def test_the_sheet_read_is_told_and_so_are_those_left_aside():
    table, _ = read(workbook(["a", "b"], [1, 2], title="Structures", other=True))
    assert "Structures" in table.notes[0]
    assert "(1)" in table.notes[1]


def test_short_rows_of_a_workbook_are_filled_and_blank_rows_passed_over():
    rows = read(workbook(["a", "b", "c"], [1], [], [4, 5, 6]))[1]
    assert [(row.line, row.values["c"]) for row in rows] == [(2, ""), (4, "6")]


def test_a_formula_gives_its_kept_value_never_its_text():
    assert read(workbook(["a", "b"], ["x", "=1+1"]))[1][0].values == {"a": "x", "b": ""}


def test_an_excel_error_is_told_with_its_column():
    rows = read(workbook(["nom", "siret"], ["A", "#REF!"], ["B", "1"]))[1]
    assert isinstance(rows[0], Damaged)
    assert rows[0].column == "siret"
    assert isinstance(rows[1], Row)


def test_a_workbook_cut_short_is_told():
    content = workbook(["a", "b"], *[[n, n] for n in range(500)])
    with pytest.raises(TruncatedTable):
        read(content[: len(content) // 2])


def test_a_bomb_dressed_as_a_workbook_is_refused_before_it_opens():
    with pytest.raises(ZipRefused):
        read(zipped(**{"[Content_Types].xml": b" " * 40_000_000}))


def test_a_workbook_with_broken_contents_is_told():
    with pytest.raises(NotATable, match="abîmé"):
        read(zipped(**{"[Content_Types].xml": b"<x"}))


def test_opendocument_and_word_are_named():
    with pytest.raises(NotATable, match="OpenDocument"):
        read(zipped(**{"mimetype": b"x", "content.xml": b"<x/>"}))
    with pytest.raises(NotATable, match="Word"):
        read(zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))


def test_a_workbook_can_be_gone_through_twice():
    with open_table(io.BytesIO(workbook(["a", "b"], [1, 2], [3, 4]))) as table:
        assert list(table) == list(table)
