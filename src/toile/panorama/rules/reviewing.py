"""What an officer must look at before publishing: what changed, what jumped, odd sums, how much is unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from toile.kernel.figures import Cell, Figure, Status

JUMP: Final = Decimal(20)
"""Percent of change, from one edition to the next, beyond which a figure of the whole territory is to be explained."""
JUMP_OF_A_COMMUNE: Final = Decimal(50)
"""The same for a commune, where a single employer weighs more."""
FEWEST: Final = Decimal(20)
"""Below it, before and after, a count jumps by chance: nothing is said."""
MOST_UNKNOWN: Final = Decimal(30)
"""Percent of the establishments whose class of staff is unknown, beyond which jobs are little more than a guess."""
ADDED: Final = ("employer_establishments", "establishments", "legal_units", "jobs")
"""The indicators that are added up: parts of an axis make the total, but for what is hidden or unknown."""
AXES: Final = ("commune", "family", "size")
MOST_SAID: Final = 40
SIZE_UNKNOWN: Final = "inconnue"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the whole territory, before and now. percent: None when it was zero, or cannot be told."""

    indicator: str
    unit: str
    before: Decimal
    now: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class ToCheck:
    """What is to be looked at. kind: `jump`, `sum`, `unknown_size`. where: the cell. numbers: see each kind.

    jump: before, now. sum: the parts together, the total. unknown_size: the unknown, all of them.
    """

    kind: str
    indicator: str
    where: Cell
    numbers: tuple[Decimal, Decimal]
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What a build gives to be read before it is published. told, hidden, unknown: counts of cells."""

    told: int
    hidden: int
    unknown: int
    changes: tuple[Change, ...]
    warnings: tuple[ToCheck, ...]


def review(
    figures: Sequence[Figure], before: Sequence[Figure], *, perimeter: str, year: int, year_before: int = 0
) -> Review:
    """Read an edition of a perimeter and a year. before, year_before: the last one published, empty if none."""
    counts = dict.fromkeys(Status, 0)
    for figure in figures:
        counts[figure.status] += 1
    now = [f for f in figures if f.cell.perimeter == perimeter and f.cell.year in (year, 0)]
    then = [f for f in before if f.cell.perimeter == perimeter and f.cell.year in (year_before, 0)]
    old = _told({(f.indicator, f.cell._replace(year=0)): f for f in then})
    warnings = (*jumps(now, old), *sums(now), *unknown_sizes(now))
    return Review(
        counts[Status.OK],
        counts[Status.HIDDEN],
        counts[Status.UNKNOWN],
        tuple(_changes(now, old)),
        warnings[:MOST_SAID],
    )


Known = Mapping[tuple[str, Cell], Figure]


def _told(figures: Known) -> Known:
    return {key: figure for key, figure in figures.items() if figure.status is Status.OK}


def _changes(now: Iterable[Figure], old: Known) -> Iterable[Change]:
    for figure in now:
        if any(figure.cell[1:5]) or figure.value is None:
            continue
        same = old.get((figure.indicator, figure.cell._replace(year=0)))
        if same is not None and same.value is not None:
            percent = change_percent(same.value, figure.value)
            yield Change(figure.indicator, figure.unit, same.value, figure.value, percent)


def change_percent(before: Decimal, now: Decimal) -> Decimal | None:
    """The change in percent, at one decimal; None from zero."""
    return None if before == 0 else ((now - before) / before * 100).quantize(Decimal("0.1"))


def jumps(now: Iterable[Figure], old: Known) -> list[ToCheck]:
    """The figures of the territory, and counts of its communes, that moved more than a year explains."""
    found = []
    for figure in now:
        where = figure.cell
        if where.family or where.sector or where.size or figure.value is None:
            continue
        same = old.get((figure.indicator, where._replace(year=0)))
        if same is None or same.value is None:
            continue
        is_count = figure.indicator in ADDED
        if (where.commune and not is_count) or (is_count and max(same.value, figure.value) < FEWEST):
            continue
        percent = change_percent(same.value, figure.value)
        if percent is None or abs(percent) > (JUMP_OF_A_COMMUNE if where.commune else JUMP):
            found.append(ToCheck("jump", figure.indicator, where, (same.value, figure.value)))
    return found


def sums(figures: Iterable[Figure]) -> list[ToCheck]:
    """The totals that the parts of one axis exceed, or do not reach although none of them is hidden or unknown.

    Estimates are compared by their central values; a tenth of a unit of rounding is let pass.
    """
    totals: dict[tuple[str, Cell], Figure] = {}
    parts: dict[tuple[str, Cell, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.indicator not in ADDED:
            continue
        split = [axis for axis in ("commune", "family", "sector", "size") if getattr(figure.cell, axis)]
        if not split:
            totals[figure.indicator, figure.cell] = figure
        elif len(split) == 1 and split[0] in AXES:
            whole = figure.cell._replace(**{split[0]: ""})  # type: ignore[arg-type]
            parts[figure.indicator, whole, split[0]].append(figure)
    found = []
    for (indicator, whole, axis), of in parts.items():
        total = totals.get((indicator, whole))
        if total is None or total.value is None:
            continue
        added = sum((part.value for part in of if part.value is not None), Decimal(0))
        slack = Decimal("0.1") * len(of)
        complete = all(part.status is Status.OK for part in of)
        if added > total.value + slack or (complete and axis != "size" and added < total.value - slack):
            found.append(ToCheck("sum", indicator, whole, (added, total.value), axis))
    return found


def unknown_sizes(figures: Iterable[Figure]) -> list[ToCheck]:
    """Whether too many establishments have no known class of staff: the jobs estimated from them say little."""
    unknown: dict[Cell, Decimal] = {}
    totals: dict[Cell, Decimal] = {}
    for figure in figures:
        if figure.indicator != "establishments" or figure.value is None or any(figure.cell[1:4]):
            continue
        whole = figure.cell._replace(size="")
        if figure.cell.size == SIZE_UNKNOWN:
            unknown[whole] = figure.value
        elif not figure.cell.size:
            totals[whole] = figure.value
    return [
        ToCheck("unknown_size", "establishments", where, (count, totals[where]))
        for where, count in unknown.items()
        if totals.get(where) and count / totals[where] * 100 > MOST_UNKNOWN
    ]
