"""Whether jobs are held by few: the share of the largest employers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from toile.panorama.rules.estimates import PERCENT
from toile.panorama.rules.intervals import ZERO, Interval

LARGEST: Final = 10


def share_of_largest(employers: Sequence[Interval], largest: int = LARGEST, others: Interval = ZERO) -> Interval | None:
    """The share of jobs, in percent, that the largest employers hold; None when there may be no job at all.

    Each employer's jobs are known within bounds. The interval holds the share for every value that they allow: at
    least, those largest by their centre at their lowest against the others at their highest; at most, the highest
    upper bounds against the lowest rest. 100 when there are no more employers than `largest`. others: what employers
    that are among the largest by none of their bounds nor their centre hold together, when they are not listed.
    """
    if sum(each.low for each in employers) + others.low <= 0:
        return None
    ordered = sorted(employers, key=lambda each: (each.central, each.low), reverse=True)
    top, rest = ordered[:largest], ordered[largest:]
    least_top, most_rest = sum(each.low for each in top), sum(each.high for each in rest) + others.high
    most_top = sum(sorted((each.high for each in employers), reverse=True)[:largest])
    least_rest = sum(sorted((each.low for each in employers), reverse=True)[largest:]) + others.low
    central = _part(sum(each.central for each in top), sum(each.central for each in rest) + others.central)
    return Interval(
        min(_part(least_top, most_rest), central), central, max(_part(most_top, least_rest), central)
    ).capped(0, PERCENT)


def _part(part: Decimal | int, rest: Decimal | int) -> Decimal:
    whole = Decimal(part) + Decimal(rest)
    return Decimal(part) * PERCENT / whole if whole else Decimal(0)
