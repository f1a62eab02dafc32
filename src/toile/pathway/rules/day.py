"""An adviser's day: which firms are to be called, by when and why, the first due first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["promised", "planned", "risk"]

FRIDAY: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What decides of a call. key: the firm. risk: its score, 0 where it refuses it.

    within_days: the delay of its band, None when none is due. said_on: the last day that a risk was said of it.
    called_on: when it was last reached. promised_on: the day an adviser said they would call again. monday: of the week
    in which the team's plan has this person see it.
    """

    key: str
    risk: float = 0.0
    within_days: int | None = None
    said_on: date | None = None
    called_on: date | None = None
    promised_on: date | None = None
    monday: date | None = None


@dataclass(frozen=True, slots=True)
class CallDue:
    """A call to make. on: the last day for it. kind: what asks for it."""

    key: str
    kind: Kind
    on: date
    risk: float
    is_late: bool


def call_due(facts: FirmFacts, today: date) -> CallDue | None:
    """The call that a firm asks for first, None when it asks for none.

    A risk calls within its band's delay from the day it was last said, until somebody reached the firm since (domain
    H6). A promise holds until its day is kept. A planned visit is due by the Friday of its week.
    """
    due: list[tuple[date, Kind]] = []
    reached = facts.called_on or date.min
    if facts.promised_on is not None and reached < facts.promised_on <= today:
        due.append((facts.promised_on, "promised"))
    if facts.monday is not None and facts.monday <= today and reached < facts.monday:
        due.append((facts.monday + FRIDAY, "planned"))
    if facts.within_days is not None and facts.said_on is not None and reached <= facts.said_on:
        due.append((facts.said_on + timedelta(days=facts.within_days), "risk"))
    if not due:
        return None
    on, kind = min(due, key=lambda one: one[0])
    return CallDue(facts.key, kind, on, facts.risk, on < today)


def calls(firms: Iterable[FirmFacts], today: date) -> list[CallDue]:
    """The calls of the day, the first due first, the greater risk before; else the order given."""
    due = [call_due(facts, today) for facts in firms]
    return sorted((one for one in due if one is not None), key=lambda one: (one.on, -one.risk))
