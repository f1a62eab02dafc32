"""Campaigns of confirmation, run by the team: prepared, started, reminded, mended, ended; their addresses forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import ORGANISATION_CORRECTED
from toile.directory.facts_campaigns import CAMPAIGN_ENDED, CAMPAIGN_STARTED, Campaigned
from toile.directory.listed import ORGANISATIONS
from toile.directory.models import Campaign, Confirmation, Organisation
from toile.directory.models.campaigns import ANSWERED, CampaignState, ConfirmationState, Pending
from toile.directory.permissions import CAMPAIGN
from toile.directory.queries.campaigns import askable, asked_ids, counts, remindable, rhythm, running, to_forget
from toile.directory.rules.freshness import SUNDAY
from toile.directory.services.corrections import say
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.searches import normalised
from toile.thread.services import record

SEND: Final = "directory.campaign.send"
REWRITABLE: Final = (
    ConfirmationState.NO_ADDRESS,
    ConfirmationState.BOUNCED,
    ConfirmationState.TO_SEND,
    ConfirmationState.SENT,
)
"""The states in which a structure may be written to at another address: it has not answered."""


class NobodyToAsk(UserError):
    """The list finds no structure whose page is public."""


class NotNow(UserError):
    """Nobody may be reminded today."""


def prepare(actor: Actor, reader: Reader, *, name: str, whom: str, subject: str, words: str) -> Campaign:
    """Write a campaign that writes to nobody yet. whom: any query of the directory's list. Raises `TooLong`."""
    require(reader, CAMPAIGN.code)
    with act(actor):
        return Campaign.objects.create(
            name=name, whom=in_normal_form(whom), subject=subject, words=words, made_by=actor.person
        )


def change(actor: Actor, reader: Reader, campaign: Campaign, *, name: str, whom: str, subject: str, words: str) -> None:
    """Write it again, as long as it was not started. Raises `Conflict`, `TooLong`."""
    require(reader, CAMPAIGN.code)
    with act(actor):
        changed = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(
            name=name, whom=in_normal_form(whom), subject=subject, words=words
        )
        if not changed:
            raise Conflict(_("Cette campagne est déjà lancée : sa lettre ne change plus."))


def in_normal_form(whom: str) -> str:
    """The query of the list, as kept searches write it. Raises `TooLong`."""
    return normalised(ORGANISATIONS, QueryDict(whom))


def start(actor: Actor, reader: Reader, campaign: Campaign) -> None:
    """Begin to write: the structures asked are noted, then written to, by a job. Raises `Conflict`, `NobodyToAsk`."""
    require(reader, CAMPAIGN.code)
    asked = askable(asked_ids(campaign.whom)).count()
    if not asked:
        raise NobodyToAsk(_("La liste choisie ne trouve aucune structure : changez-la, puis lancez la campagne."))
    now = timezone.now()
    with act(actor):
        begun = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(
            state=CampaignState.RUNNING, started_at=now, last_day=rhythm().last_day(timezone.localdate(now))
        )
        if not begun:
            raise Conflict(_("Cette campagne est déjà lancée."))
        record(CAMPAIGN_STARTED, about=[], data=Campaigned(str(campaign.pk), asked))
        _ask_to_send(actor, campaign.pk)


def remind(actor: Actor, reader: Reader, campaign: Campaign) -> int:
    """Have a reminder sent to whoever did not answer, ahead of the calendar; how many. Raises `Conflict`, `NotNow`."""
    require(reader, CAMPAIGN.code)
    now = timezone.now()
    _must_run(campaign, now)
    if timezone.localdate(now).weekday() == SUNDAY:
        raise NotNow(_("Aucune relance ne part un dimanche : revenez demain."))
    count = remindable(campaign, now).count()
    if not count:
        raise NotNow(_("Personne à relancer aujourd’hui : une lettre par jour et deux relances, au plus."))
    with act(actor):
        asked = now.isoformat()
        if _ask_to_send(actor, campaign.pk, remind=asked) != asked:
            raise Conflict(_("Un envoi est en cours pour cette campagne : attendez qu’il finisse."))
    return count


