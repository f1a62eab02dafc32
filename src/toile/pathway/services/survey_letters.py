"""The letters of a survey: each structure's own link, sent, then noted as sent."""

from __future__ import annotations

import logging
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.queries.campaigns import refusals
from toile.directory.services.contact import recipients
from toile.kernel.acts import act
from toile.kernel.jobs import RunningJob
from toile.pathway.models import Survey, SurveyReply
from toile.pathway.services.surveys import is_taken, token_of
from toile.thread.delivery import Refused, send
from toile.thread.searches import one_line

logger = logging.getLogger(__name__)
AT_ONCE = 50


def send_letters(running: RunningJob, survey: UUID) -> None:
    """Write to the structures asked and not written to yet; whom nobody can write to, or who refused, waits.

    A letter leaves before it is noted: a worker killed between the two sends it again under the same Message-ID.
    """
    found = Survey.objects.get(pk=survey)
    if not is_taken(found):
        return
    after = UUID(running.cursor["after"]) if running.cursor else None
    refusing = set(refusals().values_list("organisation__canonical", flat=True))
    while rows := _waiting(found, after):
        for reply in rows:
            after = reply.pk
            structure = reply.organisation.canonical
            addresses = [] if structure.pk in refusing else recipients(structure)
            if addresses and _sent(reply, addresses[0]):
                with act(running.actor):
                    SurveyReply.objects.filter(pk=reply.pk).update(sent_at=timezone.now())
            running.save_cursor({"after": str(after)})
            if running.cancelled:
                return


def letter(reply: SurveyReply, address: str) -> EmailMessage:
    """The letter to one structure."""
    context = {
        "survey": reply.survey,
        "organisation": reply.organisation.canonical,
        "link": urljoin(settings.TOILE_URL, reverse("pathway:survey_reply", args=[token_of(reply)])),
        "privacy_url": urljoin(settings.TOILE_URL, reverse("kernel:privacy")),
        "site_name": settings.TOILE_SITE_NAME,
        "contact": settings.TOILE_CONTACT,
    }
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    subject = _("Les besoins de %(structure)s") % {"structure": reply.organisation.canonical.name}
    return EmailMessage(
        subject=one_line(subject),
        body=render_to_string("pathway/surveys/letter.txt", context),
        to=[address],
        reply_to=[settings.TOILE_CONTACT] if "@" in settings.TOILE_CONTACT else None,
        headers={"Message-ID": f"<{reply.pk.hex}.{reply.link}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _waiting(survey: Survey, after: UUID | None) -> list[SurveyReply]:
    rows = SurveyReply.objects.filter(survey=survey, sent_at__isnull=True, answered_at__isnull=True)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.select_related("survey", "organisation__canonical").order_by("pk")[:AT_ONCE])


def _sent(reply: SurveyReply, address: str) -> bool:
    try:
        send(letter(reply, address))
    except Refused as error:
        logger.warning("survey %s was refused for structure %s: %s", reply.survey_id, reply.organisation_id, error)
        return False
    return True
