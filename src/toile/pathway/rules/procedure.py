"""A reception procedure read from its file: sections, questions, options, and the rules that its answers feed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

from toile.pathway.rules.conditions import Condition, ConditionRefused, conditions_from
from toile.pathway.rules.procedure_tables import MOST_OPTIONS, ProcedureRefused, Table, Words

PROCEDURE_TOML: Final = Path(__file__).with_name("procedure.toml")

Kind = Literal["one", "many", "int", "money", "date", "text", "scale"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
PARTS: Final = "parts"
CHOICES: Final = ("one", "many", "scale")

LARGEST: Final = 512 * 1024
"""Bytes of a procedure's file; a hundred times ours."""
MOST_QUESTIONS: Final = 120
LONGEST_ANSWER: Final = 4000
LARGEST_NUMBER: Final = 10**12
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered. gives: fact → what this option says of it. alone: it goes with no other."""

    code: str
    wording: Words
    gives: Mapping[str, object] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in: a whole question (its code is then empty) or a part of one.

    low, high: of numbers. longest: of a text, in characters. steps: from which number (or count of options) a level
    becomes 1, 2, 3. format: « siren » when a text is one.
    """

    code: str
    kind: Kind
    wording: Words
    options: tuple[Option, ...] = ()
    feeds: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    low: int = 0
    high: int = LARGEST_NUMBER
    longest: int = LONGEST_ANSWER
    unit: Words = field(default_factory=dict)
    format: str = ""
    optional: bool = False

    def option(self, code: object) -> Option | None:
        """The option of that code, if there is one."""
        return next((option for option in self.options if option.code == str(code)), None)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. wording: to the holder; adviser: to the one who receives (else the same); note: what teaches.

    parts: what is filled in: one field without a code, or several with theirs (kind « parts »). sums_to: what the
    numbers of its parts should add up to, 0 for nothing.
    """

    code: str
    section: str
    kind: str
    wording: Words
    parts: tuple[Field, ...]
    short: Words = field(default_factory=dict)
    help: Words = field(default_factory=dict)
    adviser: Words = field(default_factory=dict)
    note: Words = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    optional: bool = False
    sums_to: int = 0

    @property
    def has_parts(self) -> bool:
        """Whether its answer is a mapping of parts."""
        return self.kind == PARTS

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of a question without parts."""
        return () if self.has_parts else self.parts[0].options

    @property
    def feeds(self) -> tuple[str, ...]:
        """Every fact that an answer to it may tell, options included."""
        told = (code for each in self.parts for code in (*each.feeds, *(g for o in each.options for g in o.gives)))
        return tuple(dict.fromkeys(told))

    def part(self, code: str) -> Field | None:
        """The part of that code, if there is one."""
        return next((each for each in self.parts if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """Some questions that are read together."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows when conditions hold: a need of the matrix, a point of attention, a potential, a contradiction.

    questions: those to ask again (contradictions); elsewhere they are found from the facts that were read.
    """

    code: str
    wording: Words
    conditions: tuple[Condition, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A whole procedure. languages: those every text is owed in, the first one when another is missing.

    unserved: needs of the matrix that it declares no answer leads to. text: the file, as it was read.
    """

    code: str
    version: int
    languages: tuple[str, ...]
    title: Words
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    contradictions: tuple[Rule, ...] = ()
    needs: tuple[Rule, ...] = ()
    potential: tuple[Rule, ...] = ()
    attention: tuple[Rule, ...] = ()
    unserved: tuple[str, ...] = ()
    lead: Words = field(default_factory=dict)
    origin: Words = field(default_factory=dict)
    text: str = field(default="", repr=False, compare=False)

    def said(self, words: Words, language: str = "") -> str:
        """A text in a language, else in the procedure's first; empty when there is none."""
        return words.get(language) or words.get(self.languages[0]) or ""

    def question(self, code: str) -> Question | None:
        """The question of that code, if there is one."""
        return next((question for question in self.questions if question.code == code), None)

    def of_section(self, code: str) -> tuple[Question, ...]:
        """The questions of a section, in their order."""
        return tuple(question for question in self.questions if question.section == code)


@cache
def default_procedure() -> Procedure:
    """The procedure that ships with the platform: ours, labelled so (domain H3)."""
    return read_procedure(PROCEDURE_TOML.read_text(encoding="utf-8"))


def read_procedure(text: str) -> Procedure:
    """A procedure from the text of its TOML file. What it says may still be wrong: see `checking.check`.

    Raises `ProcedureRefused` when it cannot be read: not TOML, too large, a table that lacks what it owes.
    """
    if len(text.encode()) > LARGEST:
        raise ProcedureRefused(f"Ce fichier est trop grand pour une procédure ({LARGEST // 1024} Ko au plus).")
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ProcedureRefused(f"Ce fichier n’est pas du TOML lisible : {error}.") from error
    try:
        return _procedure(Table(tables, "La procédure"), text)
    except ConditionRefused as error:
        raise ProcedureRefused(error.message) from error


def _procedure(table: Table, text: str) -> Procedure:
    table.only(
        "code", "version", "languages", "title", "lead", "origin", "unserved",
        "section", "question", "contradiction", "need", "potential", "attention",
    )  # fmt: skip
    languages = table.codes("languages")
    if not languages:
        raise ProcedureRefused('La procédure : « languages » nomme au moins une langue, par exemple ["fr"].')
    return Procedure(
        code=table.code(shape=_SLUG),
        version=table.whole("version", 0, 1, 32_000),
        languages=languages,
        title=table.words("title", owed=True),
        sections=tuple(Section(one.code(), one.words("title", owed=True)) for one in table.tables("section", 40)),
        questions=tuple(_question(one) for one in table.tables("question", MOST_QUESTIONS)),
        contradictions=_rules(table, "contradiction"),
        needs=_rules(table, "need"),
        potential=_rules(table, "potential"),
        attention=_rules(table, "attention"),
        unserved=table.codes("unserved"),
        lead=table.words("lead"),
        origin=table.words("origin"),
        text=text,
    )


_FIELD_KEYS: Final = (
    "code", "kind", "wording", "option", "feeds", "steps", "low", "high", "longest", "unit", "format", "optional",
)  # fmt: skip


def _question(table: Table) -> Question:
    table.only(*_FIELD_KEYS, "section", "short", "help", "adviser", "note", "if", "part", "sums_to")
    kind = table.content.get("kind")
    parts = table.tables("part", 12)
    if (kind == PARTS) is not bool(parts):
        raise ProcedureRefused(f'{table.where} : « kind = "parts" » et « question.part » vont ensemble.')
    fields = [_field(part, part.code()) for part in parts] if parts else [_field(table, "")]
    return Question(
        code=table.code(),
        section=table.code("section"),
        kind=cast(str, kind),
        wording=table.words("wording", owed=True),
        parts=tuple(fields),
        short=table.words("short"),
        help=table.words("help"),
        adviser=table.words("adviser"),
        note=table.words("note"),
        conditions=conditions_from(table.content.get("if", []), table.where),
        optional=table.truth("optional"),
        sums_to=table.whole("sums_to", 0, 0, LARGEST_NUMBER),
    )


def _field(table: Table, code: str) -> Field:
    if code:
        table.only(*_FIELD_KEYS)
    kind = table.content.get("kind")
    if kind not in KINDS:
        raise table.refuse("kind", f"l’un de {', '.join(KINDS)}")
    if table.content.get("format", "") not in ("", "siren"):
        raise table.refuse("format", "« siren », ou absent")
    steps = table.content.get("steps", [])
    if not isinstance(steps, list) or not all(type(one) is int for one in steps) or steps != sorted(steps):
        raise table.refuse("steps", "une liste de nombres croissants")
    low, high = (
        table.whole(key, default, 0, LARGEST_NUMBER) for key, default in (("low", 0), ("high", LARGEST_NUMBER))
    )
    if low > high:
        raise table.refuse("low", "plus petit que « high »")
    return Field(
        code=code,
        kind=cast(Kind, kind),
        wording=table.words("wording", owed=True),
        options=tuple(_option(one) for one in table.tables("option", MOST_OPTIONS)),
        feeds=table.codes("feeds"),
        steps=tuple(steps),
        low=low,
        high=high,
        longest=table.whole("longest", LONGEST_ANSWER, 1, LONGEST_ANSWER),
        unit=table.words("unit"),
        format=cast(str, table.content.get("format", "")),
        optional=table.truth("optional"),
    )


def _option(table: Table) -> Option:
    table.only("code", "wording", "gives", "alone")
    gives = table.content.get("gives", {})
    if not isinstance(gives, Mapping) or not all(type(one) in (str, int) for one in gives.values()):
        raise table.refuse("gives", "une table de codes ou de nombres, par fait")
    return Option(table.code(), table.words("wording", owed=True), dict(gives), table.truth("alone"))


def _rules(table: Table, key: str) -> tuple[Rule, ...]:
    return tuple(_rule(one) for one in table.tables(key, MOST_QUESTIONS))


def _rule(table: Table) -> Rule:
    table.only("code", "wording", "if", "questions")
    conditions = conditions_from(table.content.get("if", []), table.where)
    if not conditions:
        raise ProcedureRefused(f"{table.where} : il manque ses conditions (« if »).")
    wording = table.words("wording", owed=True)
    code = table.code(shape=re.compile(r"[a-z][a-z0-9_]{0,38}"))
    return Rule(code, wording, conditions, table.codes("questions"))


def texts(procedure: Procedure) -> Iterable[tuple[str, Words]]:
    """Every text of a procedure that a translation is owed for, with where it stands."""
    yield from (("titre", procedure.title), ("introduction", procedure.lead), ("origine", procedure.origin))
    yield from ((f"section {section.code}", section.title) for section in procedure.sections)
    for question in procedure.questions:
        own = (question.wording, question.short, question.help, question.adviser, question.note)
        yield from ((f"question {question.code}", words) for words in own)
        for each in question.parts:
            named = f"question {question.code}, partie {each.code}" if each.code else f"question {question.code}"
            yield from ((named, each.wording), (named, each.unit))
            yield from ((f"{named}, option {option.code}", option.wording) for option in each.options)
    for rules in (procedure.contradictions, procedure.needs, procedure.potential, procedure.attention):
        yield from ((f"règle {rule.code}", rule.wording) for rule in rules)
