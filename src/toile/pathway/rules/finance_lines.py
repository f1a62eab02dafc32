"""The lines that a financing plan is made of and its thresholds, read from finance.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

FINANCE_TOML: Final = Path(__file__).with_name("finance.toml")

Kind = Literal["own", "quasi", "grant", "debt"]

KIND_WORDS: Final[Mapping[Kind, str]] = {
    "own": "Fonds propres",
    "quasi": "Quasi-fonds propres et prêts d’honneur",
    "grant": "Subventions et autres",
    "debt": "Emprunts",
}


class NeedLine(NamedTuple):
    """A line of needs: its code, its French name, and a help."""

    code: str
    label_fr: str
    help_fr: str = ""


class ResourceLine(NamedTuple):
    """A line of resources. lent: it is repaid. only_forms: the legal forms that may have it, empty for all."""

    code: str
    label_fr: str
    kind: Kind
    lent: bool = False
    help_fr: str = ""
    only_forms: tuple[str, ...] = ()


class Thresholds(NamedTuple):
    """Debt cover of each colour, the part of the flow that the stress takes away, and the bounds of what is typed."""

    green: Decimal
    amber: Decimal
    stress: Decimal
    years_max: int
    loan_years_max: int
    rate_max: Decimal
    source_fr: str


class Lines(NamedTuple):
    """All the lines, by code, in the order they are shown."""

    needs: Mapping[str, NeedLine]
    resources: Mapping[str, ResourceLine]
    guarantees: Mapping[str, str]
    thresholds: Thresholds
    checked_on: date


@cache
def finance_lines(path: Path = FINANCE_TOML) -> Lines:
    """Read the lines and thresholds (domain D13, D15)."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    needs = (NeedLine(each["code"], each["label"], each.get("help", "")) for each in read["need"])
    resources = (
        ResourceLine(
            each["code"],
            each["label"],
            cast(Kind, each["kind"]),
            each.get("lent", False),
            each.get("help", ""),
            tuple(each.get("only_forms", ())),
        )
        for each in read["resource"]
    )
    given = read["thresholds"]
    return Lines(
        {line.code: line for line in needs},
        {line.code: line for line in resources},
        {each["code"]: each["label"] for each in read["guarantee"]},
        Thresholds(
            Decimal(given["green"]),
            Decimal(given["amber"]),
            Decimal(given["stress"]),
            given["years_max"],
            given["loan_years_max"],
            Decimal(given["rate_max"]),
            given["source"],
        ),
        read["checked_on"],
    )
