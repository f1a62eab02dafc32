"""The dated parameters of a takeover by employees, read from takeover.toml: never legal advice."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

TAKEOVER_TOML: Final = Path(__file__).with_name("takeover.toml")

Certainty = Literal["verified", "secondary", "known", "setting"]
WithCse = Literal["inform_too", "cse_instead"]

CERTAINTY_WORDS: Final[Mapping[Certainty, str]] = {
    "verified": "vérifié dans un texte public",
    "secondary": "lu chez des professionnels, le texte lui-même n’a pas été lu",
    "known": "connu de la profession, non vérifié par nous",
    "setting": "réglage de ce service",
}


class Source(NamedTuple):
    """Where parameters come from, how sure that is, and the day it was looked at."""

    text_fr: str
    certainty: Certainty
    checked_on: date

    @property
    def certainty_fr(self) -> str:
        """How sure, in words."""
        return CERTAINTY_WORDS[self.certainty]


class InformationRule(NamedTuple):
    """A version of the duty to inform employees. with_cse: whether a committee is informed too, or instead of them."""

    code: str
    label_fr: str
    start: date
    end: date | None
    months_before: int
    fine_percent: Decimal | None
    sanction_fr: str
    covers_fr: str
    with_cse: WithCse
    unclear_fr: tuple[str, ...]
    uncertain_days: tuple[date, ...]
    source: Source


class HealthyStep(NamedTuple):
    """A step of a healthy transmission and how many months it usually takes, at least and at most."""

    code: str
    label_fr: str
    least: int
    most: int


class Court(NamedTuple):
    """What a court may open: its observation period and renewals in months, and whether it sets a limit for offers."""

    code: str
    label_fr: str
    observation_months: int
    renewals_months: tuple[int, ...]
    exceptional_fr: str
    limit_of_offers: bool
    source: Source


class Retro(NamedTuple):
    """What must be ready some days before the limit for offers."""

    days: int
    label_fr: str


class TakeoverLaw(NamedTuple):
    """All of it. exclusions: code to French words."""

    advice_fr: str
    employees_max: int
    information: tuple[InformationRule, ...]
    exclusions: Mapping[str, str]
    healthy: tuple[HealthyStep, ...]
    follow_up_months: int
    healthy_source: Source
    courts: Mapping[str, Court]
    hearing_days: int
    usual_weeks: tuple[int, int]
    retro: tuple[Retro, ...]
    offer_notes_fr: tuple[str, ...]
    offer_source: Source


@cache
def takeover_law(path: Path = TAKEOVER_TOML) -> TakeoverLaw:
    """Read the parameters (domain D10, D11, D12)."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    healthy, offer = read["healthy"], read["offer"]
    return TakeoverLaw(
        advice_fr=read["advice"],
        employees_max=read["employees_max"],
        information=tuple(_information(each) for each in read["information"]),
        exclusions={each["code"]: each["label"] for each in read["exclusion"]},
        healthy=tuple(HealthyStep(each["code"], each["label"], *each["months"]) for each in healthy["step"]),
        follow_up_months=healthy["follow_up_months"],
        healthy_source=source_of(healthy),
        courts={each["code"]: _court(each) for each in read["court"]},
        hearing_days=offer["hearing_days"],
        usual_weeks=(offer["usual_weeks"][0], offer["usual_weeks"][1]),
        retro=tuple(Retro(each["days"], each["label"]) for each in offer["retro"]),
        offer_notes_fr=tuple(offer["notes"]),
        offer_source=source_of(offer),
    )


def _information(entry: Mapping[str, Any]) -> InformationRule:
    percent = entry.get("fine_percent")
    return InformationRule(
        code=entry["code"],
        label_fr=entry["label"],
        start=entry["from"],
        end=entry.get("to"),
        months_before=entry["months_before"],
        fine_percent=Decimal(percent) if percent else None,
        sanction_fr=entry.get("sanction", ""),
        covers_fr=entry["covers"],
        with_cse=cast(WithCse, entry["with_cse"]),
        unclear_fr=tuple(entry.get("unclear", ())),
        uncertain_days=tuple(entry.get("uncertain_days", ())),
        source=source_of(entry),
    )


def _court(entry: Mapping[str, Any]) -> Court:
    return Court(
        entry["code"],
        entry["label"],
        entry["observation_months"],
        tuple(entry["renewals_months"]),
        entry.get("exceptional", ""),
        entry["limit_of_offers"],
        source_of(entry),
    )


def source_of(entry: Mapping[str, Any]) -> Source:
    """The source of a dated entry of a parameters file."""
    return Source(entry["source"], cast(Certainty, entry["certainty"]), entry["checked_on"])
