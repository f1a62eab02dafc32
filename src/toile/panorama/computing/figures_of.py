"""From counted cells to figures: what each indicator tells of a cell, and why it cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from toile.kernel.figures import Cell, Figure, FigureSource, Status
from toile.panorama.rules.concentration import share_of_largest
from toile.panorama.rules.estimates import PERCENT, SHARE_OF, Scope, Share, share_within
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.intervals import Interval
from toile.panorama.rules.quotients import location_quotient

from .cells import UNSAID, Counted, Everybody
from .cube import NO_EMPLOYEE

OF_QUOTIENTS: Final[Scope] = "all"
"""The denominator of the shares that quotients compare."""
NOTHING: Final = Counted(Cell(""), *([0] * 12))


@dataclass(slots=True)
class Telling:
    """Makes the figures of one computation: same sources, and the indicators that missing columns forbid left out."""

    sources: tuple[FigureSource, ...]
    forbidden: frozenset[str] = frozenset()
    shares: dict[tuple[Scope, Cell], Share] = field(default_factory=dict)

    def counts(self, counted: Counted, query: str) -> list[Figure]:
        """Establishments, employers, legal units and jobs of a cell."""
        cell = counted.cell
        because = "size_unknown" if counted.size_unknown else ""
        told = [self._count("establishments", cell, "establishments", counted.places, query)]
        if not cell.size:
            told.append(self._count("legal_units", cell, "legal_units", counted.units, query))
        if cell.size != NO_EMPLOYEE:
            employers = counted.employers
            told.append(self._count("employer_establishments", cell, "establishments", employers, query, because))
            told.append(self._jobs(counted, query, because))
        return [figure for figure in told if figure.indicator not in self.forbidden] if self.forbidden else told

    def _jobs(self, counted: Counted, query: str, because: str) -> Figure:
        if because:
            return self.unknown("jobs", counted.cell, because, query)
        jobs = counted.jobs
        remark = "open_ended" if counted.open_ended else "sizes_partly_unknown" if counted.unsaid else ""
        return Figure(
            "jobs", counted.cell, "jobs", jobs.central, jobs.low, jobs.high, Status.OK, remark, self.sources, query
        )

    def _count(self, indicator: str, cell: Cell, unit: str, value: int, query: str, because: str = "") -> Figure:
        if because:
            return self.unknown(indicator, cell, because, query)
        return Figure(indicator, cell, unit, Decimal(value), None, None, Status.OK, "", self.sources, query)

    def associations(self, counted: Counted, query: str) -> Iterator[Figure]:
        """The associations without known staff in a cell."""
        if "non_employer_associations" not in self.forbidden:
            yield self._count("non_employer_associations", counted.cell, "establishments", counted.volunteer, query)

    def seats(self, counted: Counted, query: str) -> Iterator[Figure]:
        """The employer establishments whose head office is elsewhere, in percent of those where it is known."""
        indicator = "head_offices_elsewhere"
        cell = counted.cell
        if indicator in self.forbidden or (not counted.employers and (cell.family or cell.sector)):
            return
        if not counted.employers:
            because = "size_unknown" if counted.size_unknown else "empty_denominator"
            yield self.unknown(indicator, cell, because, query)
            return
        if not counted.seat_known:
            yield self.unknown(indicator, counted.cell, "seat_unknown", query)
            return
        value = Decimal(PERCENT * counted.seat_away) / counted.seat_known
        yield Figure(indicator, counted.cell, "percent", value, sources=self.sources, query=query)

    def shares_of(self, counted: Counted, everybody: Everybody | None, query: str) -> Iterator[Figure]:
        """The two shares of employment of a cell; what is told is kept for quotients."""
        for scope, indicator in SHARE_OF.items():
            if indicator in self.forbidden:
                continue
            share, because = _share(scope, counted, everybody)
            if share is None:
                yield self.unknown(indicator, counted.cell, because, query)
            else:
                self.shares[scope, counted.cell] = share
                yield self._between(indicator, counted.cell, share.percent, query)

    def keep_share(self, counted: Counted, everybody: Everybody | None) -> None:
        """Keep the share of a cell for quotients, without telling it."""
        share, _because = _share(OF_QUOTIENTS, counted, everybody)
        if share is not None:
            self.shares[OF_QUOTIENTS, counted.cell] = share

    def quotients(self, reference: str, alone: Collection[str], query: str) -> Iterator[Figure]:
        """How many times the ESS weighs in each territory what it weighs in the reference, of all jobs.

        alone: the territories beyond which the files hold nothing of the reference: it would be told against itself.
        """
        scope = OF_QUOTIENTS
        for (of, cell), here in self.shares.items():
            if of != scope or cell.commune or cell.perimeter == reference or "location_quotient" in self.forbidden:
                continue
            there = self.shares.get((scope, cell._replace(perimeter=reference)))
            known = there is not None and cell.perimeter not in alone
            found = location_quotient(here, there) if known else None
            if found is None:
                yield self.unknown("location_quotient", cell, "reference_unknown", query)
            else:
                yield self._between("location_quotient", cell, found, query)

    def concentration(self, cell: Cell, large: list[Interval], others: Interval, query: str) -> Iterator[Figure]:
        """The share of the ten largest employers."""
        if "concentration" in self.forbidden:
            return
        share = share_of_largest(large, others=others)
        if share is None:
            yield self.unknown("concentration", cell, "empty_denominator", query)
        else:
            yield self._between("concentration", cell, share, query)

    def _between(self, indicator: str, cell: Cell, found: Interval, query: str) -> Figure:
        unit = indicators()[indicator].unit
        return Figure(indicator, cell, unit, found.central, found.low, found.high, sources=self.sources, query=query)

    def unknown(self, indicator: str, cell: Cell, because: str, query: str = "") -> Figure:
        """A figure that the files do not give."""
        unit = indicators()[indicator].unit
        return Figure(indicator, cell, unit, status=Status.UNKNOWN, because=because, sources=self.sources, query=query)


def _share(scope: Scope, counted: Counted, everybody: Everybody | None) -> tuple[Share | None, str]:
    """The share of the ESS in all jobs or in private ones, or why it is not known.

    Both come from the same classes: the ESS and the rest move apart, which keeps the bounds as narrow as they are.
    """
    if counted.size_unknown:
        return None, "size_unknown"
    if everybody is None:
        return None, "empty_denominator"
    whole = everybody.all_jobs if scope == "all" else everybody.private_jobs
    jobs = counted.jobs
    rest = Interval(whole.low - jobs.low, whole.central - jobs.central, whole.high - jobs.high)
    found = share_within(jobs, rest)
    return (Share(scope, found), "") if found is not None else (None, "empty_denominator")


def told(cell: Cell) -> bool:
    """Whether a cell is published: not one whose family or sector is not known."""
    return cell.family != _NO_FAMILY and cell.sector not in _NO_SECTOR


_NO_FAMILY: Final = UNSAID["family"]
_NO_SECTOR: Final = frozenset((UNSAID["section"], UNSAID["ess_sector"]))
