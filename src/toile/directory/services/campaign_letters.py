"""The letters of a campaign: who is asked, noted once; each letter written, sent, then noted as sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Campaign, Confirmation, Organisation
from toile.directory.models.campaigns import CampaignState, ConfirmationState
from toile.directory.queries.campaigns import (
    AT_ONCE,
    addresses_by_members,
    askable,
    asked_ids,
    refusals,
    rhythm,
    silent,
    to_send,
    written,
)
from toile.directory.rules.freshness import is_reminder_due, may_be_reminded
from toile.directory.rules.letters import filled
from toile.kernel import links
from toile.kernel.acts import act
from toile.kernel.jobs import RunningJob
from toile.kernel.typography import long_date
from toile.thread.delivery import Refused, send
from toile.thread.searches import one_line

logger = logging.getLogger(__name__)

PURPOSE: Final = "directory.campaign.answer"
PLACEHOLDERS: Final[dict[str, str | Promise]] = {
    "structure": gettext_lazy("le nom de la structure"),
    "lien": gettext_lazy("l’adresse où elle répond, sans compte"),
    "fiche": gettext_lazy("l’adresse de sa fiche"),
    "fin": gettext_lazy("le dernier jour pour répondre"),
    "site": gettext_lazy("le nom de ce site"),
}
"""What may stand between braces in a letter, and what it becomes."""
SUBJECT: Final = gettext_lazy("La fiche de {structure} est-elle juste ?")
WORDS: Final = gettext_lazy(
    "Bonjour,\n\n"
    "Une fois par an, nous demandons aux structures de l’annuaire si leur fiche dit vrai. "
    "Celle de « {structure} » est ici : {fiche}\n\n"
    "Répondez en un geste, sans compte : c’est juste, à corriger, ou vous avez fermé.\n{lien}\n\n"
    "Ce lien sert jusqu’au {fin}. Merci, vos publics comptent dessus.\n\n{site}"
)


def enrol(running: RunningJob, campaign: Campaign) -> None:
    """Note the structures asked and where to write to each, some at a time; done again it adds nobody twice."""
    ids = asked_ids(campaign.whom)
    for start in range(0, len(ids), AT_ONCE):
        rows = list(askable(ids[start : start + AT_ONCE]).order_by("pk"))
        keys = [row.pk for row in rows]
        refusing = set(refusals().filter(organisation__canonical__in=keys).values_list("organisation__canonical"))
        by_members = addresses_by_members([row.pk for row in rows if not row.contact_email])
        with act(running.actor):
            Confirmation.objects.bulk_create(
                [
                    _noted(campaign, row, row.contact_email or by_members.get(row.pk, ""), (row.pk,) in refusing)
                    for row in rows
                ],
                ignore_conflicts=True,
            )
    with act(running.actor):
        Campaign.objects.filter(pk=campaign.pk).update(enrolled_at=timezone.now())


def _noted(campaign: Campaign, organisation: Organisation, email: str, refuses: bool) -> Confirmation:
    state = ConfirmationState.TO_SEND if email else ConfirmationState.NO_ADDRESS
    if refuses:
        state, email = ConfirmationState.REFUSED, ""
    return Confirmation(campaign=campaign, organisation=organisation, email=email, state=state)


def tell(running: RunningJob, campaign: UUID, *, remind: str, now: datetime) -> None:
    """Send what a campaign has to send: first letters, then the reminders that are due, then what came meanwhile.

    remind: when a person asked for all the reminders that may leave, ISO, else empty. A letter leaves before it is
    noted: a worker killed between the two sends it again in the same words under the same Message-ID, by which mail
    servers recognise it; noting first would lose it without anybody knowing (as `thread.digest`). What the server
    refuses is noted as an address refused; a server that does not answer stops the work, which is tried again.
    """
    found = Campaign.objects.get(pk=campaign)
    if found.state != CampaignState.RUNNING:
        return
    if found.enrolled_at is None:
        enrol(running, found)
    round_ = _Round(running, found, remind, now)
    if round_.first_letters() and round_.reminders():
        round_.first_letters()


class _Round:
    """One run of the job: it keeps the count of what left and where the reminders are; each part says if it ended."""

    def __init__(self, running: RunningJob, campaign: Campaign, remind: str, now: datetime) -> None:
        self.running, self.campaign = running, campaign
        self.kept: dict[str, Any] = running.cursor or {"sent": 0, "after": None}
        self.today = timezone.localdate(datetime.fromisoformat(remind) if remind else now)
        self.is_due: Callable[..., bool] = may_be_reminded if remind else is_reminder_due

    def first_letters(self) -> bool:
        while ids := to_send(self.campaign.pk):
            for pk in ids:
                if not self._write(pk, 0) or self.running.cancelled:
                    return False
        return True

    def reminders(self) -> bool:
        after = UUID(self.kept["after"]) if self.kept["after"] else None
        bounds = {"today": self.today, "last_day": self.campaign.last_day}
        while rows := silent(self.campaign.pk, after):
            for one in rows:
                after = one.pk
                if not self.is_due(written(one), rhythm(), **bounds):
                    continue
                self.kept = self.kept | {"after": str(after)}
                if not self._write(one.pk, one.reminded + 1) or self.running.cancelled:
                    return False
        return True

    def _write(self, pk: UUID, number: int) -> bool:
        """Send one letter, read again at the last moment; False once the campaign is over."""
        state = ConfirmationState.SENT if number else ConfirmationState.TO_SEND
        one = _still(pk, state, number)
        if one is None:
            return True
        if one.campaign.state != CampaignState.RUNNING:
            return False
        composed = letter(one, number)
        try:
            send(composed)
            noted = self._left(one, number)
        except (Refused, UnicodeError) as refused:
            # An address that no header can hold is refused too; its words are not written in the log.
            logger.warning("the letter of confirmation %s was refused: %s", pk, type(refused).__name__)
            noted = {"state": ConfirmationState.BOUNCED}
        with act(self.running.actor):
            # Whoever answered while it left keeps their answer.
            Confirmation.objects.filter(pk=pk, state=state, reminded=one.reminded).update(**noted)
            self.kept = self.kept | {"sent": self.kept["sent"] + 1}
            self.running.save_cursor(self.kept)
        self.running.progress(self.kept["sent"], None, _("Lettres : %(sent)s") % {"sent": self.kept["sent"]})
        return True

    @staticmethod
    def _left(one: Confirmation, number: int) -> dict[str, Any]:
        now = timezone.now()
        first = {} if number else {"sent_at": now}
        return {"state": ConfirmationState.SENT, "last_sent_at": now, "reminded": number, **first}


def _still(pk: UUID, state: ConfirmationState, number: int) -> Confirmation | None:
    rows = Confirmation.objects.filter(pk=pk, state=state).exclude(email="")
    if number:
        rows = rows.filter(reminded=number - 1)
    return rows.select_related("campaign", "organisation__canonical").first()


# --- One letter ------------------------------------------------------------------------------------------------------


def link_of(confirmation: Confirmation) -> str:
    """The address where a structure answers, as a letter writes it."""
    token = links.sign(PURPOSE, str(confirmation.pk))
    return urljoin(settings.TOILE_URL, reverse("directory:confirm", args=[token]))


def words_of(campaign: Campaign, organisation: Organisation, link: str) -> tuple[str, str]:
    """The subject, on one line, and the words of the letter to a structure."""
    last_day = campaign.last_day or rhythm().last_day(timezone.localdate())
    values = {
        "structure": organisation.name,
        "lien": link,
        "fiche": urljoin(settings.TOILE_URL, organisation.get_absolute_url()),
        "fin": long_date(last_day),
        "site": settings.TOILE_SITE_NAME,
    }
    return one_line(filled(campaign.subject, values))[:200], filled(campaign.words, values)


def letter(confirmation: Confirmation, number: int) -> EmailMultiAlternatives:
    """The letter of a round (0, then its reminders): text, simple HTML, nothing that watches who reads.

    Its Message-ID is made of the structure's row, the round and the address: sent twice, it is the same message.
    """
    campaign, link = confirmation.campaign, link_of(confirmation)
    subject, words = words_of(campaign, confirmation.organisation.canonical, link)
    context = {
        "words": words,
        "link": link,
        "is_reminder": bool(number),
        "contact": settings.TOILE_CONTACT,
        "site_name": settings.TOILE_SITE_NAME,
        "privacy_url": urljoin(settings.TOILE_URL, reverse("kernel:privacy")),
    }
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    to = salted_hmac("toile.directory.campaign", confirmation.email, algorithm="sha256").hexdigest()[:8]
    composed = EmailMultiAlternatives(
        subject=_("Rappel : %(subject)s") % {"subject": subject} if number else subject,
        body=render_to_string("directory/campaign_letter.txt", context),
        to=[confirmation.email],
        reply_to=[settings.TOILE_CONTACT] if "@" in settings.TOILE_CONTACT else None,
        headers={
            "Message-ID": f"<{confirmation.pk.hex}.{number}.{to}@{host}>",
            "List-Unsubscribe": f"<{link}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    composed.attach_alternative(render_to_string("directory/campaign_letter.html", context), "text/html")
    return composed
