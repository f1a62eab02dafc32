"""The five questions written to firms: when they are due, reminded, left without an answer; one letter each time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from toile.kernel.acts import act
from toile.kernel.jobs import RunningJob
from toile.pathway.models import CheckIn, Followed, Signal
from toile.pathway.queries.followed import sent_of
from toile.pathway.rules.checkin import Sent, checkin, is_silent, is_unanswered, next_on, reminders_due
from toile.pathway.rules.signals import weights
from toile.pathway.services.check_ins import address_of, answer_token, open_check_in, own_token
from toile.thread.delivery import Refused, send

logger = logging.getLogger(__name__)

SILENT: Final = "unanswered"
AT_ONCE: Final = 200


def send_due(running: RunningJob, *, now: datetime, only: str = "") -> None:
    """Ask what is due of each firm followed, remind, and note what stays without an answer.

    only: one firm. A letter leaves before it is noted: a worker killed between the two sends it again under the same
    Message-ID, by which mail servers recognise it. An address that is refused does not hold up the others.
    """
    today = timezone.localdate(now)
    done = int((running.cursor or {}).get("done", 0))
    after = (running.cursor or {}).get("after")
    for firms in _batches(only, after):
        sent = sent_of([firm.pk for firm in firms])
        for firm in firms:
            with act(running.actor):
                if not only and address_of(firm) and next_on(firm.entered_on, sent.get(firm.pk, ())) <= today:
                    open_check_in(firm, today)
            _tell(running, firm, today)
            with act(running.actor):
                _note_silence(firm, today, now)
                done += 1
                running.save_cursor({"done": done, "after": str(firm.pk)})
            running.progress(done, None, _("Structures suivies : %(n)s") % {"n": done})
            if running.cancelled:
                return


def _batches(only: str, after: str | None) -> Iterator[list[Followed]]:
    """The firms followed, in the order of their ids, some at a time; from after the one that is given."""
    rows = Followed.objects.present().select_related("organisation__canonical", "door").order_by("pk")
    rows = rows.filter(pk=UUID(only)) if only else rows
    last = UUID(after) if after else None
    while firms := list((rows.filter(pk__gt=last) if last else rows)[:AT_ONCE]):
        yield firms
        last = firms[-1].pk


def _tell(running: RunningJob, firm: Followed, today: date) -> None:
    """Write to a firm what its waiting check-in calls for: the first letter, or a reminder."""
    waiting = CheckIn.objects.filter(followed=firm, answered_at__isnull=True, closed_at__isnull=True).first()
    if waiting is None or not address_of(firm):
        return
    number = _letter_due(waiting, today)
    if number is None:
        return
    try:
        send(letter(firm, waiting, number))
    except (Refused, UnicodeError) as refused:
        # The server's words hold the address: only the kind of refusal goes to the log.
        logger.warning("the check-in %s was refused: %s", waiting.pk, type(refused).__name__)
        return
    now = timezone.now()
    with act(running.actor):
        noted = {"reminded_at": now} if number else {"sent_at": now}
        CheckIn.objects.filter(pk=waiting.pk).update(**noted)


def _letter_due(waiting: CheckIn, today: date) -> int | None:
    """The round of the letter to send (0, then reminders); None when none is due."""
    if waiting.sent_at is None:
        return 0
    sent_on = timezone.localdate(waiting.sent_at)
    days = checkin().calendar.reminders_days
    reminded = (timezone.localdate(waiting.reminded_at) - sent_on).days if waiting.reminded_at else -1
    left = sum(reminded >= day for day in days)
    due = reminders_due(Sent(sent_on, None), today)
    return due if due > left else None


def _note_silence(firm: Followed, today: date, now: datetime) -> None:
    """Close what waited too long; after two letters in a row without an answer, say so as a signal, once."""
    waiting = CheckIn.objects.filter(followed=firm, answered_at__isnull=True, closed_at__isnull=True).first()
    if waiting is None:
        return
    since = timezone.localdate(waiting.sent_at) if waiting.sent_at else waiting.due_on
    if not is_unanswered(Sent(since, None), today):
        return
    CheckIn.objects.filter(pk=waiting.pk).update(closed_at=now)
    written = CheckIn.objects.filter(followed=firm, sent_at__isnull=False).order_by()
    rows = [Sent(one.due_on, one.answered_at and one.answered_at.date()) for one in written]
    if waiting.sent_at and is_silent(rows, today):
        Signal.objects.create(
            followed=firm,
            family=weights().level(SILENT).family,
            level=SILENT,
            seen_on=today,
            source=Signal.Source.CHECK_IN,
            check_in=waiting,
        )


# --- One letter ------------------------------------------------------------------------------------------------------


def letter(firm: Followed, check_in: CheckIn, number: int) -> EmailMultiAlternatives:
    """The letter of a round (0, then its reminders): text, simple HTML, nothing that watches who reads."""
    to = address_of(firm)
    context = {
        "firm": firm.organisation.canonical.name,
        "door": firm.door.name,
        "link": urljoin(settings.TOILE_URL, reverse("pathway:check_in", args=[answer_token(check_in)])),
        "own": urljoin(settings.TOILE_URL, reverse("pathway:followed_own", args=[own_token(firm)])),
        "days": checkin().calendar.link_days,
        "is_reminder": bool(number),
        "contact": firm.door.email or settings.TOILE_CONTACT,
        "site_name": settings.TOILE_SITE_NAME,
        "privacy_url": urljoin(settings.TOILE_URL, reverse("kernel:privacy")),
    }
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    mark = salted_hmac("toile.pathway.check_in", to, algorithm="sha256").hexdigest()[:8]
    subject = _("Cinq questions, deux minutes : où en est votre structure ?")
    composed = EmailMultiAlternatives(
        subject=_("Rappel : %(subject)s") % {"subject": subject} if number else subject,
        body=render_to_string("pathway/followup/letter.txt", context),
        to=[to],
        reply_to=[firm.door.email] if firm.door.email else None,
        headers={
            "Message-ID": f"<{check_in.pk.hex}.{number}.{mark}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    composed.attach_alternative(render_to_string("pathway/followup/letter.html", context), "text/html")
    return composed
