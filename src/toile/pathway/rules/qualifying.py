"""Qualification: what the answers of a first reception say of a project, each point with its reasons (domain H4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from toile.kernel.typography import french_number
from toile.pathway.rules.answers import (
    Contradiction,
    asked_answers,
    contradictions,
    progress,
    rule_questions,
)
from toile.pathway.rules.conditions import Lexicon, as_number, evaluate
from toile.pathway.rules.facts import Answers, facts_declared, facts_of, lexicon
from toile.pathway.rules.procedure import Procedure, Rule

WEIGHTS: Final[Mapping[str, int]] = {
    "besoin": 20,
    "solution": 15,
    "marche": 20,
    "equipe": 15,
    "modele": 15,
    "financement": 10,
    "juridique": 5,
}
"""Weight of each level (0 to 3) in readiness, in points of 100 (domain H4, ours)."""
MOST: Final = 3
WHOLE: Final = 100
BANDS: Final = ((35, "ideation"), (55, "validation"), (75, "modelisation"), (WHOLE + 1, "creation"))
"""Readiness under which a project is at each stage (domain H4)."""
LEAST_KNOWN: Final = 50
"""Points of weight that must be known to place a project by its score; under it, by the least the score can be."""
ESS_PARTS: Final = ("ess_aim", "ess_governance", "ess_profit")
STAGE_OF_PATH: Final = {
    "reprise": "reprise",
    "consolidation": "consolidation",
    "changement_echelle": "changement_echelle",
}
"""Paths whose stage is not a matter of readiness (domain H1)."""


@dataclass(frozen=True, slots=True)
class ReadinessPart:
    """One of the seven levels. level: 0 to 3, None when not known. points: weight × level / 3."""

    code: str
    label: str
    weight: int
    level: Fraction | None
    questions: tuple[str, ...]

    @property
    def points(self) -> Fraction | None:
        """What it adds to readiness; None when not known, which is not 0."""
        return None if self.level is None else self.weight * self.level / MOST

    @property
    def level_told(self) -> str:
        """« 2 », « 1,5 »; empty when not known."""
        return "" if self.level is None else _rounded(self.level)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a project is, on 100. score: over what is known, None when nothing is. low, high: whatever is not known.

    known: points of weight that are known, of 100.
    """

    score: Fraction | None
    low: Fraction
    high: Fraction
    known: int

    @property
    def is_whole(self) -> bool:
        """Whether every level is known, and the score is hence exact."""
        return self.known == WHOLE


