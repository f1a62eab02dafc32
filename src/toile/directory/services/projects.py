"""A project that becomes a registered structure, and one whose people open its page: the same identity throughout."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import PAGE_OPENED, STAGE_CHANGED, StageChanged
from toile.directory.matching import judged_pairs
from toile.directory.models import Candidate, Organisation, SourceRecord
from toile.directory.models.organisations import Openness, Stage
from toile.directory.models.records import Certainty
from toile.directory.rules.matching.reasons import Reason
from toile.directory.rules.undoing import PEOPLE
from toile.directory.services.corrections import write_said
from toile.kernel import search
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.identifiers import clean_siret
from toile.thread.kinds import Visibility
from toile.thread.services import record

SIRET_LENGTH: Final = 14


class NotASiret(UserError):
    """What was typed is no SIRET."""


def give_siret(actor: Actor, organisation: Organisation, siret: str) -> Organisation | None:
    """Say that a project is registered: the same organisation becomes active, with its SIREN and SIRET.

    What SIRENE says of that number attaches to it at the next import. When another page already holds the SIREN, that
    page is returned, and a person of the team is asked whether the two are one: nothing is rewritten. The caller has
    checked that the actor may. An invented structure takes an invented number. Raises `NotASiret`, `Conflict`.
    """
    cleaned = clean_siret(siret)
    digits = "".join(character for character in siret if character.isdigit())
    invented = cleaned.value is None and organisation.is_fictional and len(digits) == SIRET_LENGTH
    if cleaned.value is None and not invented:
        raise NotASiret(cleaned.note or _("Un SIRET a quatorze chiffres : copiez-le depuis l’avis de situation."))
    with act(actor):
        now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if now.siren and not (cleaned.value or "").startswith(now.siren):
            raise Conflict(_("Cette structure a déjà un SIREN : si elle en change, corrigez sa fiche."))
        said = {"invented_siret": digits} if invented else {"siret": cleaned.value}
        stored = SourceRecord.objects.filter(source__in=PEOPLE, external_id=str(now.pk)).order_by("source")
        written = {one.source: one.payload for one in stored}
        source = "own" if "own" in written else "moderator"
        today = timezone.localdate().isoformat()
        named = written.get(source) or {"name": now.name}
        payloads = {writer: payload | {"stage": Stage.ACTIVE.value} for writer, payload in written.items()}
        payloads[source] = named | said | {"stage": Stage.ACTIVE.value, "said_on": today}
        write_said(now, payloads, source=source, fact=None)
        narrowed = None if now.openness == Openness.PUBLIC else Visibility.ADVISERS
        record(STAGE_CHANGED, about=[now.pk], data=StageChanged(now.stage, Stage.ACTIVE.value), visibility=narrowed)
        return None if invented else _other_holder(now, str(cleaned.value)[:9])


def open_page(actor: Actor, organisation: Organisation) -> None:
    """Open a project's page to everybody, by its own people: the caller has checked that the actor is of them.

    Safe twice. A page that holds the same SIREN is then proposed to the team as the same structure.
    """
    with act(actor):
        opened = Organisation.objects.filter(pk=organisation.pk, openness=Openness.MEMBERS).update(
            openness=Openness.PUBLIC, changed_at=timezone.now()
        )
        if not opened:
            return
        search.note("organisations", [organisation.pk])
        record(PAGE_OPENED, about=[organisation.pk])
        now = Organisation.objects.get(pk=organisation.pk)
        for siren in _said_sirens(now):
            _other_holder(now, siren)


def _said_sirens(organisation: Organisation) -> set[str]:
    """The SIREN that its people gave, though another page may hold it."""
    written = SourceRecord.objects.filter(source__in=PEOPLE, external_id=str(organisation.pk)).order_by("source")
    return {str(one.payload["siret"])[:9] for one in written if one.payload.get("siret")}


def _other_holder(organisation: Organisation, siren: str) -> Organisation | None:
    """Another structure's page that holds this SIREN; proposed as the same one when both are public."""
    holder = Organisation.objects.filter(siren=siren).exclude(canonical=organisation.canonical_id).first()
    if holder is None:
        return None
    low, high = sorted((organisation.canonical_id, holder.canonical_id))
    if organisation.openness == holder.openness == Openness.PUBLIC and (low, high) not in judged_pairs():
        reasons = [Reason("same_siren", {"siren": siren}, 1.0).as_json()]
        Candidate.objects.get_or_create(
            first_id=low, second_id=high, defaults={"certainty": Certainty.SURE, "score": 1.0, "reasons": reasons}
        )
    return holder
