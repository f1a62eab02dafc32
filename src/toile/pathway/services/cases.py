"""What happens to a case as a whole: contacts, notes, the next step, handing over, closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import CASE_CLOSED, CASE_HANDED_OVER, CASE_NOTED, CASE_TAKEN, CaseFact
from toile.pathway.models import Case, CaseState, Note
from toile.pathway.services.doors import require_at
from toile.thread.services import record


def about(case: Case) -> list[UUID]:
    """What a fact of a case is about: the project first, then the door, whose people so read it in their thread."""
    door = case.door.organisation_id if case.door else None
    return [one for one in (case.organisation_id, door) if one]


def touch(case: Case) -> None:
    """Note a contact, inside an act: the holder or an adviser did something (domain K3, « dernier contact »)."""
    Case.objects.filter(pk=case.pk).update(last_contact_at=timezone.now(), revision=F("revision") + 1)


def write_note(actor: Actor, reader: Reader, case: Case, kind: str, words: str) -> Note:
    """Write down a call, a meeting or a view; it is a contact."""
    require_here(reader, case)
    with act(actor):
        note = Note.objects.create(case=case, kind=kind, words=words.strip(), written_by=reader.person)
        touch(case)
        record(CASE_NOTED, about=about(case), data=CaseFact(str(case.pk)))
    return note


def take(actor: Actor, reader: Reader, case: Case) -> None:
    """Become the person who follows a case that nobody follows. Raises `Conflict` when somebody just did."""
    require_here(reader, case)
    free = Case.objects.filter(pk=case.pk, adviser__isnull=True, state__in=CaseState.living())
    with act(actor):
        if not free.update(adviser=reader.person):
            raise Conflict(_("Quelqu’un suit déjà ce dossier : demandez-lui le relais."))
        touch(case)
        record(CASE_TAKEN, about=about(case), data=CaseFact(str(case.pk)))


def set_next_step(
    actor: Actor,
    reader: Reader,
    case: Case,
    words: str,
    on: date | None,
    by: UUID | None,
    *,
    before: str | None = None,
) -> None:
    """Say what comes next, when and by whom (None: the holder); empty words take it away.

    before: the words that the person had under their eyes; raises `Conflict` when another wrote since. None: whatever.
    """
    require_here(reader, case)
    words = words.strip()
    rows = Case.objects.filter(pk=case.pk)
    if before is not None:
        rows = rows.filter(next_step=before)
    with act(actor):
        if not rows.update(next_step=words, next_step_on=on if words else None, next_step_by=by if words else None):
            raise Conflict(
                _("Une autre personne vient d’écrire la suite : lisez la sienne, puis enregistrez la vôtre.")
            )
        touch(case)


def hand_over(
    actor: Actor, reader: Reader, cases: Sequence[Case], to: UUID, advisers: Sequence[UUID], words: str
) -> int:
    """Give cases to another adviser of the same door, with a note on each; how many were given.

    advisers: who advises at that door today. Raises `UserError` when `to` is none of them.
    """
    if to not in advisers:
        raise UserError(_("Cette personne ne reçoit pas à cette porte : choisissez-en une autre."))
    given = [case for case in cases if case.adviser != to]
    for case in given:
        require_here(reader, case)
    with act(actor):
        for case in given:
            Case.objects.filter(pk=case.pk).update(adviser=to)
            Note.objects.create(case=case, kind=Note.Kind.HAND_OVER, words=words.strip(), written_by=reader.person)
            touch(case)
            record(CASE_HANDED_OVER, about=about(case), data=CaseFact(str(case.pk)))
    return len(given)


def close(actor: Actor, reader: Reader, case: Case, why: str) -> None:
    """End a case, saying why; it stays readable by the door until it is anonymised."""
    require_here(reader, case)
    if not why.strip():
        raise UserError(_("Dites pourquoi ce dossier se termine : c’est ce que lira la prochaine personne."))
    with act(actor):
        Case.objects.filter(pk=case.pk, state__in=CaseState.living()).update(
            state=CaseState.CLOSED,
            closed_at=timezone.now(),
            closed_why=why.strip()[:200],
            next_step="",
            next_step_on=None,
        )
        touch(case)
        record(CASE_CLOSED, about=about(case), data=CaseFact(str(case.pk)))


def require_here(reader: Reader, case: Case) -> None:
    """Raise unless the reader receives at the door of this case."""
    if case.door is None:
        raise UserError(_("Ce dossier n’a pas encore été confié à une porte."))
    require_at(reader, case.door)
