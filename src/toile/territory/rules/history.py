"""The periods of commune codes, as the ASP's reference prints them with its traps (data README, `territory/`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .codes import clean_code

UNKNOWN_START = date(1900, 1, 1)
"""The ASP writes this date for « before we knew »."""


@dataclass(frozen=True, slots=True)
class Period:
    """One row: a code, a name in capitals without accents, the dates it was in force; `until` None: still."""

    code: str
    name: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Life:
    """All that is known of an old code: its last name, its first day, its last day (None: not known)."""

    name: str
    since: date | None
    until: date | None


def read_period(cells: list[str]) -> Period | str:
    """One row `code;name;dd/mm/yyyy;dd/mm/yyyy[;]`, or the French reason why it cannot be read.

    The leading zero of the code may be lost, a stray semicolon may end the row, and some periods end before they
    begin: those say nothing and are refused.
    """
    if len(cells) < 4 or any(cells[4:]):
        return "la ligne n’a pas quatre colonnes"
    code = clean_code(cells[0])
    if code is None:
        return f"« {cells[0][:20]} » n’est pas un code de commune"
    try:
        since, until = (_date(cell) for cell in cells[2:4])
    except ValueError:
        return "une date n’est pas écrite jj/mm/aaaa"
    if since and until and until < since:
        return "la période finit avant de commencer"
    return Period(code, cells[1].strip()[:120], None if since == UNKNOWN_START else since, until)


def _date(cell: str) -> date | None:
    text = cell.strip()
    if not text:
        return None
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def lives(periods: Iterable[Period]) -> dict[str, Life]:
    """The life of each code: from its first known day to its last; a code with an open period has no last day."""
    known: dict[str, list[Period]] = {}
    for period in periods:
        known.setdefault(period.code, []).append(period)
    found = {}
    for code, own in known.items():
        last = max(own, key=lambda p: p.until or date.max)
        starts = [p.since for p in own if p.since]
        since = min(starts) if len(starts) == len(own) else None
        found[code] = Life(last.name, since, last.until)
    return found
