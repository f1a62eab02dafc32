"""A workbook of several sheets: typed, frozen, harmless, and the same bytes for the same rows and date."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl

from toile.kernel.exports import Sheet, workbook_bytes

ON = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


def sheets():
    return [
        Sheet("Chiffres", ["nom", "valeur"], iter([["=1+1", Decimal("14.1")], ["@x", "secret statistique"]])),
        Sheet("Sources : deux", ["titre"], [["SIRENE"], ["\x07étrange"]]),
    ]


def test_each_sheet_is_typed_frozen_and_harmless():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sheets(), title="Un titre", made_on=ON)))
    assert book.sheetnames == ["Chiffres", "Sources   deux"]
    rows = [[cell.value for cell in row] for row in book["Chiffres"].iter_rows()]
    assert rows == [["nom", "valeur"], ["'=1+1", 14.1], ["'@x", "secret statistique"]]
    assert [sheet.freeze_panes for sheet in book] == ["A2", "A2"]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:B3", "A1:A3"]
    assert book["Sources   deux"]["A3"].value == "étrange"
    assert (book.properties.title, book.properties.created) == ("Un titre", ON.replace(tzinfo=None))


def test_the_same_rows_and_date_give_the_same_bytes():
    first = workbook_bytes(sheets(), title="Un titre", made_on=ON)
    assert workbook_bytes(sheets(), title="Un titre", made_on=ON) == first
    assert workbook_bytes(sheets(), title="Un titre", made_on=ON + dt.timedelta(days=1)) != first
