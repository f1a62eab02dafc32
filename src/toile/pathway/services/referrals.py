"""Requests to partners: sent with the holder's agreement, answered by link or on the site, reminded, escalated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Gone, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.orientation import (
    REFERRAL_ACCEPTED,
    REFERRAL_ASKED,
    REFERRAL_DECLINED,
    REFERRAL_ESCALATED,
    REFERRAL_REMINDED,
    REFERRAL_REPLIED,
    REFERRAL_SENT,
    REFERRAL_WITHDRAWN,
    ReferralFact,
)
from toile.pathway.models import Case, CaseState, Offer, Referral, ReferralState
from toile.pathway.permissions.orientation import REFERRAL_ANSWER
from toile.pathway.rules.delays import answer_by, day_in_paris, delays, silence
from toile.pathway.services import sharings
from toile.pathway.services.cases import about, require_here, touch
from toile.pathway.services.referral_letters import LETTER, PURPOSE, TELL, Round, address_for, lasts
from toile.thread.kinds import Kind
from toile.thread.services import record

BY_LINK: Final = Actor.system("lien: partenaire")
ANSWERS: Final = {
    "accept": (ReferralState.ACCEPTED, REFERRAL_ACCEPTED),
    "ask": (ReferralState.ASKED, REFERRAL_ASKED),
    "decline": (ReferralState.DECLINED, REFERRAL_DECLINED),
}
"""What a partner may answer, and what becomes of the request."""


class Answered(Conflict):
    """The request has its answer already: the link was used, or somebody answered on the site."""


class Over(Gone):
    """The request was taken back, by the door or because the holder withdrew their agreement."""


def send(
    actor: Actor,
    reader: Reader,
    case: Case,
    offer: Offer,
    *,
    words: str,
    need: str,
    urgency: str,
    agreed: str = "",
) -> Referral:
    """Ask a partner to take a case up; its letter leaves with its own link.

    agreed: what the holder just told the adviser that the partner may read (`Sharing.What`), noted with it; empty where
    an agreement is in force already. Raises `UserError` without agreement nor address, `Conflict` where the partner is
    already asked.
    """
    require_here(reader, case)
    if case.state != CaseState.OPEN:
        raise Conflict(_("Ce dossier n’est pas accompagné en ce moment : recevez-le d’abord."))
    partner = offer.partner.canonical
    email = address_for(offer)
    if not email:
        raise UserError(
            _("%(name)s n’a laissé aucune adresse : appelez cette structure, et notez l’échange dans le dossier.")
            % {"name": partner.name}
        )
    now = timezone.now()
    with act(actor):
        Case.objects.select_for_update().get(pk=case.pk)
        if agreed:
            sharings.note_given(actor, reader, case, partner, agreed)
        if sharings.shared_with(case, partner.pk) is None:
            raise UserError(
                _("La personne n’a pas encore accepté que %(name)s lise son projet : demandez-le-lui, puis cochez-le.")
                % {"name": partner.name}
            )
        if Referral.objects.filter(case=case, partner=partner, state__in=ReferralState.waiting()).exists():
            raise Conflict(_("%(name)s a déjà une demande pour ce projet, sans réponse.") % {"name": partner.name})
        made = Referral.objects.create(
            case=case,
            offer=offer,
            partner=partner,
            email=email,
            need=need,
            words=words.strip(),
            urgency=urgency,
            sent_at=now,
            sent_by=reader.person,
            due_on=answer_by(now, delays()),
        )
        touch(case)
        _tell(REFERRAL_SENT, made, case)
        _letter(actor, made, "first")
    return made


def referral_of(token: str) -> Referral:
    """The request that a partner's link names, with its case. 2 queries.

    Raises `NotVisible` (forged, cut), `Gone` (expired, replaced by a newer link), `Over` (taken back, or the holder
    withdrew their agreement). A request that was answered is still shown: what was answered, and no project any more.
    """
    pk, _colon, link = links.read(PURPOSE, token, lasts=lasts()).partition(":")
    found = _whole().filter(pk=UUID(pk)).first()
    if found is None:
        raise Gone(_("Ce dossier n’existe plus : il a été effacé, comme la personne pouvait le demander."))
    if found.state == ReferralState.WITHDRAWN:
        raise Over(_("Cette demande a été reprise : vous n’avez plus rien à répondre. Merci de votre attention."))
    if str(found.link) != link:
        raise Gone(_("Ce lien a été remplacé par un plus récent : cherchez le dernier dans vos courriels."))
    if found.state in ReferralState.waiting() and sharings.shared_with(found.case, found.partner_id) is None:
        raise Over(_("La personne a retiré son accord, ou il a pris fin : son projet ne se lit plus par ce lien."))
    return found


def answer_by_link(token: str, said: str, words: str, meeting_on: date | None = None) -> Referral:
    """What a partner answers from its letter, without an account. Raises what `referral_of` does, and `Answered`."""
    found = referral_of(token)
    _answer(BY_LINK, found, said, words, meeting_on, by=None)
    return found


def answer(actor: Actor, reader: Reader, referral: Referral, said: str, words: str, meeting_on: date | None) -> None:
    """The same, on the site, by somebody who represents the partner."""
    require(reader, REFERRAL_ANSWER.code, owners=referral.owners())
    if sharings.shared_with(referral.case, referral.partner_id) is None:
        raise Over(_("La personne a retiré son accord, ou il a pris fin : il n’y a plus rien à répondre."))
    _answer(actor, referral, said, words, meeting_on, by=reader.person)


def _answer(
    actor: Actor, referral: Referral, said: str, words: str, meeting_on: date | None, *, by: UUID | None
) -> None:
    if said not in ANSWERS:
        raise UserError(_("Choisissez l’une des trois réponses."))
    state, kind = ANSWERS[said]
    if said != "accept" and not words.strip():
        asks = _("Écrivez votre question : la porte y répondra.")
        raise UserError(asks if said == "ask" else _("Dites en une phrase pourquoi : la porte cherchera mieux."))
    now = timezone.now()
    if meeting_on is not None and meeting_on < timezone.localdate():
        raise UserError(_("Ce jour de rendez-vous est passé : donnez-en un autre, ou laissez vide."))
    values = (
        {"question": words.strip(), "reply": ""}
        if said == "ask"
        else {"answer": words.strip(), "answered_at": now, "answered_by": by}
    )
    with act(actor):
        done = Referral.objects.filter(pk=referral.pk, state__in=ReferralState.waiting()).update(
            state=state, meeting_on=meeting_on if said == "accept" else None, **values
        )
        if not done:
            raise Answered(_("Cette demande a déjà sa réponse : écrivez à la porte pour la changer."))
        _tell(kind, referral, referral.case)
        enqueue(actor, TELL, key=f"{referral.pk} {said}", referral=str(referral.pk))
    referral.refresh_from_db()


def reply(actor: Actor, reader: Reader, referral: Referral, words: str) -> None:
    """Answer a partner's question; its delay begins again, and a letter tells it."""
    case = referral.case
    require_here(reader, case)
    if not words.strip():
        raise UserError(_("Écrivez votre réponse à la question du partenaire."))
    now = timezone.now()
    with act(actor):
        done = Referral.objects.filter(pk=referral.pk, state=ReferralState.ASKED).update(
            state=ReferralState.SENT,
            reply=words.strip(),
            sent_at=now,
            due_on=answer_by(now, delays()),
            reminded_at=None,
            escalated_at=None,
        )
        if not done:
            raise Conflict(_("Il n’y a plus de question sans réponse : rechargez la page."))
        touch(case)
        _tell(REFERRAL_REPLIED, referral, case)
        _letter(actor, referral, "reply")


