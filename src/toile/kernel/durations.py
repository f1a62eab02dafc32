"""How long things are kept, counted in calendar years, months and days of Paris, to the end of the last day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of calendar: `Duration(years=2)`; years and months come first, then days."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The same day that much later; a day that its month does not have is the last one of the month.

        29/02/2024 + 2 years is 28/02/2026 (domain K3).
        """
        return self._moved(day, 1)

    def before(self, day: date) -> date:
        """The same day that much earlier, by the same rule."""
        return self._moved(day, -1)

    def last_day(self, since: datetime) -> date:
        """The last day, in Paris, of what is kept that long from the aware moment `since`."""
        return self.after(since.astimezone(PARIS).date())

    def is_over(self, since: datetime, now: datetime) -> bool:
        """Whether the last day has ended in Paris."""
        return self.last_day(since) < now.astimezone(PARIS).date()

    def cutoff(self, now: datetime) -> datetime:
        """The moment before which everything is over: for a filter in SQL. Never too early, one day late at most."""
        return datetime.combine(self.before(now.astimezone(PARIS).date()), time.min, PARIS)

    def _moved(self, day: date, sign: int) -> date:
        months = day.year * 12 + day.month - 1 + sign * (self.years * 12 + self.months)
        year, month = divmod(months, 12)
        there = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        return there + timedelta(days=sign * self.days)
