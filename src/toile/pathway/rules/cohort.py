"""Who is followed: firms from their creation until they are three years old (seed 001: « de moins de 3 ans d’âge »)."""

from __future__ import annotations

from datetime import date
from typing import Final

from toile.kernel.durations import Duration

YOUNG: Final = Duration(years=3)


def is_young(born_on: date, on: date) -> bool:
    """Whether a firm born that day is under three years old on `on`: the day of its three years, it is no longer."""
    return born_on <= on < YOUNG.after(born_on)


def months_old(born_on: date, on: date) -> int:
    """Its age in whole months; negative before it is born."""
    return (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