def withdraw(actor: Actor, reader: Reader, referral: Referral) -> None:
    """Take a request back: its link opens nothing any more."""
    case = referral.case
    require_here(reader, case)
    with act(actor):
        done = Referral.objects.filter(pk=referral.pk, state__in=ReferralState.waiting()).update(
            state=ReferralState.WITHDRAWN, link=F("link") + 1
        )
        if not done:
            raise Answered(_("Le partenaire vient de répondre : lisez sa réponse avant de décider."))
        touch(case)
        _tell(REFERRAL_WITHDRAWN, referral, case)


def send_again(actor: Actor, reader: Reader, referral: Referral, email: str) -> None:
    """Send the letter again, to an address given now: the link sent before opens nothing any more."""
    case = referral.case
    require_here(reader, case)
    with act(actor):
        done = Referral.objects.filter(pk=referral.pk, state__in=ReferralState.waiting()).update(
            email=email.strip(), link=F("link") + 1
        )
        if not done:
            raise Answered(_("Le partenaire vient de répondre : lisez sa réponse avant de décider."))
        touch(case)
        _letter(actor, referral, "first")


# --- Silence ---------------------------------------------------------------------------------------------------------


def follow_silence(actor: Actor, now: datetime) -> dict[str, int]:
    """What the clock does of requests nobody answered: a reminder, then an escalation to the door, once each.

    Run daily, and safe twice. A question of the partner is the door's to answer: it is not reminded.
    """
    rhythm, today, done = delays(), day_in_paris(now), {"remind": 0, "escalate": 0}
    waiting = Referral.objects.filter(state=ReferralState.SENT, escalated_at__isnull=True, sent_at__lt=now)
    for pk in list(waiting.order_by("sent_at", "pk").values_list("pk", flat=True)):
        with act(actor):
            found = _whole().select_for_update(of=("self",)).filter(pk=pk, state=ReferralState.SENT).first()
            if found is None:
                continue
            what = silence(
                found.sent_at,
                reminded=found.reminded_at is not None,
                escalated=found.escalated_at is not None,
                on=today,
                rhythm=rhythm,
            )
            if what == "waiting":
                continue
            _remember(actor, found, what, now)
        done[what] += 1
    return done


def _remember(actor: Actor, referral: Referral, what: str, now: datetime) -> None:
    rows = Referral.objects.filter(pk=referral.pk)
    if what == "remind":
        rows.update(reminded_at=now)
        _tell(REFERRAL_REMINDED, referral, referral.case)
        # An agreement that ended meanwhile opens nothing: no letter invites to read.
        if sharings.shared_with(referral.case, referral.partner_id) is not None:
            _letter(actor, referral, "reminder")
    else:
        rows.update(escalated_at=now)
        _tell(REFERRAL_ESCALATED, referral, referral.case)
        enqueue(actor, TELL, key=f"{referral.pk} silence", referral=str(referral.pk))


# --- Between them ----------------------------------------------------------------------------------------------------


def _whole() -> QuerySet[Referral]:
    return Referral.objects.select_related(
        "case__door__organisation", "case__procedure", "case__commune", "partner__canonical", "offer"
    )


def _letter(actor: Actor, referral: Referral, round_: Round) -> None:
    """Ask for a letter: sent by a job once the act has committed, never inside it."""
    enqueue(actor, LETTER, key=f"{referral.pk} {round_}", referral=str(referral.pk), round_=round_)


def _tell(kind: Kind, referral: Referral, case: Case) -> None:
    record(kind, about=[*about(case), referral.partner_id], data=ReferralFact(str(case.pk), str(referral.pk)))
