"""What is signalled to a door: received from anybody, called back, passed on, made a case or ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.orientation import LEAD_CALLED, LEAD_ENDED, LEAD_PASSED, LEAD_RECEIVED, LeadFact
from toile.pathway.models import Case, Door, Lead, LeadState
from toile.pathway.permissions.orientation import LEAD_TREAT
from toile.pathway.rules.delays import call_by
from toile.pathway.rules.detection import SELF, Reception, door_for
from toile.pathway.services.doors import require_at
from toile.pathway.services.reception import Contact, receive
from toile.territory.models import Commune
from toile.thread.kinds import Kind
from toile.thread.services import record

KEPT: Final = Duration(months=12)
"""Names and addresses, from the end of what was signalled."""
WITHOUT_END: Final = Duration(years=2)
"""The same, of what nobody ever ended."""


@dataclass(frozen=True, slots=True)
class Signalled:
    """What somebody signals in a minute. name, email, phone: of the person to call, who agreed; else empty."""

    kind: str
    teller: str
    words: str
    commune: Commune | None = None
    teller_name: str = ""
    teller_email: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    agreed: bool = False


def tell(actor: Actor, said: Signalled, *, door: str = "") -> Lead:
    """Keep a signal for the door asked for, else for the one where fewest wait; sent twice, it is kept once.

    door: its code. Raises `UserError` where no door receives.
    """
    doors = list(Door.objects.active())
    waiting = Count("leads", filter=Q(leads__state=LeadState.WAITING))
    counts = {one.code: one.waiting for one in Door.objects.active().annotate(waiting=waiting)}
    chosen = door_for([Reception(one.code, counts.get(one.code, 0)) for one in doors], door)
    found = next((one for one in doors if one.code == chosen), None)
    if found is None:
        raise UserError(_("Aucune porte ne reçoit encore sur ce territoire : écrivez à l’équipe du site."))
    agreed = said.agreed or said.teller == SELF
    kept = {
        "kind": said.kind,
        "teller": said.teller,
        "words": said.words.strip(),
        "teller_email": said.teller_email.strip().lower(),
        "email": said.email.strip().lower() if agreed else "",
        "phone": said.phone.strip() if agreed else "",
    }
    now = timezone.now()
    with act(actor):
        already = Lead.objects.filter(**kept, state=LeadState.WAITING).first()
        if already is not None:
            return already
        made = Lead.objects.create(
            **kept,
            teller_name=said.teller_name.strip(),
            name=said.name.strip() if agreed else "",
            agreed=agreed,
            commune=said.commune,
            door=found,
            received_at=now,
            due_on=call_by(now, found.callback_days),
        )
        record(LEAD_RECEIVED, about=[found.organisation_id], data=LeadFact(str(made.pk)))
    return made


def note_call(actor: Actor, reader: Reader, lead: Lead, outcome: str) -> None:
    """A door called back and says what came of it; to be followed. Calling again replaces the words."""
    _require(reader, lead)
    words = outcome.strip()
    if not words:
        raise UserError(_("Écrivez en une phrase ce que l’appel a donné."))
    called_at = lead.called_at or timezone.now()
    _moved(
        actor,
        lead,
        LEAD_CALLED,
        state=LeadState.CALLED,
        outcome=words,
        called_at=called_at,
        taken_by=reader.person,
    )


def pass_to(actor: Actor, reader: Reader, lead: Lead, door: Door) -> None:
    """Give it to another door, which has its own delay from now on."""
    _require(reader, lead)
    if door.pk == lead.door_id or not door.is_active:
        raise UserError(_("Choisissez une autre porte, qui reçoit aujourd’hui."))
    due = call_by(timezone.now(), door.callback_days)
    _moved(actor, lead, LEAD_PASSED, about=door, state=LeadState.WAITING, door=door, due_on=due, taken_by=None)


def drop(actor: Actor, reader: Reader, lead: Lead, why: str) -> None:
    """End it without a case, saying why."""
    _require(reader, lead)
    if not why.strip():
        raise UserError(_("Dites pourquoi c’est sans suite : ce sera compté, et relu si la personne revient."))
    _moved(
        actor,
        lead,
        LEAD_ENDED,
        state=LeadState.DROPPED,
        outcome=why.strip(),
        ended_at=timezone.now(),
        taken_by=reader.person,
    )


def to_case(actor: Actor, reader: Reader, lead: Lead, *, title: str, name: str, email: str, phone: str) -> Case:
    """Make a case of it, opened at the same door by who called, for the person who was called and agreed."""
    _require(reader, lead)
    now = timezone.now()
    with act(actor):
        case = receive(actor, reader, lead.door, Contact(name=name, email=email, phone=phone), title)
        Case.objects.filter(pk=case.pk).update(commune=lead.commune)
        _moved(
            actor,
            lead,
            LEAD_ENDED,
            state=LeadState.CASE,
            case=case,
            ended_at=now,
            called_at=lead.called_at or now,
            taken_by=reader.person,
        )
    return case


def forgotten(now: datetime) -> Q:
    """What is to be emptied: ended a year ago, or received two years ago and never ended."""
    return Q(ended_at__lt=KEPT.cutoff(now)) | Q(ended_at__isnull=True, received_at__lt=WITHOUT_END.cutoff(now))


def forget(actor: Actor, now: datetime) -> int:
    """Empty names, addresses and words of what is over; kind, place and outcome's state stay counted."""
    with act(actor):
        return Lead.objects.with_people().filter(forgotten(now)).update(**EMPTIED)


EMPTIED: Final = {
    "teller_name": "",
    "teller_email": "",
    "name": "",
    "email": "",
    "phone": "",
    "words": "",
    "outcome": "",
}
"""What is left of a signal once it is over."""


def _require(reader: Reader, lead: Lead) -> None:
    require(reader, LEAD_TREAT.code)
    require_at(reader, lead.door, LEAD_TREAT.code)


def _moved(actor: Actor, lead: Lead, kind: Kind, *, about: Door | None = None, **values: object) -> None:
    """Write what happened to a living signal; `Conflict` when somebody ended it, or passed it on, meanwhile."""
    told: Sequence[Door] = [about or lead.door]
    with act(actor):
        done = Lead.objects.filter(pk=lead.pk, state__in=LeadState.living(), door=lead.door_id).update(**values)
        if not done:
            raise Conflict(
                _("Une autre personne vient de s’en occuper : rechargez la page pour voir ce qu’elle a noté.")
            )
        record(kind, about=[door.organisation_id for door in told], data=LeadFact(str(lead.pk)))


def late_by(lead: Lead, on: date) -> int:
    """Days of calendar since the call was due; 0 while it is in time or once it was made."""
    return max(0, (on - lead.due_on).days) if lead.state == LeadState.WAITING else 0
