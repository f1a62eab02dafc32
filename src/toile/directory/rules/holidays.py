"""The public holidays of France, computed: code du travail, article L3133-1."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_FIXED: Final = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER: Final = (1, 39, 50)
"""Easter Monday, Ascension Day, Whit Monday: days after Easter Sunday."""


def is_public_holiday(day: date) -> bool:
    """Whether a day is one of the eleven holidays of the whole country; those of one territory only are not counted."""
    return (day.month, day.day) in _FIXED or (day - easter(day.year)).days in _AFTER_EASTER


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, Jones and Butcher's algorithm)."""
    moon = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * moon + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (moon + 11 * epact + 22 * sunday) // 451
    return date(year, 3, 22) + timedelta(days=epact + sunday - 7 * shift)
