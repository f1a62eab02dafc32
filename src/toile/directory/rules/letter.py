"""The monthly letter as pure functions: its month, and the order of what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

STEPS: Final = {"haut": -1, "bas": 1}
"""The buttons that move a thing in the letter."""


def month_of(day: date) -> date:
    """The first day of its month: how a month is kept."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after (2026-12-01 -> 2027-01-01)."""
    return month_of(month_of(month) + timedelta(days=31))


def moved(keys: Sequence[str], key: str, step: int) -> list[str]:
    """The same things with one of them a step further; at an end, or absent, nothing moves."""
    order = list(keys)
    if key not in order:
        return order
    place = order.index(key)
    there = place + step
    if 0 <= there < len(order):
        order[place], order[there] = order[there], order[place]
    return order
