"""Reading what a computing said of itself, kept with the edition: the review that the officer goes through."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from toile.kernel.figures import Cell
from toile.panorama.models import Edition
from toile.panorama.rules.reviewing import Change, Review, ToCheck


def as_kept(review: Review) -> dict[str, Any]:
    """A review as JSON."""
    return {
        "told": review.told,
        "hidden": review.hidden,
        "unknown": review.unknown,
        "changes": [
            [one.indicator, one.unit, str(one.before), str(one.now), None if one.percent is None else str(one.percent)]
            for one in review.changes
        ],
        "warnings": [
            [one.kind, one.indicator, list(one.where), [str(number) for number in one.numbers], one.axis]
            for one in review.warnings
        ],
    }


def review_of(edition: Edition) -> Review:
    """The review kept with an edition that is built; empty for another. No statement."""
    kept = edition.report.get("review")
    if kept is None:
        return Review(0, 0, 0, (), ())
    changes = tuple(
        Change(indicator, unit, Decimal(before), Decimal(now), None if percent is None else Decimal(percent))
        for indicator, unit, before, now, percent in kept["changes"]
    )
    warnings = tuple(
        ToCheck(kind, indicator, Cell(*where), (Decimal(one), Decimal(other)), axis)
        for kind, indicator, where, (one, other), axis in kept["warnings"]
    )
    return Review(kept["told"], kept["hidden"], kept["unknown"], changes, warnings)
