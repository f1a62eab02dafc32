"""A path for a structure that exists (consolidation, change of scale, DLA), asked by its people or opened at a door."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.cases import CASE_OPENED, CaseFact
from toile.pathway.facts.stages import PATH_ASKED, StageFact
from toile.pathway.models import Case, CaseState, Door, Holder
from toile.pathway.permissions.stages import OPEN_PATH
from toile.pathway.queries.cases import doors_of
from toile.pathway.rules.stages import path_of
from toile.pathway.services.cases import about
from toile.pathway.services.procedures import current
from toile.pathway.services.reception import DOOR_LETTER
from toile.thread.services import record


def begin_path(actor: Actor, reader: Reader, organisation: Organisation, *, path: str, door: Door, title: str) -> Case:
    """Open a case for a structure on one of its paths.

    By an adviser of the door it is open at once, and they follow it; by a member of the structure it waits at the door,
    and they carry it. Raises `Forbidden` for anybody else, `Conflict` when the structure is already on that path.
    """
    require(reader, OPEN_PATH.code, owners=organisation.owners())
    chosen = path_of(path)
    if chosen.for_whom != "structure":
        raise UserError(_("Ce parcours est celui d’un projet : commencez par un accueil."))
    here = door in doors_of(reader)
    if not here and organisation.pk not in reader.organisations:
        raise Forbidden(_("Choisissez une porte où vous recevez."))
    now = timezone.now()
    with act(actor):
        # Two people who ask at once follow each other.
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.canonical_id)
        living = Case.objects.filter(
            organisation__canonical=organisation.canonical_id, path=path, state__in=CaseState.living()
        )
        if living.exists():
            raise Conflict(_("Cette structure est déjà sur ce parcours."))
        case = Case.objects.create(
            organisation_id=organisation.canonical_id,
            procedure=current(),
            title=title.strip() or organisation.name[:160],
            commune=organisation.main.commune if organisation.main else None,
            state=CaseState.OPEN if here else CaseState.SENT,
            door=door,
            adviser=reader.person if here else None,
            nature="existing",
            path=path,
            stage=chosen.stages[0].code,
            concluded_at=now,
            sent_at=now,
            received_at=now if here else None,
            received_by=reader.person if here else None,
            simulated=organisation.is_fictional,
        )
        if here:
            record(CASE_OPENED, about=about(case), data=CaseFact(str(case.pk)))
        else:
            Holder.objects.create(case=case, person=reader.person, name=reader.name[:120])
            enqueue(actor, DOOR_LETTER, key=str(case.pk), case=str(case.pk))
            record(PATH_ASKED, about=about(case), data=StageFact(str(case.pk), path, case.stage))
    return case
