"""The published tables and the approvals that an edition rests on: their files read into figures, their faults said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.figures import Cell, Figure, unknown
from toile.kernel.tabular import Damaged, open_table
from toile.panorama.models import Source, SourceKind
from toile.panorama.rules.indicators import SIAE_PREFIX, indicators
from toile.panorama.rules.table_checks import check_table
from toile.panorama.rules.tables import Defaults, Problem, ReadTable, read_table
from toile.panorama.services.arriving import on_disk
from toile.territory.queries import rolled_up_codes

READ_AS_TABLES: Final = (SourceKind.TABLE, SourceKind.POPULATION)


class TableRefused(UserError):
    """A published table that contradicts itself, or that says nothing."""


@dataclass(frozen=True, slots=True)
class OfTable:
    """A table read. problems: those of its rows, of the file and between its figures, in the order of lines."""

    read: ReadTable
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether something must be mended before it is used."""
        return any(problem.blocking for problem in self.problems)


def read_source(source: Source, *, perimeter: str = "", year: int = 0) -> OfTable:
    """Read the file of a published table. perimeter, year: of its rows that say none.

    Raises `UserError` for a file that is no table, or whose header names no indicator.
    """
    defaults = Defaults(perimeter, year or source.year or 0)
    damaged: list[Problem] = []
    with open_table(on_disk(source.path), filename=source.filename) as table:

        def rows() -> Iterator[tuple[int, Mapping[str, str]]]:
            for row in table:
                if isinstance(row, Damaged):
                    damaged.append(Problem(row.line, row.column or "", row.reason_fr))
                else:
                    yield row.line, row.values

        read = read_table(table.columns, rows(), source.as_figure_source(), defaults)
    problems = (*read.problems, *damaged, *check_table(read.published))
    return OfTable(read, tuple(sorted(problems, key=lambda problem: problem.line)))


def figures_of_table(source: Source, *, perimeter: str, year: int) -> tuple[Figure, ...]:
    """The figures of a table, for an edition. Raises `TableRefused` for one that contradicts itself."""
    found = read_source(source, perimeter=perimeter, year=year)
    if found.refused:
        first = next(problem for problem in found.problems if problem.blocking)
        raise TableRefused(
            _("« %(title)s », ligne %(line)s : %(problem)s")
            % {"title": source.title, "line": first.line, "problem": first.message_fr}
        )
    return tuple(dict.fromkeys(found.read.figures))


def figures_of_approvals(source: Source, *, perimeter: str, communes: frozenset[str], year: int) -> list[Figure]:
    """The approvals of a file, counted for a perimeter and each of its communes.

    A kind of which the file places some is 0 where it places none; one that it does not place at all is unknown.
    """
    counts: Counter[tuple[str, str]] = Counter()
    placed: set[str] = set()
    for kind, commune in _approvals(source):
        placed.add(kind)
        if commune in communes:
            counts[kind, ""] += 1
            counts[kind, commune] += 1
    said = source.as_figure_source()
    found = []
    for code, indicator in indicators().items():
        kind = code.removeprefix(SIAE_PREFIX if code.startswith(SIAE_PREFIX) else "approved_")
        if kind == code:
            continue
        whole = Cell(perimeter, year=year)
        if kind not in placed:
            found.append(unknown(code, whole, indicator.unit, "no_source", said))
            continue
        for place in ("", *sorted(communes)):
            where, count = whole._replace(commune=place), Decimal(counts[kind, place])
            found.append(Figure(code, where, indicator.unit, count, sources=(said,)))
    return found


def _approvals(source: Source) -> list[tuple[str, str]]:
    """The kind and the commune of each approval that the file places, old codes under their present commune."""
    from toile.panorama.computing.engines import engine  # noqa: PLC0415 -- Ibis and Arrow are for jobs only
    from toile.panorama.computing.files import Given, open_files  # noqa: PLC0415 -- as above

    given = Given(on_disk(source.path), source.filename, source.kind)
    with engine("duckdb") as running, open_files(running.connection, given) as opened:
        if opened.approvals is None:
            return []
        rows = opened.approvals.select("kind", "commune").to_pyarrow().to_pylist()
    present = rolled_up_codes()
    return [(row["kind"], present.get(row["commune"], row["commune"])) for row in rows if row["commune"]]
