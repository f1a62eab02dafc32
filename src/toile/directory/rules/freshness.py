"""Whether an entry is still true: who vouched for it, when it is stale, when a campaign writes, what an answer does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from toile.kernel.durations import Duration
from toile.kernel.typography import MONTHS

REGISTERS: Final = frozenset({"sirene_unit", "sirene_establishment"})
"""A register says that a structure exists: it confirms neither hours nor contact, nor what it does."""
SUNDAY: Final = 6


@dataclass(frozen=True, slots=True)
class Heard:
    """A source that spoke of a structure, and the day it did (the day we heard it, where it says none)."""

    source: str
    on: date


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a page says of its own age.

    confirmed_on: the last day the structure answered that it is right. vouched_on: the last day that anybody but a
    register vouched for it, None for never. is_stale: that day is too far.
    """

    confirmed_on: date | None
    vouched_on: date | None
    is_stale: bool

    @property
    def month(self) -> str:
        """« mars 2024 », of the day it was vouched for; empty for never."""
        return month_of(self.vouched_on) if self.vouched_on else ""


def freshness(
    heard: Iterable[Heard], *, confirmed_on: date | None, lasts: Duration, today: date, has_ceased: bool = False
) -> Freshness:
    """How fresh an entry is: its people's own words, the team's and curated sources count, registers do not.

    lasts: how long a word holds, its last day included. What has ceased does not grow stale: nobody is left to ask.
    """
    days = [one.on for one in heard if one.source not in REGISTERS]
    vouched_on = max([*days, *([confirmed_on] if confirmed_on else [])], default=None)
    is_stale = not has_ceased and (vouched_on is None or lasts.after(vouched_on) < today)
    return Freshness(confirmed_on, vouched_on, is_stale)


def stale_before(today: date, lasts: Duration) -> date:
    """The first day still held for fresh: what was last vouched for before it is stale."""
    day = lasts.before(today)
    while lasts.after(day) < today:
        day += timedelta(days=1)
    while lasts.after(day - timedelta(days=1)) >= today:
        day -= timedelta(days=1)
    return day


def month_of(day: date) -> str:
    """« mars 2024 »: as precise as an old word is worth."""
    return f"{MONTHS[day.month - 1]} {day.year}"


# --- The calendar of a campaign --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a campaign writes: days from a structure's first letter to each reminder, days from the start to the end.

    apart: days at least between two letters, however late the first one left.
    """

    reminders: tuple[int, ...] = (14, 35)
    lasts: int = 60
    apart: int = 7

    def last_day(self, started: date) -> date:
        """The last day on which an answer is taken."""
        return started + timedelta(days=self.lasts)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written to a structure already: the days of its first and of its last letter, how many reminders."""

    first: date
    last: date
    reminded: int = 0


def reminder_day(written: Written, rhythm: Rhythm) -> date | None:
    """The day the next reminder is due, never a Sunday; None when there were enough."""
    if written.reminded >= len(rhythm.reminders):
        return None
    planned = written.first + timedelta(days=rhythm.reminders[written.reminded])
    day = max(planned, written.last + timedelta(days=rhythm.apart))
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def is_reminder_due(written: Written, rhythm: Rhythm, *, today: date, last_day: date) -> bool:
    """Whether the clock reminds today a structure that has not answered."""
    day = reminder_day(written, rhythm)
    return day is not None and day <= today <= last_day and today.weekday() != SUNDAY


def may_be_reminded(written: Written, rhythm: Rhythm, *, today: date, last_day: date) -> bool:
    """Whether a person may have a reminder sent today, ahead of the calendar: never two letters in one day."""
    enough = written.reminded >= len(rhythm.reminders)
    return not enough and written.last < today <= last_day and today.weekday() != SUNDAY


# --- What an answer does ---------------------------------------------------------------------------------------------


class Answer(StrEnum):
    """What a structure answers from its link."""

    RIGHT = "right"
    CORRECTED = "corrected"
    CLOSED = "closed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer does. confirms: the page says that the structure confirmed it that day.

    pending: what the team has then to look at, empty when nothing: a person confirms a closure before the page says
    that it ceased. writes_again: whether another campaign may write.
    """

    confirms: bool
    pending: str = ""
    writes_again: bool = True


EFFECTS: Final[Mapping[Answer, Effect]] = MappingProxyType(
    {
        Answer.RIGHT: Effect(confirms=True),
        Answer.CORRECTED: Effect(confirms=True, pending="correction"),
        Answer.CLOSED: Effect(confirms=False, pending="closure"),
        Answer.REFUSED: Effect(confirms=False, writes_again=False),
    }
)


def pending_after(answer: Answer, *, pending: str) -> str:
    """What the team has to look at once this is answered.

    Saying that the page is right does not hide a correction that nobody looked at yet, nor does asking for no more
    letters; it takes back a closure.
    """
    return EFFECTS[answer].pending or (pending if pending == "correction" else "")
