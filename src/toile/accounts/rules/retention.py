"""When an account that nobody uses is warned, closed and erased (domain K3: three years, warned twice)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from toile.kernel.durations import PARIS, Duration

UNUSED: Final = Duration(years=3)
"""How long an account stays open without anybody signing in (domain K3)."""
WARNED: Final = timedelta(days=30)
WARNED_AGAIN: Final = timedelta(days=7)
RESTORABLE: Final = Duration(days=7)
"""How long signing in is enough to have a closed account back."""


class Step(StrEnum):
    """What is to be done to an account now."""

    NOTHING = "nothing"
    WARN = "warn"
    WARN_AGAIN = "warn_again"
    CLOSE = "close"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Use:
    """An account's last sign-in (its opening, if there was none), and what was done since; aware moments."""

    last: datetime
    warned: datetime | None = None
    warned_again: datetime | None = None
    closed: datetime | None = None


def closes_on(use: Use) -> date:
    """The last day on which the account is open; later than three years where the warnings were late."""
    day = UNUSED.last_day(use.last)
    if use.warned:
        day = max(day, _day(use.warned) + WARNED)
    if use.warned_again:
        day = max(day, _day(use.warned_again) + WARNED_AGAIN)
    return day


def erased_after(closed: datetime) -> date:
    """The last day on which a closed account may be had back."""
    return RESTORABLE.last_day(closed)


def step(use: Use, now: datetime) -> Step:
    """What is due now: each step in its turn, with its whole delay after the one before, however late the work runs."""
    today = _day(now)
    if use.closed:
        return Step.ERASE if erased_after(use.closed) < today else Step.NOTHING
    last_day = closes_on(use)
    if not use.warned:
        return Step.WARN if today >= last_day - WARNED else Step.NOTHING
    if not use.warned_again:
        return Step.WARN_AGAIN if today >= last_day - WARNED_AGAIN else Step.NOTHING
    return Step.CLOSE if last_day < today else Step.NOTHING


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
