"""Spreadsheets going out: CSV for machines, CSV for Excel français, typed xlsx; no cell is ever run as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

LONGEST_CELL = 32_767  # what Excel holds
LONGEST_PROPERTY = 255  # the same, for the title that a file says of itself

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\Z")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_CHUNK = 64 * 1024
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run: = + - @, tab, CR, unless a number (domain L9).

    A line feed and blanks at the beginning hide nothing: what follows them is looked at.
    """
    if text.lstrip(" \n\u00a0").startswith(_DANGEROUS) and not _NUMBER.match(text):
        return "'" + text
    return text


def cell_text(value: Any, *, excel_fr: bool = False) -> str:
    """The text of one cell: empty for None, ISO dates (dd/mm/yyyy for Excel français, with decimal commas)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M") if excel_fr else value.isoformat()
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y") if excel_fr else value.isoformat()
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",") if excel_fr else str(value)
    return harmless(str(value))


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], excel_fr: bool = False) -> Iterator[str]:
    """Stream a CSV, some rows at a time: RFC 4180 in UTF-8, or with BOM and « ; » for Excel français."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if excel_fr else ",", lineterminator="\r\n")
    if excel_fr:
        buffer.write(_BOM)
    writer.writerow([harmless(str(column)) for column in columns])
    for row in rows:
        writer.writerow([cell_text(value, excel_fr=excel_fr) for value in row])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "Toile") -> Iterator[bytes]:
    """Stream an xlsx: typed cells, dates as dates, header frozen and filtered, rows written in constant memory."""
    with tempfile.TemporaryFile() as target:
        _write_workbook(target, [Sheet(title, columns, rows)])
        target.seek(0)
        while chunk := target.read(_CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; its rows are read once, when it is written."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook_bytes(sheets: Iterable[Sheet], *, title: str, made_on: dt.datetime) -> bytes:
    """An xlsx of several sheets, each as `xlsx_bytes` writes its own; the same bytes for the same rows and date."""
    with tempfile.TemporaryFile() as target:
        _write_workbook(target, sheets, title=xml_text(title)[:LONGEST_PROPERTY], made_on=made_on)
        target.seek(0)
        return target.read()


def _write_workbook(target: Any, sheets: Iterable[Sheet], title: str = "", made_on: dt.datetime | None = None) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        if made_on is not None:
            book.set_properties({"title": title, "created": made_on.astimezone(dt.UTC).replace(tzinfo=None)})
        formats = {
            dt.datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            dt.date: book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        heading = book.add_format({"bold": True, "bottom": 1})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_title(sheet.title)), sheet, heading, formats)


def _write_sheet(page: Any, sheet: Sheet, heading: Any, formats: dict[type[dt.date], Any]) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, min(max(len(str(column)) + 2, 12), 50))
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, _storable(str(column)), heading)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, last, place, value, formats)
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: dict[type[dt.date], Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, place, "oui" if value else "non")
    elif isinstance(value, int | float | Decimal) and _fits_excel(value):
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, value.replace(tzinfo=None), formats[dt.datetime])
    elif isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(line, place, value, formats[dt.date])
    else:
        sheet.write_string(line, place, _storable(harmless(str(value))))


def _fits_excel(value: float | Decimal) -> bool:
    """Excel keeps fifteen digits of a number, and knows neither infinity nor « not a number »."""
    return abs(float(value)) < 1e15  # false for infinities and NaN too


def xml_text(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _storable(text: str) -> str:
    return xml_text(text)[:LONGEST_CELL]


def _sheet_title(title: str) -> str:
    """Excel refuses some signs in the name of a sheet, and more than 31 characters."""
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Toile"
