"""The end of a case: what names somebody goes, what is counted stays (domain K3, K4).

Kept for statistics: door, commune, path, stage, nature, needs, the months in which it began, was received and ended,
the answers that are choices in a list, what partners answered. Everything else goes, in one act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from toile.directory.models import Organisation, Revision, SourceRecord
from toile.directory.models.organisations import Openness, Stage
from toile.directory.services.corrections import write_said
from toile.kernel.acts import Actor, act
from toile.kernel.durations import PARIS, Duration
from toile.pathway.facts.cases import CASE_ANONYMISED, CASE_ERASED, CaseFact
from toile.pathway.models import (
    Answer,
    Case,
    CaseState,
    Deliverable,
    Document,
    Followed,
    Holder,
    ImportedRow,
    Lead,
    Note,
    Passage,
    Referral,
    Sharing,
    Suggested,
    Twin,
    Worksheet,
)
from toile.pathway.models.cases import Cases
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.procedure import CHOICES, Procedure, ProcedureRefused
from toile.pathway.services.documents import on_disk
from toile.thread.services import record

DRAFT_KEPT: Final = Duration(days=30)
"""A reception begun alone and not sent (domain K3)."""
KEPT: Final = Duration(years=2)
"""After the last contact (domain K3)."""
NAMELESS: Final = "Projet anonymisé"
BATCH: Final = 50
GONE: Final = "—"
"""What stands where the database wants a reason that is no longer kept."""


def drafts_over(now: datetime) -> Cases:
    """What was begun alone and not touched for thirty days."""
    return Case.objects.filter(state=CaseState.BEGUN, last_contact_at__lt=DRAFT_KEPT.cutoff(now))


def cases_over(now: datetime) -> Cases:
    """The cases whose last contact is two years past: 29/02/2024 is over once 28/02/2026 has ended in Paris."""
    return Case.objects.filter(state__in=CaseState.at_a_door(), last_contact_at__lt=KEPT.cutoff(now))


def forget_drafts(actor: Actor, now: datetime) -> int:
    """Delete the drafts that are over; how many."""
    return _each(drafts_over(now), lambda case: _delete(actor, case))


def anonymise_old(actor: Actor, now: datetime) -> int:
    """Anonymise the cases that are over; how many."""
    return _each(cases_over(now), lambda case: anonymise(actor, case))


def anonymise(actor: Actor, case: Case) -> None:
    """Empty one case of all that names somebody; safe twice."""
    with act(actor):
        empty(case)
        record(CASE_ANONYMISED, about=[], data=CaseFact(str(case.pk)))


def erase(actor: Actor, case: Case) -> None:
    """What the holder asks: a draft is deleted, a case that was received is anonymised at once."""
    with act(actor):
        if case.received_at is None and case.organisation_id is None:
            _remove_files(Document.objects.filter(case=case))
            Case.objects.filter(pk=case.pk).delete()
        else:
            empty(case)
        record(CASE_ERASED, about=[], data=CaseFact(str(case.pk)))


def empty(case: Case) -> None:
    """Inside an act: take people out of a case, and leave what is counted."""
    now = Case.objects.select_for_update(of=("self",)).select_related("organisation", "procedure").get(pk=case.pk)
    if now.state == CaseState.ANONYMISED:
        return
    _forget_people(now)
    _forget_words(now)
    _forget_answers(now, _procedure_of(now))
    project, opened = now.organisation, _was_opened(now.organisation)
    Case.objects.filter(pk=now.pk).update(
        state=CaseState.ANONYMISED,
        organisation=project if opened else None,
        title="",
        adviser=None,
        received_by=None,
        next_step="",
        next_step_on=None,
        next_step_by=None,
        urgent_on=None,
        closed_why="",
        link=now.link + 1,
        revision=now.revision + 1,
        begun_at=_month(now.begun_at),
        sent_at=_month(now.sent_at),
        received_at=_month(now.received_at),
        concluded_at=_month(now.concluded_at),
        closed_at=_month(now.closed_at or timezone.now()),
    )
    if project is not None and not opened:
        _forget_project(project)


def _each(several: Cases, do: Any) -> int:
    """Do something to each case, in acts of its own: a long night is never one transaction."""
    done = 0
    while batch := list(several.order_by("last_contact_at", "pk")[:BATCH]):
        for case in batch:
            do(case)
            done += 1
    return done


def _delete(actor: Actor, case: Case) -> None:
    with act(actor):
        _remove_files(Document.objects.filter(case=case))
        case.delete()


def _forget_people(case: Case) -> None:
    for rows in (Holder, Note, Sharing, Suggested, Worksheet):
        rows._default_manager.filter(case=case).delete()
    Twin.objects.filter(older=case).delete()
    Twin.objects.filter(younger=case).delete()
    # A row's key is that of the door's own software: it stays, so that nothing is imported again, and leads nowhere.
    ImportedRow.objects.filter(case=case).update(case=None)
    Lead.objects.filter(case=case).update(case=None)
    Followed.objects.filter(case=case).update(case=None)


def _forget_words(case: Case) -> None:
    _remove_files(Document.objects.filter(case=case))
    Document.objects.filter(case=case).delete()
    Deliverable.objects.filter(case=case).update(words="", by=None)
    Passage.objects.filter(case=case).update(reason=GONE, by=None)
    Referral.objects.filter(case=case).update(
        email="", words="", question="", reply="", answer="", sent_by=None, answered_by=None
    )


def _procedure_of(case: Case) -> Procedure | None:
    """The procedure that explains its answers; None when it can no longer be read: nothing is then known to be safe."""
    try:
        return procedure_in(case.procedure)
    except ProcedureRefused:
        return None


def _forget_answers(case: Case, procedure: Procedure | None) -> None:
    """Keep the answers chosen in a list; drop words, dates, amounts and what no question explains any more."""
    for answer in Answer.objects.filter(case=case).order_by("pk"):
        kept = choices_only(procedure, answer.code, answer.value)
        if kept is None:
            answer.delete()
        else:
            answer.value, answer.person = kept, None
            answer.save(update_fields=["value", "person"])


def choices_only(procedure: Procedure | None, code: str, value: object) -> object:
    """What of an answer was chosen in a list; None when nothing was.

    A question with parts keeps its parts of that kind.
    """
    question = procedure.question(code) if procedure else None
    if question is None:
        return None
    if not question.has_parts:
        return value if question.kind in CHOICES else None
    if not isinstance(value, Mapping):
        return None
    return {
        part.code: value[part.code] for part in question.parts if part.kind in CHOICES and part.code in value
    } or None


def _was_opened(project: Organisation | None) -> bool:
    """Whether the structure has a life of its own: it opened its page, works, or ended in public."""
    return project is not None and not (
        project.openness == Openness.MEMBERS and project.stage in {Stage.IDEA, Stage.PROJECT}
    )


def _forget_project(project: Organisation) -> None:
    """A private project loses its name and words in the directory too, unless another case still carries it."""
    if Case.objects.filter(organisation=project).exclude(state=CaseState.ANONYMISED).exists():
        return
    written = SourceRecord.objects.filter(organisation=project, external_id=str(project.pk)).order_by("source")
    write_said(project, {stored.source: {"name": NAMELESS} for stored in written}, source="moderator", fact=None)
    Revision.objects.filter(organisation=project).delete()


def _remove_files(documents: Iterable[Document]) -> None:
    """Once the act is done, remove the files of these documents."""
    for path in [document.path for document in documents]:
        transaction.on_commit(partial(on_disk(path).unlink, missing_ok=True))


def _month(moment: datetime | None) -> datetime | None:
    """The beginning of its month in Paris: what is counted by month needs no more."""
    if moment is None:
        return None
    return moment.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
