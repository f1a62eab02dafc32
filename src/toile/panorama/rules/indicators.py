"""The indicators of the observatory, read from indicators.toml: what each one is, needs, and can be broken down by."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, cast

from toile.directory.rules.approvals import APPROVALS

INDICATORS_TOML: Final = Path(__file__).with_name("indicators.toml")

Kind = Literal["count", "estimate", "share", "ratio", "context"]
Axis = Literal["commune", "family", "sector", "size"]

SIAE_PREFIX: Final = "approved_siae_"


class Unit(NamedTuple):
    """A unit of figures, its French names (the plural from two on), and how none of it is said (`""`: by its zero)."""

    code: str
    one_fr: str
    many_fr: str
    none_fr: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator, declared once. French words go through gettext where they are shown.

    needs: the ways to compute it, the best first, each of them kinds of source that it takes together. columns: the
    official SIRENE columns without which it cannot be computed from SIRENE. told_fr: a sentence around `{value}` (with
    its unit) or `{number}` (without).
    secret: whether statistical secrecy applies (jobs and what comes from them; SIRENE's counts are public, domain A16).
    signed: whether it is a change, told with its sign, that may be negative and pass 100 %.
    additive: whether the values of the parts of an axis add up to that of the whole.
    """

    code: str
    theme: str
    name_fr: str
    short_fr: str
    definition_fr: str
    unit: str
    kind: Kind
    formula_fr: str
    needs: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    axes: tuple[Axis, ...]
    secret: bool
    signed: bool
    told_fr: str
    limits_fr: tuple[str, ...]
    decimals: int

    @property
    def additive(self) -> bool:
        """Whether parts add up to their whole: counts and jobs do; shares, ratios and legal units do not."""
        return self.unit in ("establishments", "jobs", "inhabitants")

    @property
    def context(self) -> bool:
        """Whether it is of the whole economy: received as a denominator, never computed here."""
        return self.kind == "context"

    def computable_from(self, kinds: Collection[str]) -> bool:
        """Whether the kinds of source at hand are enough for one of its ways."""
        return any(set(way) <= set(kinds) for way in self.needs)


@cache
def indicators(path: Path = INDICATORS_TOML) -> Mapping[str, Indicator]:
    """Every indicator by its code, in the order they are shown."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    decimals = tables["decimals"]
    return MappingProxyType(
        {entry["code"]: _indicator(entry, decimals) for entry in (*_declared(tables), *_insertion(tables))}
    )


@cache
def units(path: Path = INDICATORS_TOML) -> Mapping[str, Unit]:
    """The units of figures by their code."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({e["code"]: Unit(e["code"], e["one"], e["many"], e["none"]) for e in tables["unit"]})


@cache
def themes(path: Path = INDICATORS_TOML) -> Mapping[str, str]:
    """The themes that indicators are shown under: code to French label, in their order."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({entry["code"]: entry["label"] for entry in tables["theme"]})


def forbidden_without(columns: Collection[str]) -> tuple[str, ...]:
    """The codes of the indicators that SIRENE files without these official columns cannot give.

    `columns`: the official columns that were not found. Empty when nothing that is needed is missing.
    """
    missing = set(columns)
    return tuple(code for code, indicator in indicators().items() if missing.intersection(indicator.columns))


def impossible_with(kinds: Collection[str]) -> tuple[str, ...]:
    """The codes of the indicators that no way gives from these kinds of source; those of the context left out."""
    return tuple(
        code
        for code, indicator in indicators().items()
        if not indicator.context and not indicator.computable_from(kinds)
    )


def _declared(tables: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from tables["indicator"]


def _insertion(tables: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One indicator for each kind of structure of insertion; ESUS is declared with the others."""
    pattern = tables["approved_siae"]
    for code, kind in APPROVALS.items():
        if code == "esus":
            continue
        words = {"short": kind.short, "full": kind.full}
        filled = {key: _fill(value, words) for key, value in pattern.items()}
        yield {**filled, "code": f"{SIAE_PREFIX}{code}"}


def _fill(value: Any, words: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    for name, word in words.items():
        value = value.replace(f"{{{name}}}", word)
    return value


def _indicator(entry: Mapping[str, Any], decimals: Mapping[str, int]) -> Indicator:
    return Indicator(
        code=entry["code"],
        theme=entry["theme"],
        name_fr=entry["name"],
        short_fr=entry["short"],
        definition_fr=entry["definition"],
        unit=entry["unit"],
        kind=cast(Kind, entry["kind"]),
        formula_fr=entry["formula"],
        needs=tuple(tuple(way) for way in entry["needs"]),
        columns=tuple(entry["columns"]),
        axes=cast(tuple[Axis, ...], tuple(entry["axes"])),
        secret=entry["secret"],
        signed=entry.get("signed", False),
        told_fr=entry["told"],
        limits_fr=tuple(entry["limits"]),
        decimals=decimals[entry["unit"]],
    )
