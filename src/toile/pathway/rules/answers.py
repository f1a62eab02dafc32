"""Answers as a whole: which questions they lead to, how far they are, what contradicts, two people's merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from toile.pathway.rules.conditions import evaluate
from toile.pathway.rules.facts import Answers, facts_declared, facts_of
from toile.pathway.rules.procedure import Procedure, Question, Rule


def reachable(procedure: Procedure, answers: Answers, today: date) -> tuple[Question, ...]:
    """The questions that these answers lead to, in order. A question whose condition is not settled waits.

    An answer to a question that is no longer asked (a branch left) is kept but not read: it opens nothing.
    """
    kept: dict[str, object] = {}
    asked = []
    for question in procedure.questions:
        facts = facts_of(procedure, kept, today) if question.conditions else {}
        if evaluate(question.conditions, facts).holds is True:
            asked.append(question)
            if question.code in answers:
                kept[question.code] = answers[question.code]
    return tuple(asked)


def asked_answers(procedure: Procedure, answers: Answers, today: date) -> dict[str, object]:
    """The answers to the questions that are asked: what every other rule reads."""
    return {q.code: answers[q.code] for q in reachable(procedure, answers, today) if q.code in answers}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an interview is: questions answered (« ne sait pas » included) of those asked so far."""

    answered: int
    asked: int
    missing: tuple[str, ...]
    """The questions asked, owed and not answered."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing owed is missing."""
        return not self.missing


def progress(procedure: Procedure, answers: Answers, today: date) -> Progress:
    """How far these answers are. Optional questions count when they are answered."""
    asked = reachable(procedure, answers, today)
    owed = [question for question in asked if not question.optional or question.code in answers]
    missing = tuple(question.code for question in owed if question.code not in answers)
    return Progress(len(owed) - len(missing), len(owed), missing)


# --- What contradicts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that do not go together: the sentence that asks them back, and the questions to ask again."""

    code: str
    sentence: str
    questions: tuple[str, ...]


def contradictions(
    procedure: Procedure,
    answers: Answers,
    today: date,
    known: Mapping[str, object] | None = None,
    language: str = "",
) -> tuple[Contradiction, ...]:
    """What these answers say against each other, or against what is known elsewhere (`siren_closed`: « yes »).

    Declared in the procedure's file; asked back, never guessed; what is not known contradicts nothing (domain H3).
    """
    asked = asked_answers(procedure, answers, today)
    facts = facts_of(procedure, asked, today, known)
    return tuple(
        Contradiction(rule.code, procedure.said(rule.wording, language), rule.questions)
        for rule in procedure.contradictions
        if evaluate(rule.conditions, facts).holds is True
    )


def questions_behind(procedure: Procedure, facts: Iterable[str]) -> tuple[str, ...]:
    """The questions that facts were read from, in the order of the procedure: themselves, what feeds them, or it."""
    wanted: set[str] = set()
    for fact in facts:
        declared = facts_declared().get(fact)
        wanted |= {fact.partition(".")[0], fact, *(declared.sources if declared else ())}
    return tuple(q.code for q in procedure.questions if q.code in wanted or wanted.intersection(q.feeds))


def rule_questions(procedure: Procedure, rule: Rule, facts: Iterable[str]) -> tuple[str, ...]:
    """The questions that led to a rule: those it names, else those its facts were read from."""
    return rule.questions or questions_behind(procedure, facts)


# --- Two people in one file -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question that two people answered otherwise than before and than each other. Missing: MISSING."""

    question: str
    base: object
    mine: object
    theirs: object


class _Missing:
    """What is not answered: apart from None, which is « ne sait pas »."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Merged:
    """What two people wrote, together. answers: what both agree on, and theirs (already kept) where they conflict."""

    answers: dict[str, object]
    conflicts: tuple[Conflict, ...] = field(default_factory=tuple)


def merge(base: Answers, mine: Answers, theirs: Answers) -> Merged:
    """Three-way merge, question by question: who changed something alone is followed; two changes alike are one.

    base: what I had read. mine: what I send. theirs: what is kept now. Two changes that differ are a conflict: theirs
    stays until somebody chooses, and nothing that was typed is lost. An answer taken away is a change too.
    """
    merged: dict[str, object] = {}
    conflicts = []
    for code in dict.fromkeys((*base, *theirs, *mine)):
        was, ours, others = (one.get(code, MISSING) for one in (base, mine, theirs))
        if ours in (was, others):
            kept = others
        elif others == was:
            kept = ours
        else:
            kept = others
            conflicts.append(Conflict(code, was, ours, others))
        if kept is not MISSING:
            merged[code] = kept
    return Merged(merged, tuple(conflicts))
