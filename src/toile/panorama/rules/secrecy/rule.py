"""Primary secrecy: the cells that say too much of one unit, and how far a guess at them must stay from the truth."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

SECRECY_TOML: Final = Path(__file__).with_name("secrecy.toml")

NOT_EXACT: Final = Decimal("0.01")
"""The least width that is not « exactly »: a hundredth of a job."""

Secret = Literal["secret_few", "secret_dominant", "secret_complementary"]
"""Why a cell is hidden: a code of reasons.toml."""


@dataclass(frozen=True, slots=True)
class SecrecyRule:
    """The thresholds of domain A16 (percentages are 0-100), and the indicators computed from two years."""

    least_units: int
    most_percent: Decimal
    protection_percent: Decimal
    over_time: frozenset[str]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of a cell before one decides to tell it.

    value: the sum told (jobs); low and high: the bounds told with it when it is an estimate, else None. units: how
    many legal units give it; largest: the value of the one that gives most. published: False for a cell that nobody
    prints but that a subtraction might find (the units without a sector): it is protected all the same.
    """

    value: Decimal
    units: int
    largest: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    published: bool = True

    @property
    def floor(self) -> Decimal:
        """The least of the values told."""
        return self.value if self.low is None else self.low

    @property
    def ceiling(self) -> Decimal:
        """The greatest of the values told."""
        return self.value if self.high is None else self.high


@cache
def secrecy_rule(path: Path = SECRECY_TOML) -> SecrecyRule:
    """The rule in force, read from secrecy.toml."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return SecrecyRule(
        least_units=tables["few"]["least_units"],
        most_percent=Decimal(tables["dominant"]["most_percent"]),
        protection_percent=Decimal(tables["protection"]["percent"]),
        over_time=frozenset(tables["derived"]["over_time"]),
        sources={name: tables[name]["source"] for name in ("few", "dominant", "protection")},
    )


def primary(cell: Counted, rule: SecrecyRule) -> Secret | None:
    """Why a cell is secret by itself, or None (domain A16; Insee, manuel de protection des tableaux, 11.1).

    (85, 10, 5) may be told, since 85 % is not more than 85 %; (86, 9, 5) and (50, 50) may not. A cell of no unit is
    told: that nobody is there is public knowledge (SIRENE is open), and hiding it would hide nothing.
    """
    if cell.units == 0:
        return None
    if cell.units < rule.least_units:
        return "secret_few"
    if 100 * cell.largest > rule.most_percent * cell.value:
        return "secret_dominant"
    return None


def margin(cell: Counted, rule: SecrecyRule) -> Decimal:
    """How far below and above the value of a secret cell an attacker's interval must reach, in the value's unit.

    The declared percentage of the greatest value told; or, when it is more, what brings the share of the largest unit
    down to the threshold (Hundepool et al., Statistical Disclosure Control, 2012, 4.2.2: upper level of the dominance
    rule). Never nothing: a value of zero counts as one.
    """
    wide = rule.protection_percent / 100 * max(cell.ceiling, Decimal(1))
    return max(wide, 100 * cell.largest / rule.most_percent - cell.value, NOT_EXACT)
