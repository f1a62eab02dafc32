"""After publication: what anybody reports, what the team hides and why, what the structure answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_news import (
    NEWS_ANSWERED,
    NEWS_CLEARED,
    NEWS_HIDDEN,
    NEWS_REPORTED,
    NEWS_SHOWN,
)
from toile.directory.models import News, NewsReport
from toile.directory.permissions import NEWS_ANSWER, NEWS_MODERATE
from toile.directory.rules.news import Side, State
from toile.directory.services.contact import recipients
from toile.directory.services.news import locked, moved, tell
from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.delivery import Refused, send

DECIDED = "directory.news.decided"
REPORTS_KEPT = timedelta(days=365)


def report(actor: Actor, news: News, *, words: str) -> NewsReport:
    """Keep what somebody finds wrong in a published item, for the team to read; sent twice, it is kept once."""
    if news.state != State.PUBLISHED:
        raise NotVisible(_("Cette actualité n’est pas en ligne."))
    with act(actor):
        already = NewsReport.objects.filter(news=news, words=words, closed_at__isnull=True).first()
        if already is not None:
            return already
        made = NewsReport.objects.create(news=news, words=words)
        tell(NEWS_REPORTED, news)
    return made


def hide(actor: Actor, reader: Reader, news: News, *, because: str) -> None:
    """Take a published item off the site, or keep it off after an answer; the structure is told why by mail.

    Raises `UserError` without a reason, `Conflict` when the item is not where it was.
    """
    require(reader, NEWS_MODERATE.code)
    if not because.strip():
        raise UserError(_("Dites pourquoi : la structure reçoit cette raison, et peut y répondre."))
    with act(actor):
        now = moved(news.pk, "hide", Side.TEAM)
        now.hidden_because, now.hidden_at = because, timezone.now()
        now.save()
        _close_reports(now)
        tell(NEWS_HIDDEN, now)
        _have_it_told(actor, now)


def answer(actor: Actor, reader: Reader, news: News, *, words: str) -> None:
    """Answer the team, for the structure: the item waits in their queue. Raises `UserError`, `Conflict`."""
    require(reader, NEWS_ANSWER.code, owners=news.owners())
    if not words.strip():
        raise UserError(_("Écrivez votre réponse : ce que vous avez changé, ou pourquoi l’actualité peut rester."))
    with act(actor):
        now = moved(news.pk, "answer", Side.PEOPLE)
        now.answer, now.answered_at = words, timezone.now()
        now.save()
        tell(NEWS_ANSWERED, now)


def show_again(actor: Actor, reader: Reader, news: News) -> None:
    """Put a hidden item back online; the structure is told. Raises `Conflict` when it is not hidden."""
    require(reader, NEWS_MODERATE.code)
    with act(actor):
        now = moved(news.pk, "show", Side.TEAM)
        now.hidden_because, now.hidden_at, now.answer, now.answered_at = "", None, "", None
        now.save()
        tell(NEWS_SHOWN, now)
        _have_it_told(actor, now)


def clear(actor: Actor, reader: Reader, news: News) -> None:
    """Leave a reported item as it is: what was reported is closed. Nothing when nothing waits."""
    require(reader, NEWS_MODERATE.code)
    with act(actor):
        now = locked(news.pk)
        if _close_reports(now):
            tell(NEWS_CLEARED, now)


def tell_decision(running: RunningJob, news: News) -> None:
    """Write to the structure what the team decided, as it stands when the message leaves; once to each address."""
    if news.state not in (State.HIDDEN, State.PUBLISHED):
        return
    already = running.cursor or 0
    addresses = recipients(news.organisation)
    for number, address in enumerate(addresses[already:], start=already + 1):
        # An address refused for ever must not keep the others from being told.
        try:
            send(_letter(news, address))
        except Refused:
            running.progress(number, len(addresses))
        running.save_cursor(number)


def forget_reports(actor: Actor, *, now: datetime) -> int:
    """Remove what was reported and closed a year ago, or made two years ago; how many."""
    old = Q(closed_at__lt=now - REPORTS_KEPT) | Q(made_at__lt=now - 2 * REPORTS_KEPT)
    with act(actor):
        return NewsReport.objects.filter(old).delete()[0]


def _close_reports(news: News) -> int:
    return NewsReport.objects.filter(news=news, closed_at__isnull=True).update(closed_at=timezone.now())


def _have_it_told(actor: Actor, news: News) -> None:
    enqueue(actor, DECIDED, key=f"{news.pk} {news.version}", news=str(news.pk))


def _letter(news: News, address: str) -> EmailMessage:
    hidden = news.state == State.HIDDEN
    words = {
        "title": news.title,
        "because": news.hidden_because,
        "url": urljoin(settings.TOILE_URL, news.get_absolute_url()),
        "answer_url": urljoin(settings.TOILE_URL, reverse("news:answer", args=[news.pk])),
    }
    if hidden:
        subject = _("Votre actualité « %(title)s » est masquée")
        body = _(
            "Une personne de l’équipe a masqué votre actualité « %(title)s ».\n\nSa raison :\n%(because)s\n\n"
            "Vous pouvez la corriger et répondre ; l’équipe relit, puis la montre de nouveau ou dit pourquoi non :\n"
            "%(answer_url)s\n"
        )
    else:
        subject = _("Votre actualité « %(title)s » est de nouveau en ligne")
        body = _(
            "Une personne de l’équipe a relu votre actualité « %(title)s » : elle est de nouveau en ligne.\n\n%(url)s\n"
        )
    one_line = " ".join((subject % words).split())
    return EmailMessage(f"[{settings.TOILE_SITE_NAME}] {one_line}"[:200], body % words, to=[address])
