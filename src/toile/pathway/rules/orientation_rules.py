"""The declared rules of orientation, read from orientation.toml: in which case, whom to look for, how pressing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from toile.kernel.errors import UserError
from toile.pathway.rules.conditions import Condition, conditions_from
from toile.pathway.rules.matrix import Matrix
from toile.pathway.rules.offers import HELPERS, PUBLICS

ORIENTATION_TOML: Final = Path(__file__).with_name("orientation.toml")

Urgency = Literal["same_day", "urgent", "normal"]
URGENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {"same_day": "le jour même", "urgent": "urgent", "normal": "sans urgence"}
)
"""From the most pressing."""


class OrientationRefused(UserError):
    """A file of rules that cannot be read: says where and what is wrong."""


class Target(NamedTuple):
    """What a rule looks for: offers of a kind of help (a key of HELPERS), or of anybody for a need ("" for helper)."""

    helper: str
    need: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. when: all must hold. reason: why, one French sentence. targets: what it suggests, in order.

    each_need: it looks for offers that answer each need of the qualification. settles: needs that no later rule looks
    at once this one holds. urgencies: levels and their conditions, the first that holds; else normal.
    """

    code: str
    title: str
    when: tuple[Condition, ...]
    reason: str
    targets: tuple[Target, ...] = ()
    each_need: bool = False
    settles: frozenset[str] = frozenset()
    urgencies: tuple[tuple[Urgency, tuple[Condition, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The declared rules of a territory. per_need: how many offers are suggested for one need at most.

    publics: what makes somebody belong to a public of offers.PUBLICS. consent: when something may be sent to a partner.
    checksum: SHA-256 of the file, kept with each orientation (domain K6).
    """

    version: str
    checksum: str
    rules: tuple[Rule, ...]
    publics: Mapping[str, tuple[Condition, ...]]
    consent: tuple[Condition, ...]
    per_need: int = 3


@cache
def rules_of(path: Path = ORIENTATION_TOML) -> Rules:
    """The rules of a file; raises OrientationRefused or ConditionRefused with a French sentence."""
    text = path.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    rules = tuple(_rule(table) for table in tables["rule"])
    codes = [rule.code for rule in rules]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise OrientationRefused(f"La règle d’orientation « {twice} » est déclarée deux fois.")
    publics = {
        table["code"]: conditions_from(table["when"], f"public « {table['code']} »") for table in tables["public"]
    }
    if unknown := sorted(set(publics) - set(PUBLICS)):
        raise OrientationRefused(f"Le public « {unknown[0]} » n’existe pas.")
    return Rules(
        version=tables["version"],
        checksum=sha256(text.encode()).hexdigest(),
        rules=rules,
        publics=MappingProxyType(publics),
        consent=conditions_from(tables["consent"]["when"], "accord"),
        per_need=tables["per_need"],
    )


def _rule(table: Mapping[str, Any]) -> Rule:
    code, where = table["code"], f"règle d’orientation « {table['code']} »"
    targets = tuple(Target(one.get("helper", ""), one.get("need", "")) for one in table.get("suggest", ()))
    for target in targets:
        if target.helper and target.helper not in HELPERS:
            raise OrientationRefused(f"La {where} nomme une aide inconnue : « {target.helper} ».")
        if not target.need:
            raise OrientationRefused(f"La {where} doit dire à quel besoin elle répond.")
    urgencies = []
    for one in table.get("urgency", ()):
        if one["level"] not in URGENCIES:
            raise OrientationRefused(f"La {where} nomme une urgence inconnue : « {one['level']} ».")
        urgencies.append((one["level"], conditions_from(one["when"], where)))
    return Rule(
        code=code,
        title=table["title"],
        when=conditions_from(table.get("when", []), where),
        reason=table.get("reason", ""),
        targets=targets,
        each_need=table.get("each_need", False),
        settles=frozenset(table.get("settles", ())),
        urgencies=tuple(urgencies),
    )


def faults(rules: Rules, matrix: Matrix) -> tuple[str, ...]:
    """What does not hold together between rules and matrix: needs that the matrix does not have."""
    named = [(rule.code, need) for rule in rules.rules for need in (*(t.need for t in rule.targets), *rule.settles)]
    return tuple(
        f"La règle d’orientation « {code} » nomme un besoin inconnu : « {need} »."
        for code, need in named
        if need and need not in matrix.needs
    )
