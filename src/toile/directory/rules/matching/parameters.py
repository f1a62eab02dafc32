"""The tables behind the comparison, read from parameters.toml: words, weights, and the declared rules in order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from toile.kernel.fold import fold

MATCHING_TOML: Final = Path(__file__).with_name("parameters.toml")
CONDITIONS: Final = (
    "siren", "rna", "name", "place", "activity", "site", "only", "best", "close", "left", "telling", "clash",
)  # fmt: skip

Certainty = Literal["sure", "check", "none"]


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """Which evidence together decides what. needs: condition → the values that it accepts; the others do not count."""

    code: str
    certainty: Certainty
    needs: Mapping[str, frozenset[Any]]
    source: str
    checked_on: date

    def holds(self, found: Mapping[str, Any]) -> bool:
        return all(found[name] in accepted for name, accepted in self.needs.items())


@dataclass(frozen=True, slots=True)
class Parameters:
    """The whole file, shaped for the comparison."""

    legal_words: frozenset[str]
    kind_words: frozenset[str]
    ordinary_words: frozenset[str]
    shared_domains: frozenset[str]
    abbreviations: Mapping[str, str]
    words: Mapping[str, float]
    likeness: Mapping[str, float]
    weights: Mapping[str, float]
    rules: tuple[DeclaredRule, ...]


@cache
def parameters(path: Path = MATCHING_TOML) -> Parameters:
    """Read the file; a rule with an unknown condition stops the start."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Parameters(
        legal_words=frozenset(map(fold, tables["legal_words"])),
        kind_words=frozenset(map(fold, tables["kind_words"])),
        ordinary_words=frozenset(map(fold, tables["ordinary_words"])),
        shared_domains=frozenset(tables["shared_domains"]),
        abbreviations=MappingProxyType(tables["abbreviations"]),
        words=MappingProxyType(tables["words"]),
        likeness=MappingProxyType(tables["likeness"]),
        weights=MappingProxyType(tables["weights"]),
        rules=tuple(_rule(entry) for entry in tables["rule"]),
    )


def _rule(entry: dict[str, Any]) -> DeclaredRule:
    told = dict(entry)
    code, certainty = told.pop("code"), told.pop("certainty")
    source, checked_on = told.pop("source"), told.pop("checked_on")
    unknown = told.keys() - set(CONDITIONS)
    if unknown:
        raise ValueError(f"rule {code} asks for {sorted(unknown)}")
    needs = {name: frozenset(value if isinstance(value, list) else [value]) for name, value in told.items()}
    return DeclaredRule(code, certainty, needs, source, checked_on)
