"""The paths of a file and their stages: questions, deliverables, and what a gate still waits for.

A named human passes a gate, with a reason: the rule only says what is there and what is missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

from toile.kernel.durations import Duration
from toile.kernel.errors import UserError
from toile.kernel.typography import NO_BREAK, long_date

STAGES_TOML: Final = Path(__file__).with_name("stages.toml")

For = Literal["holder", "structure"]
Tool = Literal["", "finance", "activity", "calendar", "siret"]


class UnknownStage(UserError):
    """A path or a stage that the file of paths does not have."""


class StageQuestion(NamedTuple):
    """A question that a stage asks, answered in words."""

    code: str
    ask_fr: str


class Deliverable(NamedTuple):
    """What a stage produces. tool: the page that makes it, empty for a document or a note.

    optional: never asked at the gate. fresh_months: older than that it must be redone; None for no limit.
    """

    code: str
    title_fr: str
    tool: Tool = ""
    optional: bool = False
    fresh_months: int | None = None


class Stage(NamedTuple):
    """A stage of a path. matrix: the stage of the matrix of needs it draws on. weeks: how long it usually takes."""

    code: str
    title_fr: str
    matrix: str
    weeks: int
    aim_fr: str
    questions: tuple[StageQuestion, ...]
    deliverables: tuple[Deliverable, ...]
    gate_fr: str


class PathWay(NamedTuple):
    """A path: for a holder's project or for an existing structure; its stages in order."""

    code: str
    title_fr: str
    for_whom: For
    summary_fr: str
    stages: tuple[Stage, ...]

    def stage(self, code: str) -> Stage:
        """The stage of a code. Raises UnknownStage."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise UnknownStage(f"Le parcours «\u00a0{self.title_fr}\u00a0» n’a pas d’étape «\u00a0{code}\u00a0».")

    def after(self, code: str) -> Stage | None:
        """The stage that follows, None after the last."""
        codes = [stage.code for stage in self.stages]
        place = codes.index(self.stage(code).code) + 1
        return self.stages[place] if place < len(codes) else None

    def entry(self, suggested: str) -> Stage:
        """Where a file enters: the stage suggested when this path has it, else the first."""
        return next((stage for stage in self.stages if stage.code == suggested), self.stages[0])


class Lack(NamedTuple):
    """Something a gate waits for: its code, its name, and what is the matter in a French sentence."""

    kind: Literal["deliverable", "question"]
    code: str
    title_fr: str
    why_fr: str


class Gate(NamedTuple):
    """What a gate is about, whether all is there, and what is missing."""

    ready: bool
    gate_fr: str
    missing: tuple[Lack, ...]


@cache
def paths(file: Path = STAGES_TOML) -> Mapping[str, PathWay]:
    """All the paths by code, in the order they are shown (domain H1, D11, E6)."""
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {path.code: path for path in (_path(each) for each in read["path"])}


def path_of(code: str) -> PathWay:
    """The path of a code. Raises UnknownStage."""
    found = paths().get(code)
    if found is None:
        raise UnknownStage(f"Le parcours «\u00a0{code}\u00a0» n’existe pas.")
    return found


def gate(path: str, stage: str, done: Mapping[str, date], answered: Collection[str], today: date) -> Gate:
    """What a stage's gate waits for.

    done: code of a deliverable → the day it was made, on this path or kept from before. answered: codes of this
    stage's questions that have an answer, « nous ne savons pas » included. A deliverable older than its limit must be
    redone (domain E6: a diagnosis of more than 18 months before a new plan).
    """
    here = path_of(path).stage(stage)
    missing = (*_missing_deliverables(here, done, today), *_missing_answers(here, answered))
    return Gate(not missing, here.gate_fr, missing)


def is_stale(deliverable: Deliverable, made: date, today: date) -> bool:
    """Whether a deliverable is older than its limit: the last day of the limit is still fresh."""
    return deliverable.fresh_months is not None and Duration(months=deliverable.fresh_months).after(made) < today


def _missing_deliverables(stage: Stage, done: Mapping[str, date], today: date) -> Iterator[Lack]:
    for each in stage.deliverables:
        made = done.get(each.code)
        if each.optional:
            continue
        if made is None:
            yield Lack("deliverable", each.code, each.title_fr, "Pas encore là.")
        elif is_stale(each, made, today):
            yield Lack(
                "deliverable",
                each.code,
                each.title_fr,
                f"Fait le {long_date(made)}{NO_BREAK}: au-delà de {each.fresh_months} mois, à refaire.",
            )


def _missing_answers(stage: Stage, answered: Collection[str]) -> Iterator[Lack]:
    for question in stage.questions:
        if question.code not in answered:
            yield Lack("question", question.code, question.ask_fr, "Sans réponse.")


def _path(entry: Mapping[str, Any]) -> PathWay:
    return PathWay(
        entry["code"],
        entry["title"],
        cast(For, entry["for"]),
        entry["summary"],
        tuple(_stage(each) for each in entry["stage"]),
    )


def _stage(entry: Mapping[str, Any]) -> Stage:
    return Stage(
        entry["code"],
        entry["title"],
        entry["matrix"],
        entry["weeks"],
        entry["aim"],
        tuple(StageQuestion(each["code"], each["ask"]) for each in entry["questions"]),
        tuple(
            Deliverable(
                each["code"],
                each["title"],
                cast(Tool, each.get("tool", "")),
                each.get("optional", False),
                each.get("fresh_months"),
            )
            for each in entry["deliverables"]
        ),
        entry["gate"],
    )
