"""Excel workbooks (.xlsx, .xlsm) as lines of cells: values only, macros and formulas never run."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .archive import open_archive, refuse_other_packages
from .shapes import Cells, Damaged, Limits, NotATable

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

EXCEL_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})


class WorkbookLines:
    """Iterates over the first visible sheet that holds anything: `Cells` per line, dates as ISO text."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        from openpyxl import load_workbook  # noqa: PLC0415 -- slow to read, and only workbooks need it

        self._limits = limits
        archive = open_archive(stream, limits)
        refuse_other_packages(archive)
        if "[Content_Types].xml" not in archive.namelist():
            raise NotATable(_("Cette archive n’est pas un classeur Excel."))
        stream.seek(0)
        try:
            with warnings.catch_warnings(action="ignore"):  # about styles and validations, which are not read
                self._book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
                self._sheet = self._first_filled()
        except NotATable:
            raise
        except Exception as error:
            raise NotATable(_unreadable()) from error

    @property
    def title(self) -> str:
        return str(self._sheet.title)

    @property
    def others(self) -> int:
        """How many sheets are left aside."""
        return len(self._book.worksheets) - 1

    def _first_filled(self) -> ReadOnlyWorksheet:
        sheets = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"] or self._book.worksheets
        if not sheets:
            raise NotATable(_("Ce classeur n’a pas de feuille de calcul."))
        for sheet in sheets:
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            if any(any(value is not None for value in row) for row in sheet.iter_rows(max_row=50, values_only=True)):
                return sheet
        return sheets[0]

    def __iter__(self) -> Iterator[Cells | Damaged]:
        number = 0
        try:
            for number, values in enumerate(self._sheet.iter_rows(values_only=True), start=1):
                if any(value is not None for value in values):
                    yield Cells(number, [cell_text(value) for value in values])
        except Exception:  # noqa: BLE001 -- same reason; the good rows above were given
            yield Damaged(number + 1, None, _unreadable())


def _unreadable() -> str:
    return _("Ce classeur est incomplet ou abîmé : ouvrez-le dans votre tableur et enregistrez-le de nouveau en .xlsx.")


def cell_text(value: Any) -> str:
    """The text of a typed cell: ISO dates, 12345.0 as « 12345 », truth as « oui » or « non »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
