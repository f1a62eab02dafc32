"""ARCE and ACRE, the two aids that a founder who is a job-seeker counts on, from dated parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from toile.kernel.errors import UserError
from toile.kernel.typography import long_date
from toile.pathway.rules.loans import cents

FOUNDERS_AID_TOML: Final = Path(__file__).with_name("founders_aid.toml")


class NotKnown(UserError):
    """No parameter of this aid is known for the day."""


class Arce(NamedTuple):
    """What the ARCE pays. second_month: month of the activity when the second half comes: not in the opening plan."""

    rights: Decimal
    gross: Decimal
    net: Decimal
    first: Decimal
    second: Decimal
    second_month: int
    source_fr: str
    checked_on: date


class Acre(NamedTuple):
    """What the ACRE exempts. coefficient: 1 in full, 0 from the PASS on, 6 digits; rate: of the contributions, in %."""

    coefficient: Decimal
    rate: Decimal
    full_until: Decimal
    ask_by: date
    source_fr: str
    checked_on: date


def arce(days: int, daily: Decimal, on: date) -> Arce:
    """60 % of the remaining rights less 3 % for the pension, half at the start and half 6 months later (domain D14).

    days: of ARE left; daily: gross allowance. It excludes the monthly ARE, and needs the ACRE.
    """
    given = _parameters("arce", on)
    rights = cents(days * daily)
    gross = cents(rights * Decimal(given["share"]))
    net = cents(gross * (1 - Decimal(given["pension"])))
    first = cents(net / given["parts"])
    return Arce(
        rights, gross, net, first, net - first, given["months_between"] + 1, given["source"], given["checked_on"]
    )


def acre(income: Decimal, start: date) -> Acre:
    """25 % of the listed contributions up to 75 % of the PASS, decreasing to 0 at the PASS (domain D14).

    income: expected over a year; start: of the activity. Not for micro-entrepreneurs, who have rules of their own.
    """
    given = _parameters("acre", start)
    ceiling = Decimal(given["pass"])
    full = cents(ceiling * Decimal(given["full_share"]))
    if income <= full:
        part = Decimal(1)
    elif income >= ceiling:
        part = Decimal(0)
    else:
        part = (ceiling - income) / (ceiling - full)
    return Acre(
        coefficient=part.quantize(Decimal("0.000001"), ROUND_HALF_UP),
        rate=(part * Decimal(given["share"]) * 100).quantize(Decimal("0.001"), ROUND_HALF_UP),
        full_until=full,
        ask_by=start + timedelta(days=given["days_to_ask"]),
        source_fr=given["source"],
        checked_on=given["checked_on"],
    )


def _parameters(aid: str, on: date) -> Mapping[str, Any]:
    known = [each for each in _read()[aid] if each["from"] <= on <= each.get("to", date.max)]
    if not known:
        raise NotKnown(f"Nous ne connaissons pas les règles de l’{aid.upper()} pour le {long_date(on)}.")
    return known[-1]


@cache
def _read(path: Path = FOUNDERS_AID_TOML) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
