"""When the yearly accounts of a company should have been filed, read from accounts.toml (domain H6)."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from toile.kernel.durations import Duration

ACCOUNTS_TOML: Final = Path(__file__).with_name("accounts.toml")

State = Literal["no_duty", "unknown", "not_yet", "filed", "late"]


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a company stands with its accounts on a day.

    closing: the last one that came before that day, None before the first one. late_from: the first day on which these
    accounts are late, whatever was filed; None without a closing or a duty to file.
    """

    state: State
    closing: date | None
    late_from: date | None


@cache
def _read(path: Path = ACCOUNTS_TOML) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def files_accounts(category: str) -> bool:
    """Whether a company of this legal category (INSEE code) files its accounts with the registry.

    Associations, sole traders and civil companies do not. Source: code de commerce, art. L232-21 to L232-23.
    """
    return category.startswith(tuple(_read()["filing"]["categories"]))


def late_from(closing: date) -> date:
    """The first day on which the accounts closed that day are late: 31/12/2025 gives 01/09/2026.

    Six months for the meeting, then two to file online; a year closed at the end of a month is owed at the end of one.
    Source: code de commerce, art. L223-26, L225-100, L232-22.
    """
    delays = _read()["delays"]
    last = Duration(months=delays["meeting_months"] + delays["filing_months"]).after(closing)
    if _ends_its_month(closing):
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return last + timedelta(days=1)


def first_closing(born_on: date, month: int) -> date:
    """The end of the first accounting year at the earliest: the last day of that month after the creation.

    A first year may be longer: who reads it checks the registry before saying that anything is late.
    """
    year = born_on.year + (month < born_on.month)
    return date(year, month, monthrange(year, month)[1])


def filing(category: str, first_closing: date | None, filed_for: date | None, on: date) -> Filing:
    """Where a company stands on a day.

    first_closing: the end of its first accounting year, the next ones a year apart; None when nobody said it, which
    is `unknown`. filed_for: the closing of the last accounts filed, secret ones too; None when none were.
    """
    if not files_accounts(category):
        return Filing("no_duty", None, None)
    if first_closing is None:
        return Filing("unknown", None, None)
    if on <= first_closing:
        return Filing("not_yet", None, None)
    closing = _last_closing(first_closing, on)
    late = late_from(closing)
    if filed_for and filed_for >= closing:
        return Filing("filed", closing, late)
    # While the last accounts may still come, those of the year before say whether the firm is late.
    previous = _a_year_before(closing)
    if on < late and previous >= first_closing and not (filed_for and filed_for >= previous):
        return Filing("late", previous, late_from(previous))
    return Filing("late" if on >= late else "not_yet", closing, late)


def _ends_its_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _last_closing(first: date, on: date) -> date:
    """The last anniversary of the first closing before that day."""
    closing = _in_year(first, on.year)
    return closing if closing < on else _in_year(first, on.year - 1)


def _a_year_before(closing: date) -> date:
    return _in_year(closing, closing.year - 1)


def _in_year(closing: date, year: int) -> date:
    last = monthrange(year, closing.month)[1]
    return closing.replace(year=year, day=last if _ends_its_month(closing) else min(closing.day, last))
