"""How a territory compares: location quotient and shift-share, with intervals where the jobs have one (domain A15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from toile.panorama.rules.estimates import MixedDenominators, Share
from toile.panorama.rules.intervals import Interval, exactly, total

EVERYWHERE: Final = "france"
"""The territory that others are told against when nothing else is asked: all of the country."""


def location_quotient(here: Share, reference: Share) -> Interval | None:
    """How many times the ESS weighs here what it weighs in the reference; None when the reference may be zero.

    (ESS here ÷ jobs here) ÷ (ESS there ÷ jobs there): 14.1 % against 10.5 % is 1.343. Raises MixedDenominators when
    one share is of all jobs and the other of private ones.
    """
    if here.scope != reference.scope:
        raise MixedDenominators(f"a share of {here.scope} employment against one of {reference.scope} employment")
    return here.percent.over(reference.percent)


class Shift(NamedTuple):
    """The three parts of a change in jobs; they add up to the change itself (domain A15)."""

    national: Interval
    structural: Interval
    local: Interval

    @property
    def change(self) -> Interval:
        """What the three add up to."""
        return total([self.national, self.structural, self.local])


class ShiftShare(NamedTuple):
    """The parts of the change, for the whole and by sector, and the sectors that cannot be shared out.

    unknown: sectors that have no job at the start here or in the reference, or whose end is not known: no rate exists.
    """

    whole: Shift | None
    by_sector: Mapping[str, Shift]
    unknown: tuple[str, ...]


class BeforeAfter(NamedTuple):
    """Jobs of a sector at the start and at the end."""

    before: Interval
    after: Interval

    @property
    def growth(self) -> Interval | None:
        """The rate of change, 0.03 for 3 %; None without a job at the start."""
        ratio = self.after.over(self.before)
        return ratio.minus(exactly(1)) if ratio is not None else None


def shift(jobs: Interval, whole: Interval, sector: Interval, local: Interval) -> Shift:
    """Share out the change of a sector: E·g, E·(gᵢ − g), E·(lᵢ − gᵢ); rates as fractions (0.03 for 3 %).

    1,000 jobs, g = 3 %, gᵢ = 5 %, lᵢ = 8 % give 30, 20 and 30, that is 80.
    """
    return Shift(jobs.times(whole), jobs.times(sector.minus(whole)), jobs.times(local.minus(sector)))


def shift_share(here: Mapping[str, BeforeAfter], reference: Mapping[str, BeforeAfter]) -> ShiftShare:
    """Share out the change of a territory by sector, against a reference that holds the same sectors.

    The rate of the whole is that of all the sectors of the reference. Both must be counted the same way at both ends:
    across a break in series nothing is computed (rules/deriving.py). A sector that is not in the reference is unknown.
    """
    whole = BeforeAfter(
        total([each.before for each in reference.values()]), total([each.after for each in reference.values()])
    ).growth
    by_sector: dict[str, Shift] = {}
    unknown: list[str] = []
    for code, jobs in here.items():
        there = reference[code].growth if code in reference else None
        local = jobs.growth
        if whole is None or there is None or local is None:
            unknown.append(code)
            continue
        by_sector[code] = shift(jobs.before, whole, there, local)
    if not by_sector:
        return ShiftShare(None, {}, tuple(unknown))
    parts = list(by_sector.values())
    added = Shift(
        total([part.national for part in parts]),
        total([part.structural for part in parts]),
        total([part.local for part in parts]),
    )
    return ShiftShare(added, by_sector, tuple(unknown))