def end(actor: Actor, reader: Reader, campaign: Campaign) -> None:
    """End a campaign before its last day: its links take no answer any more. Raises `Conflict`."""
    require(reader, CAMPAIGN.code)
    with act(actor):
        if not _end(campaign):
            raise Conflict(_("Cette campagne n’est pas en cours."))


def give_address(actor: Actor, reader: Reader, confirmation: Confirmation, email: str) -> None:
    """Write to a structure at this address from now on; the letter leaves at once. Raises `Conflict`.

    The address is kept as the team's word on where messages go: the structure's own, if it gave one, still wins there.
    """
    require(reader, CAMPAIGN.code)
    _must_run(confirmation.campaign, timezone.now())
    with act(actor):
        given = Confirmation.objects.filter(pk=confirmation.pk, state__in=REWRITABLE).update(
            email=email, state=ConfirmationState.TO_SEND, sent_at=None, last_sent_at=None, reminded=0
        )
        if not given:
            raise Conflict(_("Cette structure a répondu, ou ne veut plus de lettre : aucune autre ne part."))
        structure = Organisation.objects.get(pk=confirmation.organisation.canonical_id)
        say(structure, "moderator", {"contact_email": email}, version=structure.version, fact=ORGANISATION_CORRECTED)
        _ask_to_send(actor, confirmation.campaign_id)


def note_returned(actor: Actor, reader: Reader, confirmation: Confirmation) -> None:
    """Note that the letter came back: its address is refused, whatever the mail server said first."""
    require(reader, CAMPAIGN.code)
    with act(actor):
        Confirmation.objects.filter(pk=confirmation.pk, state=ConfirmationState.SENT).update(
            state=ConfirmationState.BOUNCED
        )


def end_past(actor: Actor, now: datetime) -> int:
    """End the campaigns whose last day is over in Paris; how many."""
    with act(actor):
        return sum(_end(one) for one in running() if one.last_day and one.last_day < timezone.localdate(now))


def send_today(actor: Actor) -> None:
    """Ask for what each campaign under way has to send today."""
    with act(actor):
        for campaign in running():
            _ask_to_send(actor, campaign.pk)


def forget_addresses(actor: Actor, now: datetime) -> int:
    """Empty the addresses, and the words, of the campaigns ended 90 days ago; how many campaigns."""
    with act(actor):
        ids = list(to_forget(now).order_by("pk").values_list("pk", flat=True))
        rows = Confirmation.objects.filter(campaign__in=ids)
        rows.filter(pending=Pending.CORRECTION).update(pending=Pending.NOTHING)
        rows.update(email="", changed={})
        return Campaign.objects.filter(pk__in=ids).update(forgotten_at=now)


def _must_run(campaign: Campaign, now: datetime) -> None:
    if campaign.state != CampaignState.RUNNING or campaign.last_day < timezone.localdate(now):  # type: ignore[operator]
        raise Conflict(_("Cette campagne n’est pas en cours : aucune lettre ne part."))


def _end(campaign: Campaign) -> bool:
    ended = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.RUNNING).update(
        state=CampaignState.ENDED, ended_at=timezone.now()
    )
    if ended:
        found = counts(campaign)
        answered = sum(found.get(one, 0) for one in ANSWERED)
        record(CAMPAIGN_ENDED, about=[], data=Campaigned(str(campaign.pk), sum(found.values()), answered))
    return bool(ended)


def _ask_to_send(actor: Actor, campaign: UUID, remind: str = "") -> str:
    """Ask for the job that writes for a campaign, one at a time; the reminder that it was asked for."""
    job = enqueue(actor, SEND, key=str(campaign), campaign=str(campaign), remind=remind)
    Campaign.objects.filter(pk=campaign).update(job=job.pk)
    return str(job.args["remind"])
