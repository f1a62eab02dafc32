"""Published tables (FLORES, URSSAF, CRESS, population): a described CSV read into figures, its errors said plainly.

A table has one header and one line for each place. Its columns, in any order, under their French or English name
(`docs/panorama-tableaux.md` describes them with examples):

- `indicateur`: the code or French name of an indicator, with `valeur`, and `bas` and `haut` for an estimate;
  or, without it, one column for each indicator, under its code or name (a wide table);
- `perimetre` (EPCI, perimeter, `dep:42`, `reg:84`, `france`), `commune` (INSEE code), `annee`; where a column is
  missing, what the officer said of the whole table stands for it;
- `famille`, `secteur` (a NAF section or a sector of the ESS), `taille`: empty means all;
- `unite`, `statut`: optional, checked.

A number is written as spreadsheets do (« 21 142 », « 14,1 % »). « s » is a secret of the publisher, « nd » and an empty
cell are not published: never zero. What leaves from `toile panorama figures` can be read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from toile.kernel.errors import UserError
from toile.kernel.figures import Cell, Figure, FigureSource, Status
from toile.kernel.fold import fold
from toile.kernel.identifiers import clean_commune_code
from toile.panorama.rules.estimates import PERCENT
from toile.panorama.rules.indicators import Indicator, indicators
from toile.panorama.rules.table_words import ReadNumber, code_of, listed, read_number, same_unit, shown, words

MAX_ROWS: Final = 200_000
MAX_PROBLEMS: Final = 200
FIRST_YEAR, LAST_YEAR = 1900, 2100
_LONGEST_CODE: Final = 60
_CLOSED: Final = ("family", "sector", "size")


class Problem(NamedTuple):
    """Something wrong in a table: its line in the file (0 for the whole), its column, and the sentence.

    blocking: the table cannot be used as it is; else the officer is only told.
    """

    line: int
    column: str
    message_fr: str
    blocking: bool = True


class PublishedFigure(NamedTuple):
    """One figure that a table gives, and the line where it stands."""

    line: int
    figure: Figure


class NotAPublishedTable(UserError):
    """The header has no column that names an indicator."""


class Defaults(NamedTuple):
    """What the officer says of the whole table, where it has no column for it."""

    perimeter: str
    year: int = 0


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a table gives: its figures, what is wrong, the columns understood (name → meaning), and those left out."""

    published: tuple[PublishedFigure, ...]
    problems: tuple[Problem, ...]
    columns: Mapping[str, str]
    ignored: tuple[str, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures alone."""
        return tuple(each.figure for each in self.published)

    @property
    def refused(self) -> bool:
        """Whether something in it must be mended before it is used."""
        return any(problem.blocking for problem in self.problems)


class _Refused(Exception):
    def __init__(self, column: str, message_fr: str) -> None:
        self.column, self.message_fr = column, message_fr


class _Header(NamedTuple):
    """Which column says what: axis to column name, and the columns of a wide table with their indicator."""

    axes: Mapping[str, str]
    measures: tuple[tuple[str, Indicator], ...]


def read_table(
    columns: Sequence[str],
    rows: Iterable[tuple[int, Mapping[str, str]]],
    source: FigureSource,
    defaults: Defaults,
) -> ReadTable:
    """Read the rows of a table, each with its line in the file and its cells by column.

    Every figure carries `source`. A row with a wrong cell is left out and said; the others are read. At most
    `MAX_ROWS` rows and `MAX_PROBLEMS` problems. Raises NotAPublishedTable when no column tells an indicator.
    Whether parts exceed their totals is asked of `table_checks.check_table`, once the table is read.
    """
    header, ignored = _read_header(columns)
    published: list[PublishedFigure] = []
    problems: list[Problem] = []
    for number, (line, cells) in enumerate(rows):
        if number >= MAX_ROWS:
            problems.append(Problem(line, "", f"La table a plus de {MAX_ROWS} lignes : la suite n’est pas lue."))
            break
        try:
            published += [PublishedFigure(line, figure) for figure in _read_row(header, cells, source, defaults)]
        except _Refused as refused:
            problems.append(Problem(line, refused.column, f"{refused.message_fr}."))
    if not published and not problems:
        problems.append(Problem(0, "", "La table a un en-tête, et aucune ligne."))
    understood = {column: axis for axis, column in header.axes.items()}
    understood |= {column: indicator.code for column, indicator in header.measures}
    return ReadTable(tuple(published), bounded(problems), understood, ignored)


def bounded(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The first `MAX_PROBLEMS`, then how many more there are; blocking when one of those is."""
    shown_ones, others = tuple(problems[:MAX_PROBLEMS]), problems[MAX_PROBLEMS:]
    if not others:
        return shown_ones
    blocking = any(problem.blocking for problem in others)
    return (*shown_ones, Problem(0, "", f"Et {len(others)} autres problèmes dans cette table.", blocking))


def _read_header(columns: Sequence[str]) -> tuple[_Header, tuple[str, ...]]:
    known = words()
    axes: dict[str, str] = {}
    measures: list[tuple[str, Indicator]] = []
    ignored: list[str] = []
    for column in columns:
        folded = fold(column)
        axis = known.columns.get(folded)
        if axis is not None and axis not in axes:
            axes[axis] = column
        elif folded in known.indicators:
            measures.append((column, indicators()[known.indicators[folded]]))
        else:
            ignored.append(column)
    if "indicator" in axes and "value" in axes:
        ignored += [column for column, _ in measures]
        measures = []
    elif not measures:
        raise NotAPublishedTable(
            "Aucune colonne de cette table ne nomme un indicateur. Il faut « indicateur » et « valeur », ou une "
            "colonne par indicateur (« employer_establishments », « jobs »…). "
            f"Colonnes lues : {listed(map(shown, columns))}."
        )
    return _Header(axes, tuple(measures)), tuple(ignored)


def _read_row(header: _Header, cells: Mapping[str, str], source: FigureSource, defaults: Defaults) -> Iterable[Figure]:
    cell = _read_cell(header.axes, cells, defaults)
    if header.measures:
        return [_figure(indicator, cell, {"value": column}, cells, source) for column, indicator in header.measures]
    column = header.axes["indicator"]
    written = cells.get(column, "")
    code = words().indicators.get(fold(written))
    if code is None:
        raise _Refused(column, f"{shown(written)} n’est pas un indicateur connu" if written else "l’indicateur manque")
    return [_figure(indicators()[code], cell, header.axes, cells, source)]


def _read_cell(axes: Mapping[str, str], cells: Mapping[str, str], defaults: Defaults) -> Cell:
    """The cell of a row: what its columns say, else what was said of the whole table."""
    said = {axis: cells.get(column, "").strip() for axis, column in axes.items()}
    closed = {}
    for axis in _CLOSED:
        written = said.get(axis, "")
        found = code_of(axis, written) if written else ""
        if found is None:
            raise _Refused(axes[axis], f"{shown(written)} n’est ni un code, ni un nom connu")
        closed[axis] = found
    return Cell(
        _perimeter(axes, said.get("perimeter", "")) or defaults.perimeter,
        _commune(axes, said.get("commune", "")),
        year=_year(axes, said.get("year", "")) or defaults.year,
        **closed,
    )


def _perimeter(axes: Mapping[str, str], written: str) -> str:
    if len(written) > _LONGEST_CODE:
        raise _Refused(axes["perimeter"], f"{shown(written)} est trop long pour un code de territoire")
    return written


def _commune(axes: Mapping[str, str], written: str) -> str:
    if not written:
        return ""
    read = clean_commune_code(written)
    if read.value is None:
        raise _Refused(axes["commune"], read.note or f"{shown(written)} n’est pas un code de commune")
    return read.value


def _year(axes: Mapping[str, str], written: str) -> int:
    bare = written.removesuffix(".0")
    if not bare:
        return 0
    if not (bare.isascii() and bare.isdigit() and FIRST_YEAR <= int(bare[:6]) <= LAST_YEAR):
        raise _Refused(axes["year"], f"{shown(written)} n’est pas une année")
    return int(bare)


def _figure(
    indicator: Indicator, cell: Cell, columns: Mapping[str, str], cells: Mapping[str, str], source: FigureSource
) -> Figure:
    """The figure of a row: its number and bounds, or why it has none."""
    unit = columns.get("unit")
    if unit and cells.get(unit, "").strip() and not same_unit(cells[unit], indicator.unit):
        raise _Refused(unit, f"{shown(cells[unit])} n’est pas l’unité de cet indicateur ({indicator.unit})")
    value = _number(indicator, columns["value"], cells)
    bounds = [_number(indicator, columns[name], cells) for name in ("low", "high") if name in columns]
    low, high = [bound.value for bound in bounds] if len(bounds) == 2 else (None, None)
    value = _agreed_status(value, columns, cells)
    if value.value is None:
        status = Status.HIDDEN if value.because == "secret_of_source" else Status.UNKNOWN
        return Figure(indicator.code, cell, indicator.unit, status=status, because=value.because, sources=(source,))
    if (low is None) != (high is None):
        raise _Refused(columns["low" if low is None else "high"], "une borne manque à l’intervalle")
    if low is not None and high is not None and not low <= value.value <= high:
        raise _Refused(columns["value"], f"{value.value} n’est pas entre {low} et {high}")
    return Figure(indicator.code, cell, indicator.unit, value.value, low, high, sources=(source,))


def _agreed_status(value: ReadNumber, columns: Mapping[str, str], cells: Mapping[str, str]) -> ReadNumber:
    """An empty number under « statut » hidden is a secret, not merely absent."""
    column = columns.get("status")
    said = fold(cells.get(column, "")) if column else ""
    if value.value is not None and said in ("hidden", "unknown"):
        raise _Refused(column or "", f"le statut dit {shown(said)}, et la ligne a une valeur")
    if value.because == "not_published" and said == "hidden":
        return ReadNumber(because="secret_of_source")
    return value


def _number(indicator: Indicator, column: str, cells: Mapping[str, str]) -> ReadNumber:
    read = read_number(cells.get(column, ""), indicator.unit)
    if read.wrong_fr:
        raise _Refused(column, read.wrong_fr)
    if read.value is None:
        return read
    if read.value < 0 and not indicator.signed:
        raise _Refused(column, f"{shown(cells[column])} est négatif")
    if indicator.unit == "percent" and read.value > PERCENT and not indicator.signed:
        raise _Refused(column, f"{shown(cells[column])} dépasse 100 %")
    return read
