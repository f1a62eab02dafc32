"""Rules of time: when timed work was last due, on the clocks of Paris."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class At:
    """Once a day, week or month at a time of the clock: `At("03:30")`, `At("08:00", weekday=0)`, `At("06:00", day=1)`.

    clock: « HH:MM » in Paris. weekday: 0 for Monday. day: of the month, 1 to 28, so that each month has it.
    The hour that a clock change skips is due at the same distance from midnight; the one it repeats is due once, the
    first time.
    """

    clock: str
    weekday: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        time.fromisoformat(self.clock)
        if self.day is not None and not 1 <= self.day <= 28:
            raise ValueError(f"day {self.day} is not in every month")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday} is not 0 (Monday) to 6 (Sunday)")

    def last_due(self, now: datetime) -> datetime:
        """The last due instant not after `now` (aware), in UTC."""
        day = now.astimezone(PARIS).date()
        while True:
            due = datetime.combine(day, time.fromisoformat(self.clock), PARIS).astimezone(UTC)
            if due <= now and self.weekday in (None, day.weekday()) and self.day in (None, day.day):
                return due
            day -= timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted in real time, which no clock change touches: `Every(15)`."""

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise ValueError("an interval lasts at least a minute")

    def last_due(self, now: datetime) -> datetime:
        """The last due instant not after `now` (aware), in UTC."""
        step = self.minutes * 60
        return datetime.fromtimestamp(int(now.timestamp()) // step * step, UTC)


Rule = At | Every
