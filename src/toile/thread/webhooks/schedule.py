"""When a delivery is tried again: soon, then rarely, for 24 hours (domain L10). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
LASTS = timedelta(hours=24)


def next_try(first: datetime, tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` tries, the first at `first`; None once 24 hours have passed.

    The last try comes at the end of the 24 hours, not before.
    """
    end = first + LASTS
    if now >= end:
        return None
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    return min(now + pause, end)
