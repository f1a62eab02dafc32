"""From one version of a procedure to the next: what changed, which answers carry over, which are asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toile.pathway.rules.facts import Answers
from toile.pathway.rules.procedure import Field, Procedure, Question
from toile.pathway.rules.reading import read_value


@dataclass(frozen=True, slots=True)
class Change:
    """One question that differs. kind: added, removed, reworded (same answers), reshaped (other answers), moved.

    before, after: its words; what: what differs, in French.
    """

    question: str
    kind: str
    before: str
    after: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers of an old version under a new one. asked_again: question → why; dropped: no longer asked."""

    kept: dict[str, object]
    asked_again: dict[str, str]
    dropped: tuple[str, ...]


def changes(old: Procedure, new: Procedure) -> tuple[Change, ...]:
    """What a new version changes, question by question: in the new one's order, then those removed."""
    found = []
    order_old, order_new = ([q.code for q in one.questions if other.question(q.code)] for one, other in
                            ((old, new), (new, old)))  # fmt: skip
    for question in new.questions:
        before = old.question(question.code)
        after_name = new.said(question.wording)
        if before is None:
            found.append(Change(question.code, "added", "", after_name))
            continue
        before_name = old.said(before.wording)
        if shape := _reshaped(before, question):
            found.append(Change(question.code, "reshaped", before_name, after_name, shape))
        elif words := (*_reworded(before, question), *_explained(before, question)):
            found.append(Change(question.code, "reworded", before_name, after_name, words))
        elif order_old.index(question.code) != order_new.index(question.code):
            found.append(Change(question.code, "moved", before_name, after_name))
    removed = [question for question in old.questions if new.question(question.code) is None]
    found += [Change(q.code, "removed", old.said(q.wording), "") for q in removed]
    return tuple(found)


def carry(answers: Answers, old: Procedure, new: Procedure) -> Carried:
    """Which answers given under `old` are still answers under `new`.

    An answer carries over when the question is still asked, its words did not change, and its value is still one that
    may be given. A question reworded is asked again: another question may have been understood. Nothing is guessed.
    """
    kept: dict[str, object] = {}
    again: dict[str, str] = {}
    dropped = []
    for code, value in answers.items():
        before, after = old.question(code), new.question(code)
        if after is None:
            dropped.append(code)
        elif before is None or _shape(before) != _shape(after):
            again[code] = "La question a changé de forme."
        elif _reworded(before, after):
            again[code] = "La question est posée autrement."
        elif read_value(after, value).refusals or read_value(after, value).value != value:
            again[code] = "Cette réponse n’est plus proposée."
        else:
            kept[code] = value
    return Carried(kept, again, tuple(dropped))


def _shape(question: Question) -> tuple[object, ...]:
    return question.kind, tuple((each.code, each.kind) for each in question.parts)


def _reshaped(before: Question, after: Question) -> tuple[str, ...]:
    return tuple(_what(before, after))


def _what(before: Question, after: Question) -> Iterable[str]:
    if _shape(before) != _shape(after):
        yield "ce qu’on y répond"
    elif any(_options(one) != _options(other) for one, other in zip(before.parts, after.parts, strict=True)):
        yield "les réponses proposées"
    if before.conditions != after.conditions:
        yield "quand elle est posée"
    if before.feeds != after.feeds or [p.steps for p in before.parts] != [p.steps for p in after.parts]:
        yield "ce qu’elle dit du projet"
    if before.optional != after.optional:
        yield "si elle est obligatoire"


def _options(each: Field) -> list[str]:
    return [option.code for option in each.options]


def _reworded(before: Question, after: Question) -> tuple[str, ...]:
    """What is said otherwise to the holder: the question, or the options kept."""
    found = []
    if before.wording != after.wording:
        found.append("la question")
    kept = {(p.code, o.code): o.wording for p in before.parts for o in p.options}
    if any(kept.get((p.code, o.code), o.wording) != o.wording for p in after.parts for o in p.options):
        found.append("les réponses")
    return tuple(found)


def _explained(before: Question, after: Question) -> tuple[str, ...]:
    """What is explained otherwise, and changes no answer."""
    texts = (("l’aide", before.help, after.help), ("la note pour la personne qui reçoit", before.note, after.note))
    return tuple(name for name, one, other in texts if one != other)