@dataclass(frozen=True, slots=True)
class EssPart:
    """Aim, governance or profit: 0 to 2, None when not known; never added to the others (domain H4)."""

    code: str
    label: str
    level: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that follows from the answers. reasons: those that led to it, in words; questions: their codes."""

    code: str
    sentence: str
    reasons: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the answers say, for a person to decide on; nothing here decides.

    nature: alone, group or existing; path: creation, reprise, consolidation or changement_echelle; « » when not known.
    stage: a code of domain H1, « » when nothing lets it be told, with its reason. needs: codes of the matrix.
    missing: questions owed and not asked yet; unknown: those answered « ne sait pas ».
    """

    nature: str
    path: str
    stage: str
    stage_reason: str
    readiness: Readiness
    readiness_parts: tuple[ReadinessPart, ...]
    ess: tuple[EssPart, ...]
    needs: tuple[Point, ...]
    potential: tuple[Point, ...]
    attention: tuple[Point, ...]
    contradictions: tuple[Contradiction, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    facts: Mapping[str, object]
    """Everything that orientation may read: what the answers tell, the stage and the needs included."""


def qualify(
    procedure: Procedure,
    answers: Answers,
    today: date,
    known: Mapping[str, object] | None = None,
    language: str = "",
) -> Qualification:
    """Qualify a project from the answers to the questions that are asked; those of branches left are not read.

    today: for what counts days. known: facts from outside (`siren_closed`). Nothing not known counts as 0.
    """
    asked = asked_answers(procedure, answers, today)
    facts = facts_of(procedure, asked, today, known)
    words = lexicon(procedure, language)
    parts = readiness_parts(procedure, facts)
    readiness = readiness_of(parts)
    nature, path = str(facts.get("nature") or ""), str(facts.get("path") or "")
    stage, reason = stage_of(path, parts, words)
    facts |= {"stage": stage or None, "readiness": readiness.score}
    needs = (*_told_needs(procedure, facts, words), *_points(procedure, procedure.needs, facts, words, language))
    once = tuple({need.code: need for need in reversed(needs)}.values())[::-1]
    facts["needs"] = [need.code for need in once]
    return Qualification(
        nature=nature,
        path=path,
        stage=stage,
        stage_reason=reason,
        readiness=readiness,
        readiness_parts=parts,
        ess=tuple(_ess_part(code, facts, words) for code in ESS_PARTS),
        needs=once,
        potential=_points(procedure, procedure.potential, facts, words, language),
        attention=_points(procedure, procedure.attention, facts, words, language),
        contradictions=contradictions(procedure, answers, today, known, language),
        missing=progress(procedure, answers, today).missing,
        unknown=tuple(code for code, value in asked.items() if is_unknown(value)),
        facts=facts,
    )


def is_unknown(value: object) -> bool:
    """Whether an answer is « ne sait pas », as a whole or in all its parts."""
    return value is None or (isinstance(value, Mapping) and all(one is None for one in value.values()))


def readiness_parts(procedure: Procedure, facts: Mapping[str, object]) -> tuple[ReadinessPart, ...]:
    """The seven levels that facts tell."""
    declared = facts_declared()
    found = []
    for code, weight in WEIGHTS.items():
        level = as_number(facts.get(code))
        sources = {code, *declared[code].sources}
        questions = tuple(q.code for q in procedure.questions if sources.intersection(q.feeds) and q.code in facts)
        found.append(ReadinessPart(code, declared[code].label, weight, level, questions))
    return tuple(found)


def readiness_of(parts: Iterable[ReadinessPart]) -> Readiness:
    """Σ weight × level / 3 (domain H4); over the known weights when some are not, with the bounds of what it can be.

    *Example*: levels 3, 2, 1, 2, 1, 0, 0 → 20 + 10 + 20/3 + 10 + 5 = 155/3 = 51.67.
    """
    points = [(part.weight, part.points) for part in parts]
    known = sum(weight for weight, each in points if each is not None)
    low = sum((each for _, each in points if each is not None), Fraction(0))
    score = low * WHOLE / known if known else None
    return Readiness(score, low, low + (WHOLE - known), known)


def stage_of(path: str, parts: tuple[ReadinessPart, ...], words: Lexicon) -> tuple[str, str]:
    """The stage of domain H1 and why, in French. A need not looked at keeps an idea an idea, whatever the rest.

    A takeover, a consolidation and a change of scale have their own stage. A creation (or a path not known) goes by its
    readiness: < 35 idéation, < 55 validation, < 75 modélisation, else création.
    """
    if path in STAGE_OF_PATH:
        return STAGE_OF_PATH[path], f"{words.fact('path')} : {words.value('path', path)}."
    readiness = readiness_of(parts)
    if readiness.score is None:
        return "", "Rien ne permet encore de situer le projet."
    need = next((part for part in parts if part.code == "besoin"), None)
    if need is not None and need.level == 0:
        return "ideation", "Le besoin n’a pas encore été regardé : le projet reste une idée, quel que soit le reste."
    by_least = readiness.known < LEAST_KNOWN
    score = readiness.low if by_least else readiness.score
    stage = next(code for bound, code in BANDS if score < bound)
    return stage, _stage_reason(readiness, by_least)


def _stage_reason(readiness: Readiness, by_least: bool) -> str:
    assert readiness.score is not None
    if readiness.is_whole:
        return f"Maturité : {_rounded(readiness.score)} sur 100."
    between = f"entre {_rounded(readiness.low)} et {_rounded(readiness.high)} sur 100"
    if by_least:
        return f"Maturité {between} : trop peu est connu, le projet est situé au plus prudent."
    score = f"{_rounded(readiness.score)} sur 100 de ce qui est connu"
    return f"Maturité : {score} ; selon les réponses qui manquent, {between}."


def _rounded(number: Fraction) -> str:
    return french_number(round(float(number), 2) if number.denominator != 1 else int(number))


def _ess_part(code: str, facts: Mapping[str, object], words: Lexicon) -> EssPart:
    level = as_number(facts.get(code))
    source = {"ess_aim": "useful_for", "ess_governance": "power", "ess_profit": "surplus"}[code]
    said = words.value(source, facts[source]) if source in facts else ""
    return EssPart(code, words.fact(code), None if level is None else int(level), said)


def _told_needs(procedure: Procedure, facts: Mapping[str, object], words: Lexicon) -> Iterable[Point]:
    """The needs that chosen options give themselves."""
    told = facts.get("need")
    for code in told if isinstance(told, list) else []:
        for question in procedure.questions:
            chosen = _option_giving(question.code, facts, procedure, str(code))
            if chosen:
                yield Point(str(code), chosen, (f"{words.fact(question.code)} : {chosen}",), (question.code,))


def _option_giving(question_code: str, facts: Mapping[str, object], procedure: Procedure, need: str) -> str:
    question = procedure.question(question_code)
    assert question is not None
    for each in question.parts:
        value = facts.get(f"{question_code}.{each.code}" if each.code else question_code)
        codes = value if isinstance(value, list) else [value]
        for option in each.options:
            if option.gives.get("need") == need and option.code in codes:
                return procedure.said(option.wording)
    return ""


def _points(
    procedure: Procedure, rules: Iterable[Rule], facts: Mapping[str, object], words: Lexicon, language: str
) -> tuple[Point, ...]:
    found = []
    for rule in rules:
        verdict = evaluate(rule.conditions, facts, words)
        if verdict.holds is True:
            questions = rule_questions(procedure, rule, verdict.facts)
            found.append(Point(rule.code, procedure.said(rule.wording, language), verdict.reasons, questions))
    return tuple(found)
