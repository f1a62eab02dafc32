"""Where a case stands on its path: stages, questions and deliverables of the current one, gate, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.models import Establishment
from toile.kernel.errors import NotVisible
from toile.kernel.readers import Reader
from toile.pathway.models import Case, Deliverable, Document, Passage, Worksheet
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.people import is_holder
from toile.pathway.rules import stages as rules
from toile.pathway.rules.stages import Gate, PathWay, Stage

WHERE = Literal["done", "current", "next"]
TOOLS: dict[str, str] = {
    "finance": Worksheet.Kind.FINANCE,
    "activity": Worksheet.Kind.ACTIVITY,
    "calendar": Worksheet.Kind.TAKEOVER,
}
"""The kind of worksheet that makes a deliverable of this tool."""


class Step(NamedTuple):
    """A stage on the line of a path."""

    stage: Stage
    where: WHERE


class Item(NamedTuple):
    """A question or a deliverable of the current stage, and what there is of it.

    kind: which of the two. row: what was written, None yet. made: the day it was made, whatever made it. tool: the page
    that makes it, empty for words and documents.
    """

    kind: Literal["question", "deliverable"]
    code: str
    title: str
    row: Deliverable | None
    made: date | None
    is_stale: bool = False
    optional: bool = False
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. ended: the last gate of this path was passed."""

    path: PathWay
    stage: Stage
    steps: tuple[Step, ...]
    questions: tuple[Item, ...]
    deliverables: tuple[Item, ...]
    gate: Gate
    passages: tuple[Passage, ...]
    ended: bool


def walks(reader: Reader, case: Case) -> bool:
    """Whether the pages of the path are open to the reader: the door's people and the holders, no partner."""
    return works_here(reader, case) or is_holder(reader, case)


def refuse_others(reader: Reader, case: Case) -> None:
    """Raise `NotVisible` for who reads the case as a partner: documents and calculations are not shared with it."""
    if not walks(reader, case):
        raise NotVisible(_("Cette page du dossier n’est ouverte qu’à la porte qui le suit et à qui porte le projet."))


def standing(case: Case, today: date | None = None) -> Standing | None:
    """Where the case stands; None as long as it has no path. 3 queries, 4 where a SIRET is waited for."""
    if not case.path:
        return None
    path = rules.path_of(case.path)
    stage = path.entry(case.stage)
    today = today or timezone.localdate()
    rows = list(Deliverable.objects.filter(case=case).select_related("document"))
    made = _made(case, rows)
    here = {row.code: row for row in rows if row.stage == stage.code}
    questions = tuple(
        Item("question", each.code, each.ask_fr, row, row.done_on if row else None)
        for each in stage.questions
        for row in [here.get(each.code)]
    )
    deliverables = tuple(
        Item(
            "deliverable",
            each.code,
            each.title_fr,
            here.get(each.code),
            made.get(each.code),
            each.code in made and rules.is_stale(each, made[each.code], today),
            each.optional,
            each.tool,
        )
        for each in stage.deliverables
    )
    answered = [item.code for item in questions if item.made]
    passages = tuple(Passage.objects.filter(case=case)[:200])
    return Standing(
        path=path,
        stage=stage,
        steps=_steps(path, stage),
        questions=questions,
        deliverables=deliverables,
        gate=rules.gate(path.code, stage.code, made, answered, today),
        passages=passages,
        ended=bool(passages) and passages[0].decision == Passage.Decision.PASSED and not passages[0].to_stage,
    )


def documents_of(case: Case) -> list[Document]:
    """The files kept with a case, the latest first. 1 query."""
    return list(Document.objects.filter(case=case))


def worksheets_of(case: Case) -> list[Worksheet]:
    """The calculations kept with a case. 1 query."""
    return list(Worksheet.objects.filter(case=case))


def _steps(path: PathWay, current: Stage) -> tuple[Step, ...]:
    place = path.stages.index(current)
    where: Mapping[int, WHERE] = {-1: "done", 0: "current", 1: "next"}
    return tuple(Step(stage, where[(number > place) - (number < place)]) for number, stage in enumerate(path.stages))


def _made(case: Case, rows: Iterable[Deliverable]) -> dict[str, date]:
    """When each deliverable of any stage was last made, by hand or by a page of calculation."""
    made: dict[str, date] = {}
    for row in rows:
        if row.done_on:
            made[row.code] = max(row.done_on, made.get(row.code, row.done_on))
    kept = {
        kind: timezone.localdate(changed)
        for kind, changed in Worksheet.objects.filter(case=case)
        .order_by("changed_at")
        .values_list("kind", "changed_at")
    }
    for stage in rules.path_of(case.path).stages:
        for each in stage.deliverables:
            if each.tool in TOOLS and TOOLS[each.tool] in kept:
                made[each.code] = kept[TOOLS[each.tool]]
            elif each.tool == "siret" and (registered := _registered_on(case)):
                made[each.code] = registered
    return made


def _registered_on(case: Case) -> date | None:
    """Since when the structure of a case has a SIRET, as far as is known; None when it has none. 1 query at most."""
    structure = case.organisation
    if structure is None:
        return None
    if not structure.siren:
        places = Establishment.objects.filter(organisation__canonical=structure.canonical_id, siret__isnull=False)
        if not places.exists():
            return None
    return structure.created_on or timezone.localdate(structure.changed_at)
