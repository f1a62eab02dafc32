"""What moves: the establishments of the ESS on past 31 Decembers, births, closures and survival, from a history.

Who is in the ESS is said by today's files, and communes are today's: a past figure is of the present ESS and geography.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from ibis.expr import types as ir

from toile.directory.rules.ess import FAMILIES
from toile.kernel.figures import Cell, Figure
from toile.panorama.rules.survival import Observation, Survival, kaplan_meier

from . import history
from .cells import BREAKDOWNS, Axes, cell_of
from .cube import Steps, activities
from .figures_of import Telling, told

YEARS_BACK: Final = 10
WHOLE_YEAR: Final = (12, 1)
"""A history whose last beginning is before this day of a year does not tell that year whole."""

PAST: Final = ("total", "par_famille", "par_section", "par_secteur")
THIS_YEAR: Final = ("par_commune",)
FOLLOWED: Final = ("total", "par_famille", "par_section")
SURVIVALS: Final = {"survival_1": 1, "survival_3": 3, "survival_5": 5}
PRESENT: Final = "present_geography"

Scopes = Callable[[list[str]], pa.Table]
"""Commune codes as the history writes them → `code`, `commune` (the present one), `perimeter`, one row for each."""


@dataclass(slots=True)
class Movements:
    """The history of the ESS in its territories, ready to be counted. Needs the step `membres` of `cube.count`."""

    steps: Steps
    telling: Telling
    perimeters: tuple[str, ...]
    year: int
    on: date
    breakdowns: Collection[str]

    @property
    def years(self) -> range:
        """The years told of: those that the history tells whole, the last one being that of the edition."""
        last = self.on.year if (self.on.month, self.on.day) >= WHOLE_YEAR else self.on.year - 1
        return range(self.year - YEARS_BACK, last + 1)

    def figures(self) -> Iterator[Figure]:
        """Establishments of past years, births, closures and survival."""
        present = self._present()
        past = self.years[:-1] if self._whole else self.years
        yield from self._counted("establishments", "actifs_passes", past, present)
        for indicator, name in (("births", "naissances"), ("closures", "fermetures")):
            yield from self._counted(indicator, name, self.years, present)
            if self._whole:
                yield from self._by_commune(indicator, name)
            else:
                yield from (self._unknown(indicator, perimeter, "no_source") for perimeter in self.perimeters)
        yield from self._survival()

    def _among(self, breakdowns: Collection[str]) -> list[str]:
        """Those of them that are asked."""
        return [one for one in breakdowns if one in self.breakdowns]

    @property
    def _whole(self) -> bool:
        return bool(self.years) and self.years[-1] == self.year

    def _counted(self, indicator: str, name: str, years: range, present: set[tuple[str, int]]) -> Iterator[Figure]:
        if indicator in self.telling.forbidden:
            return
        for breakdown in self._among(PAST):
            axes = BREAKDOWNS[breakdown]
            found = dict(self._count(name, breakdown, axes))
            zeros = {cell: 0 for cell in self._asked(axes, years) if (cell.perimeter, cell.year) in present}
            for cell, count in (zeros | found).items():
                if cell.year in years and told(cell):
                    yield self._figure(indicator, cell, count, f"{name}_{breakdown}")
            for cell in self._asked(axes, years) if axes == () else ():
                if cell.year == self.year and cell not in zeros and cell not in found:
                    yield self._unknown(indicator, cell.perimeter, "no_source")

    def _by_commune(self, indicator: str, name: str) -> Iterator[Figure]:
        if indicator in self.telling.forbidden:
            return
        for breakdown in self._among(THIS_YEAR):
            for cell, count in self._count(name, breakdown, BREAKDOWNS[breakdown]):
                if cell.year == self.year:
                    yield self._figure(indicator, cell, count, f"{name}_{breakdown}")

    def _count(self, name: str, breakdown: str, axes: Axes) -> Iterator[tuple[Cell, int]]:
        located = self.steps.running.table(name)
        cells = located.group_by("perimeter", *axes, "year").agg(places=located.count())
        ordered = cells.order_by("perimeter", *axes, "year")
        for *keys, year, count in self.steps.fetch(f"{name}_{breakdown}", ordered, numbers=1 + len(axes)):
            yield cell_of(tuple(keys), axes, int(year)), int(count)

    def _present(self) -> set[tuple[str, int]]:
        """The territories and years in which the history knows an establishment of the ESS: there, nothing is zero."""
        return {
            (cell.perimeter, year)
            for cell, _count in self._count("actifs_passes", "total", ())
            for year in (cell.year, cell.year + 1)
        }

    def _asked(self, axes: Axes, years: Iterable[int]) -> Iterator[Cell]:
        for perimeter in self.perimeters:
            for year in years:
                if axes == ():
                    yield Cell(perimeter, year=year)
                elif axes == ("family",):
                    yield from (Cell(perimeter, family=family, year=year) for family in FAMILIES)

    def _survival(self) -> Iterator[Figure]:
        wanted = [code for code in SURVIVALS if code not in self.telling.forbidden]
        for breakdown in self._among(FOLLOWED) if wanted else ():
            axes = BREAKDOWNS[breakdown]
            curves = self._curves(breakdown, axes)
            if axes == ():
                for perimeter in self.perimeters:
                    curves.setdefault(Cell(perimeter, year=self.year), kaplan_meier(()))
            for cell, curve in curves.items():
                if told(cell):
                    yield from (self._survived(code, cell, curve, f"suivis_{breakdown}") for code in wanted)

    def _curves(self, breakdown: str, axes: Axes) -> dict[Cell, Survival]:
        located = self.steps.running.table("suivis")
        alike = located.group_by("perimeter", *axes, "ended", "days").agg(places=located.count())
        ordered = alike.order_by("perimeter", *axes, "ended", "days")
        seen: dict[Cell, list[Observation]] = {}
        for *keys, ended, days, count in self.steps.fetch(f"suivis_{breakdown}", ordered, numbers=1 + len(axes)):
            cell = cell_of(tuple(keys), axes, self.year)
            seen.setdefault(cell, []).append(Observation(days / history.DAYS_A_YEAR, bool(ended), count))
        return {cell: kaplan_meier(ones) for cell, ones in seen.items()}

    def _survived(self, indicator: str, cell: Cell, curve: Survival, query: str) -> Figure:
        at = curve.at(SURVIVALS[indicator])
        if at.survival is None or at.low is None or at.high is None:
            return self.telling.unknown(indicator, cell, at.because, query)
        low, value, high = (round(Decimal(100 * share), 6) for share in (at.low, at.survival, at.high))
        return Figure(indicator, cell, "percent", value, low, high, sources=self.telling.sources, query=query)

    def _figure(self, indicator: str, cell: Cell, count: int, query: str) -> Figure:
        because = PRESENT if cell.year < self.year else ""
        value = Decimal(count)
        return Figure(
            indicator, cell, "establishments", value, because=because, sources=self.telling.sources, query=query
        )

    def _unknown(self, indicator: str, perimeter: str, because: str) -> Figure:
        return self.telling.unknown(indicator, Cell(perimeter, year=self.year), because)


def prepare(
    steps: Steps,
    telling: Telling,
    told_by: ir.Table,
    places: ir.Table,
    year: int,
    scopes: Scopes,
    asked: Mapping[str, Any],
    breakdowns: Collection[str],
) -> Movements:
    """Put the history of the ESS into its territories: the steps `periodes`, `actifs_passes`, `naissances`,
    `fermetures` and `suivis`.

    told_by: the history, places: the stock, official columns as text. year: that of the edition, whose 31 December is
    the last day looked at. asked: the perimeters, and breakdowns (names of `cells.BREAKDOWNS`).
    """
    running = steps.running
    members = running.table("membres")
    of_ess = members.filter(members.ess).select("siren", "family")
    located = history.periods_of(told_by, date(year, 12, 31), places).semi_join(of_ess, "siren")
    periods = steps.keep("periodes", located)
    on = _last_day(steps, told_by, date(year, 12, 31))
    codes = _values(running.fetch(periods.select("code").distinct()))
    where = steps.declare("communes_passees", scopes(codes), "communes de chaque territoire, par code de l’historique")
    naf = steps.declare(
        "activites_passees",
        activities(_values(running.fetch(periods.select("naf").distinct()))),
        "section et secteur de chaque code d’activité de l’historique",
    )
    years = range(year - YEARS_BACK, year + 1)
    for name, table in (
        ("actifs_passes", history.active(periods, range(years.start - 1, years.stop))),
        ("naissances", history.births(periods)),
        ("fermetures", history.closures(periods)),
        ("suivis", history.followed(periods, on, (years.start, year))),
    ):
        kept = table.inner_join(of_ess, "siren").inner_join(where, "code").inner_join(naf, "naf")
        steps.keep(name, kept.filter(kept.year >= years.start - 1))
    return Movements(steps, telling, tuple(asked), year, on, breakdowns)


def _last_day(steps: Steps, told_by: ir.Table, end: date) -> date:
    """The last day that the history tells of, the end of the year at most: the last beginning in it, of anybody."""
    begun = told_by.dateDebut.try_cast("date")
    (last,) = steps.running.fetch(told_by.aggregate(last=begun.max(where=begun <= end))).column("last").to_pylist()
    return last or end


def _values(rows: pa.Table) -> list[str]:
    return sorted(value for value in rows.column(0).to_pylist() if value is not None)
