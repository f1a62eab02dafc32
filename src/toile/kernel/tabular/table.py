"""A table opened from any file: which line is its header, what its columns are called, which rows are good."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Protocol

from django.utils.translation import gettext as _

from .shapes import Cells, Damaged, EmptyTable, Limits, NotATable, Row
from .workbook import EXCEL_ERRORS

SAMPLE_ROWS = 200

_FRAME_OPENING = re.compile(r"DEB[A-Za-z]+\d+(_\d+)?\Z")
_FRAME_CLOSING = re.compile(r"FIN(\d*)\Z")
_TEXT_FORMULA = re.compile(r'="([^"]*)"\Z')


class Grid(Protocol):
    """What a format hands over: lines of cells, good or damaged."""

    def __iter__(self) -> Iterator[Cells | Damaged]: ...


class Table:
    """A table that can be gone through several times, each time giving `Row` or `Damaged` in the order of the file.

    `columns` are unique and never empty; `encoding` and `separator` are None for a workbook; `notes` are French
    sentences about what was understood. One reading at a time: two iterators of one table share its file.
    """

    def __init__(
        self,
        grid: Callable[[], Grid],
        limits: Limits,
        *,
        encoding: str | None,
        separator: str | None,
        notes: list[str],
    ) -> None:
        self._grid = grid
        self._limits = limits
        self.holds = ExitStack()
        self.encoding = encoding
        self.separator = separator
        self.notes = notes
        sample = list(islice(grid(), SAMPLE_ROWS))
        lines = _readable(sample)
        self.framed = _is_frame(lines[0])
        position = _header_position(lines)
        self._header_line = lines[position].line
        self.columns = self._name_columns(lines[position].cells, lines[position + 1 :])
        self._digits = _digit_columns(self.columns, lines[position + 1 :])
        if self.framed:
            notes.append(_("fichier encadré de lignes DEB et FIN : l’en-tête est à la ligne suivante"))
        elif position:
            notes.append(_("en-tête trouvé à la ligne %(line)d, sous un titre") % {"line": self._header_line})

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the temporary copies made to read the file."""
        self.holds.close()

    def __iter__(self) -> Iterator[Row | Damaged]:
        grid = self._grid()
        if self.separator is not None:
            grid.width = len(self.columns)  # type: ignore[attr-defined]
        count, closed = 0, False
        for item in grid:
            if item.line <= self._header_line:
                continue
            if self.framed and isinstance(item, Cells) and _FRAME_CLOSING.match(item.cells[0]):
                closed = True
                self._check_frame(item.cells[0], count)
                break
            checked = item if isinstance(item, Damaged) else self._check(item, grid)
            if checked is not None:
                count += 1
                yield checked
        if self.framed and not closed:
            self._note_once(_("la ligne FIN manque : le fichier est peut-être tronqué"))

    def _check_frame(self, closing: str, count: int) -> None:
        announced = closing.removeprefix("FIN")
        if announced and int(announced[:12]) != count:
            self._note_once(
                _("la ligne FIN annonce %(announced)s lignes, %(count)d ont été lues")
                % {"announced": announced[:12], "count": count}
            )

    def _note_once(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _check(self, item: Cells, grid: Grid) -> Row | Damaged | None:
        """The row of a line, or what is wrong with it; None when it is blank."""
        width, cells = len(self.columns), [_clean(cell) for cell in item.cells]
        if not any(cells):
            return None
        if len(cells) > width and any(cells[width:]):
            return self._miscounted(item, _("trop de colonnes (%(found)d au lieu de %(expected)d)"))
        if len(cells) < width:
            if self.separator is not None:
                cut = getattr(grid, "unterminated", None) == item.line
                few = _("trop peu de colonnes (%(found)d au lieu de %(expected)d)")
                return self._miscounted(item, few + _(", fichier sans doute tronqué") if cut else few)
            cells += [""] * (width - len(cells))
        if item.shifted:
            cells = [cell.replace('\\"', '"') for cell in cells]
        return self._bad_cell(item, cells) or Row(item.line, dict(zip(self.columns, cells, strict=False)))

    def _miscounted(self, item: Cells, reason: str) -> Damaged:
        return Damaged(item.line, None, reason % {"found": len(item.cells), "expected": len(self.columns)})

    def _bad_cell(self, item: Cells, cells: list[str]) -> Damaged | None:
        """The first cell that spoils its row: longer than Excel allows, an Excel error, or slipped from its column."""
        for column, cell in zip(self.columns, cells, strict=False):
            if len(cell) > self._limits.cell:
                reason = _("cellule de %(length)d caractères, plus que les %(limit)d acceptés") % {
                    "length": len(cell),
                    "limit": self._limits.cell,
                }
                return Damaged(item.line, column, reason)
            if self.separator is None and cell in EXCEL_ERRORS:
                return Damaged(item.line, column, _("la cellule contient l’erreur %(error)s") % {"error": cell})
            if item.shifted and column in self._digits and not cell.isdigit():
                return Damaged(item.line, column, _('un guillemet mal échappé (\\") a décalé les colonnes'))
        return None

    def _name_columns(self, header: list[str], rows: list[Cells]) -> list[str]:
        names = [_column_name(cell) for cell in header]
        while names and not names[-1] and not any(_cell(row, len(names) - 1) for row in rows):
            names.pop()
        if not any(names):
            raise EmptyTable(_("Ce fichier n’a pas d’en-tête : sa première ligne doit nommer les colonnes."))
        if len(names) > self._limits.columns:
            raise NotATable(_("Ce fichier a trop de colonnes (%(count)d).") % {"count": len(names)})
        if any(len(name) > self._limits.cell for name in names):
            raise NotATable(_("L’en-tête de ce fichier est démesuré : ce n’est sans doute pas un tableau."))
        return _unique(names)


def _readable(sample: list[Cells | Damaged]) -> list[Cells]:
    lines = [item for item in sample if isinstance(item, Cells) and any(_clean(cell) for cell in item.cells)]
    if not sample or (not lines and all(isinstance(item, Cells) for item in sample)):
        raise EmptyTable(_("Ce fichier est vide."))
    if not lines or (isinstance(sample[0], Damaged) and sample[0].line < lines[0].line):
        broken = next(item for item in sample if isinstance(item, Damaged))
        raise NotATable(
            _("L’en-tête de ce fichier est illisible (ligne %(line)d : %(reason)s).")
            % {"line": broken.line, "reason": broken.reason_fr}
        )
    return lines


def _is_frame(line: Cells) -> bool:
    return bool(_FRAME_OPENING.match(line.cells[0].strip())) and not any(line.cells[1:])


def _header_position(lines: list[Cells]) -> int:
    """The header is the first line with two filled cells, where the table has more than one column."""
    filled = [sum(1 for cell in line.cells if _clean(cell)) for line in lines]
    if max(filled) < 2:
        return 0
    return next(position for position, count in enumerate(filled) if count >= 2)


def _digit_columns(columns: list[str], rows: list[Cells]) -> frozenset[str]:
    """The columns always filled, and with digits only: where a row that slipped shows."""
    good = [row for row in rows if not row.shifted and len(row.cells) >= len(columns)]
    return frozenset(
        name for place, name in enumerate(columns) if good and all(_cell(row, place).isdigit() for row in good)
    )


def _cell(row: Cells, place: int) -> str:
    return _clean(row.cells[place]) if place < len(row.cells) else ""


def _clean(cell: str) -> str:
    """Without the spaces around; a number that Excel was told to keep as text (`="0123"`) loses its formula."""
    cell = cell.strip()
    if cell.startswith('="') and (found := _TEXT_FORMULA.match(cell)):
        return found[1]
    return cell


def _column_name(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _clean(cell)).replace("\ufeff", "").split())


def _unique(names: list[str]) -> list[str]:
    """Names as given, an empty one told by its place, a repeated one numbered."""
    taken: set[str] = set()
    unique = []
    for place, name in enumerate(names, start=1):
        wanted = name or _("colonne %(place)d") % {"place": place}
        chosen, number = wanted, 2
        while chosen in taken:
            chosen, number = f"{wanted} ({number})", number + 1
        taken.add(chosen)
        unique.append(chosen)
    return unique
