"""Two calendars of the law: becoming a member of one's CAE, and an association becoming a co-operative."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from toile.kernel.durations import Duration
from toile.kernel.errors import UserError
from toile.pathway.rules.takeover_law import Source, source_of

LEGAL_DATES_TOML: Final = Path(__file__).with_name("legal_dates.toml")


class BackwardsPeriod(UserError):
    """A contract that ends before it begins."""


class Period(NamedTuple):
    """A contract from its first to its last day, both included."""

    first: date
    last: date


class Told(NamedTuple):
    """What the law says besides the days, and where it is from."""

    notes_fr: tuple[str, ...]
    source: Source


class Dated(NamedTuple):
    """A step and the day it is for."""

    label_fr: str
    on: date


def length(period: Period) -> Duration:
    """Whole months, then days, of a period: 01/03 to 31/08 is six months."""
    if period.last < period.first:
        raise BackwardsPeriod("Le contrat finit avant de commencer : vérifiez ses deux dates.")
    after = period.last + timedelta(days=1)
    months = (after.year - period.first.year) * 12 + after.month - period.first.month
    if Duration(months=months).after(period.first) > after:
        months -= 1
    return Duration(months=months, days=(after - Duration(months=months).after(period.first)).days)


def membership_deadline(signed: date, capes: Iterable[Period] = ()) -> date:
    """The last day to become a member of the CAE: three years after the CESA, less every CAPE before (domain D2).

    After it the contract ends. Code du travail, art. L7331-3.
    """
    lengths = [length(cape) for cape in capes]
    months = sum(each.months for each in lengths)
    deadline = Duration(years=_read()["cesa"]["years"]).after(signed)
    return Duration(months=months, days=sum(each.days for each in lengths)).before(deadline)


def cape_limit(first: date) -> date:
    """The last day a CAPE that began that day may reach, all renewals included (code de commerce, art. L127-2)."""
    given = _read()["cesa"]
    return Duration(months=given["cape_months"] * (1 + given["cape_renewals"])).after(first) - timedelta(days=1)


def to_cooperative(start: date) -> tuple[Dated, ...]:
    """The model timetable of an association that becomes a co-operative, from the board's mandate (domain D8)."""
    steps = _read()["cooperative"]["step"]
    return tuple(Dated(each["label"], Duration(months=each["months"]).after(start)) for each in steps)


def cooperative_law() -> Told:
    """What stays and what is forbidden when an association becomes a co-operative (loi n° 47-1775, art. 28 bis)."""
    given = _read()["cooperative"]
    return Told(tuple(given["notes"]), source_of(given))


def membership_source() -> Source:
    """Where the deadline to become a member of one's CAE comes from."""
    return source_of(_read()["cesa"])


@cache
def _read(path: Path = LEGAL_DATES_TOML) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
