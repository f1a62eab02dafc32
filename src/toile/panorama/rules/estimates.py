"""Shares of employment, each with its denominator and its interval (domain A13)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from toile.panorama.rules.intervals import Interval, Number, exactly

Scope = Literal["all", "private"]
"""What a denominator counts: all salaried jobs, public included, or private ones (domain A13)."""

SHARE_OF: Final[Mapping[Scope, str]] = {"all": "share_of_employment", "private": "share_of_private_employment"}
"""The indicator of each denominator: two figures that are never compared."""
DENOMINATOR_OF: Final[Mapping[Scope, str]] = {"all": "all_jobs", "private": "private_jobs"}
"""The context that a table must give for each share."""

PERCENT: Final = 100


class Employment(NamedTuple):
    """A total of salaried jobs that shares are told of: what it counts goes with it everywhere."""

    scope: Scope
    jobs: Interval


class Share(NamedTuple):
    """A share of employment, in percent, with the denominator it was told of."""

    scope: Scope
    percent: Interval


class MixedDenominators(ValueError):
    """Two shares of different denominators were compared (domain A13): a mistake of the program, never of a person."""


def share_of_employment(jobs: Interval, total: Employment) -> Share | None:
    """ESS jobs ÷ total jobs, in percent, between 0 and 100; None when the total may be zero.

    The bounds are the extremes of both: the smallest part of the largest total, and the other way round.
    """
    ratio = jobs.over(total.jobs)
    if ratio is None:
        return None
    return Share(total.scope, ratio.times(exactly(PERCENT)).capped(0, PERCENT))


def share_within(part: Interval, rest: Interval) -> Interval | None:
    """`part` ÷ (`part` + `rest`), in percent, when both are estimated apart; None when both may be zero.

    Narrower than dividing two intervals that share the part: its value above and below the bar is the same one.
    """
    if part.low + rest.low <= 0:
        return None
    low = part.low / (part.low + rest.high) if part.low + rest.high else Decimal(0)
    high = part.high / (part.high + rest.low)
    central = part.central / (part.central + rest.central)
    return Interval(min(low, central), central, max(high, central)).times(exactly(PERCENT))


def implied_total(jobs: Number, percent: Decimal, half_digit: Decimal = Decimal("0.05")) -> Interval | None:
    """The total of jobs that a published share implies: jobs ÷ share, between what its rounding allows.

    `half_digit`: half of the last digit published, in points (0.05 for « 14,1 % »). None when the share may be zero.
    21,142 jobs that make 14.1 % imply 149,943, and 19.1 % private ones 110,691 (domain A13).
    """
    if percent - half_digit <= 0:
        return None
    whole = Decimal(jobs) * PERCENT
    return Interval(whole / (percent + half_digit), whole / percent, whole / (percent - half_digit))
