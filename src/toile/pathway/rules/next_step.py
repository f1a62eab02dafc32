"""Whether something is planned in a file: the next thing that somebody is to do, and by when; else nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Kind = Literal["meeting", "referral", "question", "call", "gate", "planned"]

FIXED: Final[frozenset[Kind]] = frozenset({"meeting"})
"""What happens on its day: once the day is past, nothing is planned any more."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One thing that is to happen. kind: what; who: who is to do it, in French; on: its day or its last day, if known.

    « planned » is a step written by hand, « question » a partner’s, « gate » a stage whose deliverables are all
    there and that a person is to pass.
    """

    kind: Kind
    who: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The next step of a file, and whether its day is past."""

    pending: Pending
    is_late: bool


def next_step(pending: Iterable[Pending], on: date) -> Step | None:
    """The first thing to come, the oldest that is late before it; None when a file has no next step.

    A meeting whose day is past is no step: either it took place, and something must follow, or it did not. What has no
    day comes last. Equal days keep the order given.
    """
    living = [one for one in pending if not (one.kind in FIXED and one.on is not None and one.on < on)]
    if not living:
        return None
    first = min(living, key=lambda one: one.on or date.max)
    return Step(first, is_late=first.on is not None and first.on < on)
