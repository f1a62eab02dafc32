"""The letters of a request to a partner: the request, its reminder, the answers told to the door; and their link."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from toile.directory.queries.campaigns import addresses_by_members
from toile.kernel import links
from toile.pathway.models import Offer, Referral, ReferralState
from toile.pathway.rules.delays import delays
from toile.thread.delivery import Refused, send

logger = logging.getLogger(__name__)
PURPOSE: Final = "pathway.referral.answer"
LETTER: Final = "pathway.referral.letter"
TELL: Final = "pathway.referral.tell"
Round = Literal["first", "reminder", "reply"]


def lasts() -> timedelta:
    """How long the link of a letter opens, from the day it was signed."""
    return timedelta(days=delays().link_days)


def token_of(referral: Referral) -> str:
    """The token of the partner's link, good until `Referral.link` is raised."""
    return links.sign(PURPOSE, f"{referral.pk}:{referral.link}")


def address_for(offer: Offer) -> str:
    """Where a request goes: the offer's address, else the structure's, else its oldest member's; empty for none."""
    partner = offer.partner.canonical
    return offer.email or partner.contact_email or addresses_by_members([partner.pk]).get(partner.pk, "")


def send_letter(referral: Referral, round_: Round) -> None:
    """Write to the partner; nothing once it answered, or once the request was taken back.

    A letter holds the project's name, never its holder's nor any answer: those are behind the link. Sent twice by a
    worker that was killed, it is the same message. An address that the server refuses is told to the door by silence.
    """
    if referral.state not in ReferralState.waiting() or not referral.email:
        return
    try:
        send(_composed(referral, round_))
    except (Refused, UnicodeError) as refused:
        # The server's words hold the address: the log keeps the kind of refusal only.
        logger.warning("the letter of referral %s was refused: %s", referral.pk, type(refused).__name__)


def _composed(referral: Referral, round_: Round) -> EmailMessage:
    link = urljoin(settings.TOILE_URL, reverse("pathway:referral_link", args=[token_of(referral)]))
    context = {
        "referral": referral,
        "partner": referral.partner.canonical,
        "door": referral.case.door,
        "link": link,
        "round": round_,
        "days": delays().link_days,
        "site_name": settings.TOILE_SITE_NAME,
        "contact": settings.TOILE_CONTACT,
        "privacy_url": urljoin(settings.TOILE_URL, reverse("kernel:privacy")),
    }
    subject = {
        "first": _("Un projet pour vous : %(title)s"),
        "reminder": _("Rappel, un projet attend votre réponse : %(title)s"),
        "reply": _("La réponse à votre question : %(title)s"),
    }[round_] % {"title": str(referral.case)}
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    to = salted_hmac(PURPOSE, referral.email, algorithm="sha256").hexdigest()[:8]
    return EmailMessage(
        subject=" ".join(f"[{settings.TOILE_SITE_NAME}] {subject}".split())[:200],
        body=render_to_string("pathway/orientation/referral_letter.txt", context),
        to=[referral.email],
        reply_to=[referral.case.door.email] if referral.case.door and referral.case.door.email else None,
        headers={
            "Message-ID": f"<{referral.pk.hex}.{referral.link}.{round_}.{to}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def tell_door(referral: Referral) -> None:
    """Tell the door what a partner answered, or that it did not, at its own address; nothing when it gave none."""
    door = referral.case.door
    if door is None or not door.email:
        return
    url = urljoin(settings.TOILE_URL, reverse("pathway:case_referral", args=[referral.case_id, referral.pk]))
    context = {"referral": referral, "partner": referral.partner.canonical, "url": url}
    silent = referral.state == ReferralState.SENT
    subject = (_("%(partner)s ne répond pas") if silent else _("%(partner)s répond au sujet de « %(title)s »")) % {
        "partner": referral.partner.canonical.name,
        "title": str(referral.case),
    }
    body = render_to_string("pathway/orientation/referral_answer.txt", context)
    try:
        send(EmailMessage(" ".join(f"[{settings.TOILE_SITE_NAME}] {subject}".split())[:200], body, to=[door.email]))
    except (Refused, UnicodeError) as refused:
        logger.warning("the answer of referral %s was refused: %s", referral.pk, type(refused).__name__)
