"""The life of a news item: what it may become and by whom, until when it is current, what its dates may be."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")


class State(StrEnum):
    """Where an item stands. That it is over is no state: its dates say so (`ends_at`)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    ANSWERED = "answered"


class Side(StrEnum):
    """Who acts: those who write for the structure, or the team that moderates."""

    PEOPLE = "people"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that may be done: from which states, to which one, by whom."""

    of: frozenset[State]
    to: State
    by: Side


MOVES: Final[Mapping[str, Move]] = {
    "publish": Move(frozenset({State.DRAFT}), State.PUBLISHED, Side.PEOPLE),
    # For ever: what was hidden and then withdrawn could otherwise come back without the team.
    "withdraw": Move(
        frozenset({State.DRAFT, State.PUBLISHED, State.HIDDEN, State.ANSWERED}), State.WITHDRAWN, Side.PEOPLE
    ),
    # Hidden again after an answer: the team keeps its decision, and says why.
    "hide": Move(frozenset({State.PUBLISHED, State.ANSWERED}), State.HIDDEN, Side.TEAM),
    "answer": Move(frozenset({State.HIDDEN}), State.ANSWERED, Side.PEOPLE),
    "show": Move(frozenset({State.HIDDEN, State.ANSWERED}), State.PUBLISHED, Side.TEAM),
}
WRITABLE: Final = frozenset(State) - {State.WITHDRAWN}
"""The states in which the words may change: what was hidden is mended, then answered for."""


def after(state: State, move: str, side: Side) -> State | None:
    """What an item becomes when `side` does `move`; None when it may not be done."""
    allowed = MOVES[move]
    return allowed.to if state in allowed.of and side is allowed.by else None


def moves_from(state: State, sides: Collection[Side]) -> tuple[str, ...]:
    """What these sides may do of an item now, in the order of `MOVES`."""
    return tuple(code for code, move in MOVES.items() if state in move.of and move.by in sides)


class Kind(StrEnum):
    """What is told: a news item, or an announcement that asks, offers or invites."""

    NEWS = "news"
    NEED = "need"
    OFFER = "offer"
    JOB = "job"
    MEETING = "meeting"


LASTS: Final[Mapping[Kind, timedelta]] = {
    Kind.NEWS: timedelta(days=90),
    Kind.NEED: timedelta(days=60),
    Kind.OFFER: timedelta(days=60),
    Kind.JOB: timedelta(days=60),
    Kind.MEETING: timedelta(days=60),
}
"""How long an item without any date is current once published: two months for an announcement, three for news."""
LONGEST: Final = 200
"""Signs of a text that a line shows."""
_SPACES: Final = re.compile(r"[ \t\r\n]+")
FARTHEST: Final = timedelta(days=3 * 365)


def beginning(text: str) -> str:
    """The first signs of a text, on one line; its no-break spaces stay."""
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def last_day(kind: Kind, *, on: date | None, until: date | None, published: date) -> date:
    """The last day on which an item is current: its end, else its day, else some time after its publication."""
    return until or on or published + LASTS[kind]


def ends_at(kind: Kind, *, on: date | None, until: date | None, published: datetime) -> datetime:
    """The moment from which an item is no longer current: midnight in Paris after its last day."""
    day = last_day(kind, on=on, until=until, published=published.astimezone(PARIS).date())
    return datetime.combine(day + timedelta(days=1), time.min, PARIS)


def faults(kind: Kind, *, on: date | None, until: date | None, today: date) -> tuple[str, ...]:
    """What is wrong with the dates of an item, as codes: `no_day`, `ends_before`, `too_far`, `over`."""
    given = [day for day in (on, until) if day is not None]
    found = []
    if kind is Kind.MEETING and on is None:
        found.append("no_day")
    if on is not None and until is not None and until < on:
        found.append("ends_before")
    if any(abs(day - today) > FARTHEST for day in given):
        found.append("too_far")
    # News may tell what happened; an announcement that is over asks nobody anything.
    elif kind is not Kind.NEWS and given and last_day(kind, on=on, until=until, published=today) < today:
        found.append("over")
    return tuple(found)
