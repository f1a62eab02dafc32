"""Facts: what a person's answers tell, by the meaning of each question, and what is derived from them (facts.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, cast

from toile.pathway.rules.conditions import Lexicon, as_number

if TYPE_CHECKING:
    from toile.pathway.rules.procedure import Field, Procedure

FACTS_TOML: Final = Path(__file__).with_name("facts.toml")

Origin = Literal["fed", "derived", "outside", "later"]
FactKind = Literal["one", "many", "int", "money", "date", "text", "level"]
Answers = Mapping[str, object]
"""Question code → value. None is « ne sait pas »; a missing key was not asked. A question with parts: part → value."""

MONTH_DAYS: Final = Fraction(30436875, 1000000)
"""Mean length of a month of the Gregorian calendar, in days: « in less than six months » is not a calendar's matter."""
WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class FactDeclared:
    """One fact. values: the codes it may have, none declared: any. sources: the facts it is derived from.

    most: of a level, its highest value. combine: how several sources of a level make one. must: asked on every path.
    """

    code: str
    origin: Origin
    kind: FactKind
    label: str
    values: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    most: int = 0
    combine: Literal["mean", "most"] = "mean"
    must: bool = False


@cache
def facts_declared(path: Path = FACTS_TOML) -> Mapping[str, FactDeclared]:
    """Every fact that conditions may name besides questions, by its code."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: FactDeclared(
                code,
                origin,
                entry["kind"],
                entry["label"],
                tuple(entry.get("values", ())),
                tuple(entry.get("from", ())),
                entry.get("most", 0),
                entry.get("combine", "mean"),
                entry.get("must", False),
            )
            for origin in ("fed", "derived", "outside", "later")
            for code, entry in tables[origin].items()
        }
    )


@cache
def _named_values() -> Mapping[str, Mapping[str, str]]:
    """The words of values that no option names: levels « 2 sur 3 », and those of the table `words`."""
    levels = {
        code: {str(level): f"{level} sur {fact.most}" for level in range(fact.most + 1)}
        for code, fact in facts_declared().items()
        if fact.kind == "level"
    }
    return levels | tomllib.loads(FACTS_TOML.read_text(encoding="utf-8"))["words"]


def facts_of(
    procedure: Procedure, answers: Answers, today: date, known: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Everything that conditions read: answers by question and by part (`Q04.scale`), what they feed, what is derived.

    Not asked: no key. Asked and not known: None. known: facts from outside (`siren_closed`). Levels are fractions.
    Source: domain H3, the column « feeds ».
    """
    facts: dict[str, object] = dict(known or {})
    told: dict[str, list[object]] = {}
    for question in procedure.questions:
        if question.code not in answers:
            continue
        value = answers[question.code]
        facts[question.code] = value
        for each in question.parts:
            given = value.get(each.code) if each.code and isinstance(value, Mapping) else value
            if each.code and isinstance(value, Mapping) and each.code not in value:
                continue
            if each.code:
                facts[f"{question.code}.{each.code}"] = given
            for code, one in _feeds(each, given):
                told.setdefault(code, []).append(one)
    facts.update({code: _together(code, every) for code, every in told.items()})
    for code, derive in DERIVED.items():
        sources = facts_declared()[code].sources
        if all(source in facts for source in sources):
            facts[code] = derive(facts, today)
    return facts


def _feeds(field: Field, given: object) -> Iterable[tuple[str, object]]:
    """What one field tells: its own value for each fact it feeds, and what the chosen options give."""
    declared = facts_declared()
    options = {option.code: option for option in field.options}
    chosen = [options[str(code)] for code in _codes(given) if str(code) in options]
    for code in field.feeds:
        given_by_options = [option.gives[code] for option in chosen if code in option.gives]
        if given_by_options:
            yield from ((code, one) for one in given_by_options)
        elif code in declared and declared[code].kind == "level":
            yield code, level_of(field, given)
        else:
            yield code, given
    for option in chosen:
        yield from ((code, one) for code, one in option.gives.items() if code not in field.feeds)


def _codes(given: object) -> list[object]:
    return given if isinstance(given, list) else [] if given is None else [given]


def level_of(field: Field, given: object) -> int | None:
    """What an answer is worth on a level: its own number, or how many steps its number or its options reach."""
    if given is None:
        return None
    if not field.steps:
        number = as_number(given)
        return None if number is None else int(number)
    alone = {option.code for option in field.options if option.alone}
    count = len([one for one in given if one not in alone]) if isinstance(given, list) else as_number(given)
    return None if count is None else sum(count >= step for step in field.steps)


def _together(code: str, told: list[object]) -> object:
    """One value of a fact told several times: lists are joined, levels combined, else the first that is known."""
    declared = facts_declared().get(code)
    known = [one for one in told if one is not None]
    if not known:
        return None
    if declared is not None and declared.kind == "level":
        levels = [Fraction(cast(int, one)) for one in known]
        return max(levels) if declared.combine == "most" else sum(levels, Fraction(0)) / len(levels)
    if declared is not None and declared.kind == "many":
        return list(dict.fromkeys(one for each in known for one in (each if isinstance(each, list) else [each])))
    return known[0]


def _gap(facts: Mapping[str, object], today: date) -> object:
    needed, found = as_number(facts["money_needed"]), as_number(facts["money_found"])
    return None if needed is None or found is None else max(needed - found, Fraction(0))


def _financement(facts: Mapping[str, object], today: date) -> object:
    """0 nothing found, 1 some, 2 two thirds or more, 3 all of it (ours)."""
    needed, found = as_number(facts["money_needed"]), as_number(facts["money_found"])
    if needed is None or found is None:
        return None
    if found >= needed:
        return Fraction(3)
    return Fraction(2 if found * 3 >= needed * 2 else 1 if found else 0)


def _income_off(facts: Mapping[str, object], today: date) -> object:
    shares = [as_number(facts[code]) for code in facts_declared()["income_off"].sources]
    return None if None in shares else abs(sum((one for one in shares if one is not None), Fraction(0)) - WHOLE)


def _months_to_income(facts: Mapping[str, object], today: date) -> object:
    days = _days(facts["income_on"], today)
    return None if days is None else Fraction(days) / MONTH_DAYS


def _days(value: object, today: date) -> int | None:
    try:
        return None if value is None else (date.fromisoformat(str(value)) - today).days
    except ValueError:
        return None


DERIVED: Final[Mapping[str, Callable[[Mapping[str, object], date], object]]] = {
    "gap": _gap,
    "financement": _financement,
    "income_off": _income_off,
    "months_to_income": _months_to_income,
    "days_to_deadline": lambda facts, today: _days(facts["deadline"], today),
    "month": lambda facts, today: today.month,
}
"""How each derived fact of facts.toml is computed from the facts it names and the day."""


def lexicon(procedure: Procedure, language: str = "") -> Lexicon:
    """The words of every fact of a procedure: its questions', their options', those of facts.toml."""
    facts = {code: fact.label for code, fact in facts_declared().items()}
    values: dict[tuple[str, str], str] = {}
    for question in procedure.questions:
        facts[question.code] = procedure.said(question.short or question.wording, language)
        for each in question.parts:
            named = f"{question.code}.{each.code}" if each.code else question.code
            if each.code:
                facts[named] = f"{facts[question.code]}, {procedure.said(each.wording, language)}"
            for option in each.options:
                words = procedure.said(option.wording, language)
                for fact in (named, *each.feeds):
                    values[fact, str(option.gives.get(fact, option.code))] = words
    values |= {(code, value): name for code, names in _named_values().items() for value, name in names.items()}
    return Lexicon(facts, values)
