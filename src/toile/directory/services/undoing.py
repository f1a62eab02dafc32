"""Taking back one's own change of a page: what nobody wrote since returns to what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_editing import CHANGE_UNDONE, Undone
from toile.directory.models import Organisation, Revision
from toile.directory.models.organisations import Openness
from toile.directory.permissions import CORRECT, DECIDE, UNDO
from toile.directory.rules.accessibility import FEATURES
from toile.directory.rules.undoing import PEOPLE, Undoing, Words, said_again, undoing
from toile.directory.services.corrections import named_besides, said_by_people, write_said
from toile.kernel.acts import Actor, act, current_act
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.permissions import holds, require
from toile.kernel.readers import Reader
from toile.thread.kinds import Visibility
from toile.thread.services import record

MOST_SINCE: Final = 200
"""The changes read after the one taken back: under more, it is too old to be."""


def undo(actor: Actor, reader: Reader, revision: Revision) -> Undoing:
    """Take back a change that the reader made; what it did, field by field.

    Raises `Conflict` when nothing of it may return any more: somebody wrote each field since, or it is taken back.
    """
    require(reader, UNDO.code, owners=[revision.person] if revision.person else ())
    organisation = revision.organisation
    require(reader, CORRECT.code, owners=organisation.owners(), state=organisation.state)
    _require_as_writer(reader, revision)
    with act(actor):
        version = Organisation.objects.values_list("version", flat=True).get(pk=organisation.pk)
        records = said_by_people(organisation, version=version)
        undone = what_undoing_does(revision)
        if not undone.back:
            raise Conflict(
                _("Ce changement ne s’annule plus : ce qu’il disait a été écrit de nouveau, ou il est trop ancien.")
            )
        today = timezone.localdate().isoformat()
        changed = {writer: said | {"said_on": today} for writer, said in said_again(records, undone.back).items()}
        write_said(organisation, changed, source=revision.source, fact=None)
        Revision.objects.filter(act=current_act().id, organisation=organisation).update(undoes=revision)
        narrowed = None if organisation.openness == Openness.PUBLIC else Visibility.MEMBERS
        told = Undone(revision.pk, [_shown_as(unit) for unit in undone.fields])
        record(CHANGE_UNDONE, about=[organisation.pk], data=told, visibility=narrowed)
    return undone


def what_undoing_does(revision: Revision) -> Undoing:
    """What taking this change back would do today. 2 statements at most."""
    later = words_since(revision)
    if len(later) == MOST_SINCE:
        return Undoing()
    needs_name = any(key.endswith("/name") and both and both[0] is None for key, both in revision.words.items())
    named = not needs_name or named_besides(revision.organisation_id, writer=revision.source)
    return undoing(revision.words, later, named_elsewhere=named)


def words_since(revision: Revision) -> Sequence[Words]:
    """What people wrote on the same page after this change, at most 200 of them. 1 statement."""
    later = Revision.objects.filter(organisation=revision.organisation_id, source__in=PEOPLE, pk__gt=revision.pk)
    return list(later.order_by("pk").values_list("words", flat=True)[:MOST_SINCE])


def _require_as_writer(reader: Reader, revision: Revision) -> None:
    """One takes back as who wrote: who left the structure, or the team, no longer speaks for it."""
    if revision.source == "own":
        may = revision.organisation_id in reader.organisations
    else:
        decided = any(key.endswith("/correction") for key in revision.words)
        may = holds(reader, DECIDE.code if decided else CORRECT.code, owners=())
    if not may:
        raise Forbidden(_("Vous avez écrit cela à un titre que vous n’avez plus : demandez à qui tient cette fiche."))


def _shown_as(unit: str) -> str:
    """The field of the page that a field written by people shows in."""
    return {"correction": "ess_verdict", **dict.fromkeys(FEATURES, "accessibility")}.get(unit, unit)
