"""The questions of an interview as one page of forms: what was sent, refused, to settle, opened or closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toile.pathway.forms.answers import AnswerForm
from toile.pathway.models import Answer
from toile.pathway.queries.reception import Interview
from toile.pathway.queries.summaries import told_answer
from toile.pathway.rules.answers import MISSING, Conflict, Contradiction
from toile.pathway.rules.procedure import Question


@dataclass(slots=True)
class OneQuestion:
    """A question on the page. form: None while it is not asked. theirs: what another answered meanwhile, in words."""

    question: Question
    form: AnswerForm | None
    help: str
    note: str
    row: Answer | None
    against: tuple[Contradiction, ...]
    theirs: str = ""

    @property
    def code(self) -> str:
        """The question's."""
        return self.question.code


@dataclass(slots=True)
class OneSection:
    """A section of the page. is_asked: whether any of its questions is."""

    code: str
    title: str
    questions: list[OneQuestion]

    @property
    def is_asked(self) -> bool:
        """Whether any of its questions is asked."""
        return any(one.form for one in self.questions)


@dataclass(slots=True)
class Interviewed:
    """The whole page."""

    interview: Interview
    sections: list[OneSection]
    posted: frozenset[str]

    def every(self) -> list[OneQuestion]:
        """The questions, in order."""
        return [one for section in self.sections for one in section.questions]

    def one(self, code: str) -> OneQuestion:
        """The question of that code."""
        return next(one for one in self.every() if one.code == code)

    @property
    def refused(self) -> list[AnswerForm]:
        """The forms that were sent and cannot be kept as they are."""
        return [one.form for one in self.every() if one.code in self.posted and one.form and not one.form.is_valid()]

    def sent(self) -> tuple[dict[str, object], dict[str, object]]:
        """What was read and what is sent, of the questions sent and understood: `base` and `mine` of `save_answers`."""
        base: dict[str, object] = {}
        mine: dict[str, object] = {}
        for one in self.every():
            if one.code not in self.posted or one.form is None or not one.form.is_valid():
                continue
            if one.form.base is not MISSING:
                base[one.code] = one.form.base
            if one.form.read.is_answered:
                mine[one.code] = one.form.read.value
        return base, mine


def interviewed(
    interview: Interview,
    data: Mapping[str, Any] | None,
    *,
    conflicts: tuple[Conflict, ...] = (),
    only: str = "",
    language: str = "",
) -> Interviewed:
    """The page of an interview. data: what was posted; only: of one question. A form not posted shows what is kept.

    In a conflict the form keeps what was typed, and will replace the other's answer if it is sent again.
    """
    asked = {question.code for question in interview.asked}
    settled = {conflict.question: conflict for conflict in conflicts}
    posted = frozenset(code for code in asked if data is not None and f"{code}-base" in data and only in ("", code))
    said = interview.procedure.said

    def of(question: Question) -> OneQuestion:
        row = interview.rows.get(question.code)
        conflict = settled.get(question.code)
        given = data if question.code in posted else None
        if conflict is not None and data is not None:
            given = read_again(data, question.code, conflict)
        form = AnswerForm(
            interview.procedure, question, given,
            base=MISSING if row is None else row.value, language=language, to_adviser=True, places=["…"],
        ) if question.code in asked else None  # fmt: skip
        return OneQuestion(
            question,
            form,
            said(question.help, language),
            said(question.note, language),
            row,
            interview.against(question.code) if row else (),
            told_answer(interview.procedure, question.code, conflict.theirs) if conflict else "",
        )

    sections = [
        OneSection(
            section.code, said(section.title, language), [of(q) for q in interview.procedure.of_section(section.code)]
        )
        for section in interview.procedure.sections
    ]
    return Interviewed(interview, sections, posted)


def read_again(data: Mapping[str, Any], code: str, conflict: Conflict) -> Mapping[str, Any]:
    """What was typed, with the other's answer as the one that was read: sending it again is then a choice."""
    copied: Any = data.copy()  # type: ignore[attr-defined]  # a QueryDict
    copied[f"{code}-base"] = "" if conflict.theirs is MISSING else json.dumps(conflict.theirs)
    return copied  # type: ignore[no-any-return]


def changed_sections(before: Interviewed, after: Interviewed) -> list[OneSection]:
    """The sections that an answer opened or closed as a whole: they are drawn again."""
    was = {section.code: section.is_asked for section in before.sections}
    return [section for section in after.sections if section.is_asked is not was[section.code]]


def changed_places(before: Interviewed, after: Interviewed, code: str) -> list[OneQuestion]:
    """The other questions that an answer opened or closed: their places on the page are drawn again."""
    was = {question.code for question in before.interview.asked}
    now = {question.code for question in after.interview.asked}
    whole = {section.code for section in changed_sections(before, after)}
    changed = [one for one in after.every() if one.code != code and (one.code in was) is not (one.code in now)]
    return [one for one in changed if one.question.section not in whole]
