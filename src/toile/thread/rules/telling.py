"""When a person is told of what happened: their rhythm, their quiet hours, and how many messages an hour may bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DIGEST_AT = time(8)
"""Clock of Paris: a message of the day or of the week gathers what happened before it."""
WEEKLY_ON = 0  # Monday
SUNDAY = 6
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20
"""Messages sent at once to one person in an hour; what follows is gathered into one, when the hour is over."""
MOST_REFUSALS = 3
"""Messages refused in a row by an address, after which it is written to no more."""


class Rhythm(StrEnum):
    """How a person wants to be told of one topic, from the least to the most insistent."""

    NEVER = "never"
    ON_SITE = "on_site"
    WEEKLY = "weekly"
    DAILY = "daily"
    AT_ONCE = "at_once"

    @property
    def is_written(self) -> bool:
        """Whether messages leave by e-mail."""
        return self not in (Rhythm.NEVER, Rhythm.ON_SITE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """No message from `begins` to `ends`, clocks of Paris, over midnight if need be; nor on Sundays if `sundays`.

    The same clock twice: no quiet hour.
    """

    begins: time = time(20)
    ends: time = time(8)
    sundays: bool = False

    def covers(self, moment: datetime) -> bool:
        """Whether this aware moment is quiet."""
        local = moment.astimezone(PARIS)
        if self.sundays and local.weekday() == SUNDAY:
            return True
        clock = local.time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def after_quiet(quiet: QuietHours, moment: datetime) -> datetime:
    """The first moment from this one on that is not quiet: itself, or when the quiet ends.

    The end is a clock of Paris: the night of a clock change lasts an hour less or more. Where that clock does not exist
    (02:30 on the last Sunday of March), it is read at the same distance from midnight, as `kernel.jobs.At` does.
    """
    found = moment
    while quiet.covers(found):
        found = _next(found, _wakes(quiet, found))
    return found


def _wakes(quiet: QuietHours, moment: datetime) -> time:
    """The clock at which the quiet that covers this moment may end: midnight for a Sunday's, else its own end."""
    local = moment.astimezone(PARIS)
    return time(0) if quiet.sundays and local.weekday() == SUNDAY else quiet.ends


def _next(moment: datetime, clock: time, weekday: int | None = None) -> datetime:
    """The first moment after this one at this clock of Paris, on this day of the week if one is given; in UTC."""
    day = moment.astimezone(PARIS).date()
    while True:
        found = datetime.combine(day, clock, PARIS).astimezone(UTC)
        if found > moment and weekday in (None, day.weekday()):
            return found
        day += timedelta(days=1)


def told_when(rhythm: Rhythm, quiet: QuietHours, moment: datetime) -> datetime | None:
    """When what is noticed at `moment` leaves by e-mail; None if it never does.

    A digest leaves at 8:00, or when the quiet hours that cover it end.
    """
    match rhythm:
        case Rhythm.AT_ONCE:
            return after_quiet(quiet, moment)
        case Rhythm.DAILY:
            return after_quiet(quiet, _next(moment, DIGEST_AT))
        case Rhythm.WEEKLY:
            return after_quiet(quiet, _next(moment, DIGEST_AT, WEEKLY_ON))
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Pace:
    """The messages sent at once to a person in the hour under way: since when, how many."""

    since: datetime | None = None
    sent: int = 0

    def leaves(self, now: datetime) -> datetime:
        """When a message that is ready now may leave: now, or when the hour is over if it already brought its share."""
        if self.since is None or now >= self.since + HOUR or self.sent < MOST_AN_HOUR:
            return now
        return self.since + HOUR

    def with_one_more(self, now: datetime) -> Pace:
        """The same, one message having left now."""
        if self.since is None or now >= self.since + HOUR:
            return Pace(now, 1)
        return Pace(self.since, self.sent + 1)
