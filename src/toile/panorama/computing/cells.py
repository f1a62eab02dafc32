"""The cube summed by territory and by what breaks it down: one named query for each, one row for each cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

import ibis
from ibis.expr import types as ir

from toile.kernel.figures import Cell
from toile.panorama.rules.concentration import LARGEST
from toile.panorama.rules.intervals import Interval

from .cube import Steps

Axes = tuple[str, ...]

BREAKDOWNS: Final[dict[str, Axes]] = {
    "total": (),
    "par_commune": ("commune",),
    "par_famille": ("family",),
    "par_section": ("section",),
    "par_secteur": ("ess_sector",),
    "par_taille": ("size",),
    "par_commune_et_famille": ("commune", "family"),
    "par_commune_et_section": ("commune", "section"),
    "par_commune_et_secteur": ("commune", "ess_sector"),
}
"""Name → columns of the cube; `section` and `ess_sector` are two groupings of one axis, the sector."""

WITHOUT_COMMUNES: Final = tuple(name for name, axes in BREAKDOWNS.items() if "commune" not in axes)
OF_EVERYBODY: Final = ("total", "par_commune", "par_section", "par_secteur")

UNSAID: Final = {"commune": "", "family": "autre", "section": "Z", "ess_sector": "autre", "size": ""}
"""What a cell is called where the axis is not known: never published, but protected by secrecy."""

_PLACE: Final = {"commune": 0, "family": 1, "section": 2, "ess_sector": 2, "size": 3}
"""Column → its place in a cell after the perimeter."""
_SUMS: Final = (
    "places", "employers", "empty", "unsaid", "low", "middle2", "high", "open_ended", "seat_known", "seat_away",
    "volunteer",
)  # fmt: skip


class Counted(NamedTuple):
    """What is known of one cell of the ESS; counts of establishments, jobs by their bounds and twice their centre.

    employers: size class 01 or more; empty: 00; unsaid: size not known. units: legal units. volunteer: establishments
    of associations without known staff.
    """

    cell: Cell
    places: int
    employers: int
    empty: int
    unsaid: int
    low: int
    middle2: int
    high: int
    open_ended: int
    seat_known: int
    seat_away: int
    volunteer: int
    units: int

    @property
    def size_unknown(self) -> bool:
        """Whether no employer is known, though the size of some of its establishments is not: not zero, unknown."""
        return bool(self.unsaid) and not self.employers

    @property
    def jobs(self) -> Interval:
        """The jobs of the establishments whose size is known."""
        return halves(self.low, self.middle2, self.high)


class Weight(NamedTuple):
    """What secrecy asks of a cell: the legal units that employ in it, and twice the jobs of the largest."""

    cell: Cell
    units: int
    largest2: int


class Everybody(NamedTuple):
    """The jobs of all the economy in one cell, and those that are not public: bounds, and twice the centre."""

    cell: Cell
    low: int
    middle2: int
    high: int
    private_low: int
    private_middle2: int
    private_high: int

    @property
    def all_jobs(self) -> Interval:
        """Public and private."""
        return halves(self.low, self.middle2, self.high)

    @property
    def private_jobs(self) -> Interval:
        """Those of the ESS included."""
        return halves(self.private_low, self.private_middle2, self.private_high)


def count_cells(steps: Steps, name: str, year: int, among: Collection[str] | None = None) -> Iterator[Counted]:
    """The cells of one breakdown of the ESS, those that hold an establishment. The query is kept as `ess_<name>`.

    among: the perimeters to count in; None for all.
    """
    axes = BREAKDOWNS[name]
    located = _among(steps.running.table("situes"), among)
    cells = located.group_by("perimeter", *axes).agg(
        **{one: located[one].sum() for one in _SUMS}, units=located.siren.nunique()
    )
    rows = steps.fetch(f"ess_{name}", cells.order_by("perimeter", *axes), numbers=1 + len(axes))
    for row in rows:
        yield Counted(cell_of(row, axes, year), *row[1 + len(axes) :])


def weigh_cells(steps: Steps, name: str, year: int, among: Collection[str] | None = None) -> Iterator[Weight]:
    """What secrecy asks of the same cells, those where somebody employs. The query is kept as `poids_<name>`."""
    axes = BREAKDOWNS[name]
    located = _among(steps.running.table("situes"), among)
    employers = located.filter(located.employers == 1)
    by_unit = employers.group_by("perimeter", *axes, "siren").agg(middle2=employers.middle2.sum())
    cells = by_unit.group_by("perimeter", *axes).agg(units=by_unit.count(), largest2=by_unit.middle2.max())
    for row in steps.fetch(f"poids_{name}", cells.order_by("perimeter", *axes), numbers=1 + len(axes)):
        yield Weight(cell_of(row, axes, year), *row[1 + len(axes) :])


def count_everybody(steps: Steps, name: str, year: int, among: Collection[str] | None = None) -> Iterator[Everybody]:
    """The jobs of everybody, cell by cell of one breakdown, as `count_cells`. The query is kept as `emplois_<name>`."""
    axes = BREAKDOWNS[name]
    located = _among(steps.running.table("employeurs_situes"), among)
    jobs = {one: located[one].sum() for one in ("low", "middle2", "high")}
    private = {f"private_{one}": ibis.cases((located.public, 0), else_=located[one]).sum() for one in jobs}
    cells = located.group_by("perimeter", *axes).agg(**jobs, **private)
    first = 1 + len(axes)
    for row in steps.fetch(f"emplois_{name}", cells.order_by("perimeter", *axes), numbers=first):
        yield Everybody(cell_of(row, axes, year), *row[first:])


def _among(located: ir.Table, perimeters: Collection[str] | None) -> ir.Table:
    return located if perimeters is None else located.filter(located.perimeter.isin(sorted(perimeters)))


def halves(low: int, middle2: int, high: int) -> Interval:
    """Jobs from their bounds and twice their centre."""
    return Interval(Decimal(low), Decimal(middle2) / 2, Decimal(high))


def cell_of(row: tuple[str, ...], axes: Axes, year: int) -> Cell:
    """The cell of a row that begins with its perimeter and its axes."""
    told = ["", "", "", ""]
    for place, axis in enumerate(axes, start=1):
        told[_PLACE[axis]] = row[place] or UNSAID[axis]
    return Cell(row[0], *told, year)


def largest_employers(steps: Steps) -> Iterator[tuple[str, list[Interval], Interval]]:
    """Each perimeter with its employers that may be among the largest, and what all the others hold together.

    The ten first by their centre, by their upper and by their lower bound. The query is kept as `ess_concentration`.
    """
    located = steps.running.table("situes")
    by_unit = located.group_by("perimeter", "siren").agg(
        **{one: located[one].sum() for one in ("low", "middle2", "high")}
    )
    by_unit = by_unit.filter(by_unit.high > 0)

    def rank(*columns: str) -> ir.IntegerValue:
        order = [*(by_unit[column].desc() for column in columns), by_unit.siren]
        return ibis.row_number().over(group_by="perimeter", order_by=order)

    ranked = by_unit.mutate(by_middle=rank("middle2", "low"), by_high=rank("high"), by_low=rank("low"))
    first = (ranked.by_middle < LARGEST) | (ranked.by_high < LARGEST) | (ranked.by_low < LARGEST)
    told = ranked.mutate(employer=ibis.cases((first, ranked.siren), else_=""))
    summed = told.group_by("perimeter", "employer").agg(**{one: told[one].sum() for one in ("low", "middle2", "high")})
    held: dict[str, tuple[list[Interval], list[Interval]]] = {}
    for perimeter, employer, *jobs in steps.fetch("ess_concentration", summed.order_by("perimeter", "employer"), 2):
        large, others = held.setdefault(perimeter, ([], []))
        (large if employer else others).append(halves(*jobs))
    for perimeter, (large, others) in held.items():
        yield perimeter, large, others[0] if others else halves(0, 0, 0)
