"""Delays in working days of France: when a partner is reminded, when silence is told, when a door calls back."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from toile.directory.rules.holidays import is_public_holiday
from toile.kernel.durations import PARIS
from toile.kernel.errors import UserError

DELAYS_TOML: Final = Path(__file__).with_name("delays.toml")
SATURDAY: Final = 5
LONGEST: Final = 250
"""Working days: a delay longer than a year of work is a mistake of the settings."""

Waiting = Literal["waiting", "remind", "escalate"]


class DelaysFault(UserError):
    """Settings of delays that contradict each other."""


@dataclass(frozen=True, slots=True)
class Delays:
    """The settings, in working days; link_days in days of calendar."""

    answer: int = 10
    reminder: int = 5
    escalation: int = 10
    callback: int = 3
    link_days: int = 60

    def __post_init__(self) -> None:
        days = (self.answer, self.reminder, self.escalation, self.callback)
        if not all(1 <= one <= LONGEST for one in days):
            raise DelaysFault(f"Un délai se compte en jours ouvrés, de 1 à {LONGEST}.")
        if self.reminder >= self.escalation:
            raise DelaysFault("Le rappel doit venir avant l’alerte : corrigez les délais de l’orientation.")
        if self.link_days < self.answer * 2:
            raise DelaysFault("Le lien envoyé au partenaire doit s’ouvrir plus longtemps que le délai de réponse.")


@cache
def delays(path: Path = DELAYS_TOML) -> Delays:
    """The settings of a file; raises DelaysFault with a French sentence."""
    return delays_of(tomllib.loads(path.read_text(encoding="utf-8")))


def delays_of(table: Mapping[str, Any]) -> Delays:
    """The settings told by a table: what it does not say keeps its default."""
    unknown = sorted(set(table) - set(Delays.__dataclass_fields__))
    if unknown:
        raise DelaysFault(f"Le délai « {unknown[0]} » n’existe pas.")
    return Delays(**table)


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays apart (code du travail, L3133-1)."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after a day, which is not counted itself; `count` 0 is the day itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_since(day: date, on: date) -> int:
    """How many working days have come after a day, up to `on` included; 0 when `on` is not later."""
    return sum(is_working_day(day + timedelta(days=one)) for one in range(1, (on - day).days + 1))


def day_in_paris(moment: datetime) -> date:
    """The day of an aware moment, in Paris."""
    return moment.astimezone(PARIS).date()


def answer_by(sent: datetime, rhythm: Delays) -> date:
    """The last day on which a partner's answer is in time."""
    return working_day_after(day_in_paris(sent), rhythm.answer)


def call_by(received: datetime, days: int) -> date:
    """The last day on which a door's call is in time: `days` working days after what it received."""
    return working_day_after(day_in_paris(received), days)


def silence(sent: datetime, *, reminded: bool, escalated: bool, on: date, rhythm: Delays) -> Waiting:
    """What the clock does on a day of a referral that nobody answered: nothing, remind once, tell the adviser once.

    The escalation does not wait for a reminder that a stopped machine forgot. Source: domain H5.
    """
    since = working_days_since(day_in_paris(sent), on)
    if since >= rhythm.escalation:
        return "waiting" if escalated else "escalate"
    if since >= rhythm.reminder and not reminded:
        return "remind"
    return "waiting"
