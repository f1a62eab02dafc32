"""The condition language of procedures and rules: declared tests on facts, three-valued, each told in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from toile.kernel.errors import UserError
from toile.kernel.typography import MONTHS, day_of_month, french_number

Facts = Mapping[str, object]
"""What is known: fact → value. None is « ne sait pas »; a missing key was not asked. See rules/facts.py."""

_DECIMAL: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)

Truth = bool | None
"""True, False, or None where what is known does not settle it (Kleene's logic)."""

ORDERED: Final = ("at_least", "at_most", "under", "over")
TESTS: Final = ("among", *ORDERED, "has", "known")
LONGEST_LIST: Final = 60


class ConditionRefused(UserError):
    """A condition that cannot be read: says where it stands and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one fact.

    bound: codes for `among` and `has`, a number or a day for the ordered tests, a truth for `known`.
    or_unknown: « ne sait pas » counts as holding (it closes no branch); what was not asked yet never does.
    """

    fact: str
    test: str
    bound: tuple[str, ...] | Decimal | date | bool
    or_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of facts and of their coded values. facts: fact → its short name; values: (fact, code) → its words."""

    facts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def fact(self, code: str) -> str:
        """The words of a fact, or its code when nobody named it."""
        return self.facts.get(code, code)

    def value(self, fact: str, value: object) -> str:
        """The words of a value: an option's, a number's, a day's; « ne sait pas » for None."""
        if value is None:
            return "ne sait pas"
        if isinstance(value, (list, tuple)):
            return ", ".join(self.value(fact, one) for one in value) or "aucun"
        if isinstance(value, bool):
            return "oui" if value else "non"
        if named := self.values.get((fact, str(value))):
            return named
        if (day := _as_day(value)) is not None:
            return f"{day_of_month(day)} {MONTHS[day.month - 1]} {day.year}"
        if isinstance(value, (int, Decimal, Fraction)):
            number = Fraction(value)
            exact = number.denominator == 1
            return french_number(Decimal(number.numerator) / number.denominator, 0 if exact else 1)
        return str(value)


NO_WORDS: Final = Lexicon()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether conditions hold together, and why. reasons: of what settles it, one sentence each, without a full stop:
    those that hold when all do, those that fail when one does, else those not known. facts: those they were read from.
    """

    holds: Truth
    reasons: tuple[str, ...]
    facts: tuple[str, ...]


def conditions_from(tables: object, where: str) -> tuple[Condition, ...]:
    """Read the conditions of a TOML value: a list of tables (or one), all of which must hold; several tests in one
    table are as many conditions. Raises `ConditionRefused`, which says where and what."""
    if isinstance(tables, Mapping):
        tables = [tables]
    if not isinstance(tables, list) or len(tables) > LONGEST_LIST:
        raise ConditionRefused(f"{where} : une condition est une liste de tables, {LONGEST_LIST} au plus.")
    return tuple(condition for table in tables for condition in _read(table, where))


def _read(table: object, where: str) -> Iterable[Condition]:
    if not isinstance(table, Mapping) or not isinstance(table.get("fact"), str) or not table["fact"]:
        raise ConditionRefused(f'{where} : une condition nomme son fait, par exemple « fact = "Q02" ».')
    fact = table["fact"]
    unknown = sorted(set(table) - {"fact", "or_unknown", *TESTS})
    if unknown:
        raise ConditionRefused(
            f"{where} : la condition sur « {fact} » ne comprend pas « {unknown[0]} » ; "
            f"les essais sont {', '.join(TESTS)}."
        )
    tests = [test for test in TESTS if test in table]
    if not tests:
        raise ConditionRefused(f"{where} : la condition sur « {fact} » n’essaie rien ; ajoutez {', '.join(TESTS)}.")
    or_unknown = table.get("or_unknown", False)
    if not isinstance(or_unknown, bool):
        raise ConditionRefused(f"{where} : « or_unknown » de la condition sur « {fact} » est true ou false.")
    for test in tests:
        yield Condition(fact, test, _bound(table[test], test, f"{where}, condition sur « {fact} »"), or_unknown)


def _bound(raw: object, test: str, where: str) -> tuple[str, ...] | Decimal | date | bool:
    if test == "known":
        if not isinstance(raw, bool):
            raise ConditionRefused(f"{where} : « known » est true ou false.")
        return raw
    if test in ("among", "has"):
        codes = [raw] if isinstance(raw, str) else raw
        if not isinstance(codes, list) or not 0 < len(codes) <= LONGEST_LIST:
            raise ConditionRefused(f"{where} : « {test} » est une liste de codes, {LONGEST_LIST} au plus.")
        return tuple(str(code) for code in codes)
    if isinstance(raw, date):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        raise ConditionRefused(f"{where} : « {test} » est un nombre ou une date.")
    return Decimal(str(raw))


def evaluate(conditions: Sequence[Condition], facts: Facts, lexicon: Lexicon = NO_WORDS) -> Verdict:
    """Whether all of these hold, in Kleene's logic: one false settles it, else one unknown leaves it open.

    No condition holds always. A value that cannot be compared with its bound (a word with a number) is not known.
    """
    truths = [(condition, _holds(condition, facts)) for condition in conditions]
    if any(truth is False for _, truth in truths):
        settled: Truth = False
    elif any(truth is None for _, truth in truths):
        settled = None
    else:
        settled = True
    telling = [condition for condition, truth in truths if truth is settled]
    return Verdict(
        settled,
        tuple(dict.fromkeys(_told(condition, facts, lexicon) for condition in telling)),
        tuple(dict.fromkeys(condition.fact for condition in telling)),
    )


def _holds(condition: Condition, facts: Facts) -> Truth:
    value = facts.get(condition.fact)
    if condition.test == "known":
        return (value is not None) is condition.bound
    found = None if value is None else _compared(condition, value)
    return True if found is None and condition.or_unknown and condition.fact in facts else found


def _compared(condition: Condition, value: object) -> Truth:
    bound = condition.bound
    if condition.test == "among":
        assert isinstance(bound, tuple)
        return None if isinstance(value, (list, Mapping)) else str(value) in bound
    if condition.test == "has":
        assert isinstance(bound, tuple)
        return any(str(one) in bound for one in value) if isinstance(value, (list, tuple)) else str(value) in bound
    if isinstance(bound, date):
        day = _as_day(value)
        return None if day is None else _ORDER[condition.test](day, bound)
    number = as_number(value)
    assert isinstance(bound, Decimal)
    return None if number is None else _ORDER[condition.test](number, Fraction(bound))


_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "at_least": lambda given, bound: given >= bound,
    "at_most": lambda given, bound: given <= bound,
    "under": lambda given, bound: given < bound,
    "over": lambda given, bound: given > bound,
}


def as_number(value: object) -> Fraction | None:
    """A number as facts hold it (an int, the text of a decimal, a fraction), exactly; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal, Fraction)):
        return None
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        return None
    return Fraction(value)


def _as_day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != len("2026-11-21"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


_LIMITS: Final = {"at_least": "au moins", "at_most": "au plus", "under": "moins de", "over": "plus de"}


def _told(condition: Condition, facts: Facts, lexicon: Lexicon) -> str:
    """« Effectif : 12 (au moins 1) », « Que voulez-vous faire : créer », « Montant : pas encore demandé »."""
    name = lexicon.fact(condition.fact)
    if condition.fact not in facts:
        return f"{name}\u00a0: pas encore demandé"
    said = f"{name}\u00a0: {lexicon.value(condition.fact, facts[condition.fact])}"
    in_words = (condition.fact, str(facts[condition.fact])) in lexicon.values
    if condition.test in _LIMITS and facts[condition.fact] is not None and not in_words:
        return f"{said} ({_LIMITS[condition.test]} {lexicon.value('', condition.bound)})"
    return said
