"""Errors reported on a page: received from anybody, closed by the team, and their addresses forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import REPORT_CLOSED, REPORT_RECEIVED, Reported
from toile.directory.models import ErrorReport, Organisation
from toile.directory.models.organisations import Openness
from toile.directory.models.reports import ReportState, Subject
from toile.directory.permissions import TREAT
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, NotVisible
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.delivery import send
from toile.thread.services import record

ANSWER = "directory.report.answer"
ADDRESS_KEPT, WORDS_KEPT = timedelta(days=90), timedelta(days=365)


def report_error(actor: Actor, organisation: Organisation, *, subject: Subject, words: str, email: str) -> ErrorReport:
    """Keep an error that anybody saw on a public page, for the team to treat; sent twice, it is kept once.

    email: where to answer, or empty. Raises `NotVisible` for a page that is not public.
    """
    if organisation.openness != Openness.PUBLIC:
        raise NotVisible(_("Cette page n’est pas ouverte à tous : ses membres la corrigent eux-mêmes."))
    said = {"organisation": organisation, "subject": subject, "words": words, "email": email}
    with act(actor):
        already = ErrorReport.objects.filter(**said, state=ReportState.OPEN).first()
        if already is not None:
            return already
        made = ErrorReport.objects.create(**said)
        record(REPORT_RECEIVED, about=[organisation.pk], data=Reported(str(made.pk)))
    return made


def close_report(
    actor: Actor, reader: Reader, report: ErrorReport, *, state: ReportState, answer: str, url: str
) -> None:
    """Say that a report led to a correction or not; the answer is mailed to who left an address. url: the page.

    Raises `Conflict` when somebody closed it meanwhile.
    """
    require(reader, TREAT.code)
    with act(actor):
        closed = ErrorReport.objects.filter(pk=report.pk, state=ReportState.OPEN).update(
            state=state, answer=answer, closed_by=actor.person, closed_at=timezone.now()
        )
        if not closed:
            raise Conflict(_("Une autre personne vient de traiter ce signalement : voici ce qu’elle a répondu."))
        record(REPORT_CLOSED, about=[report.organisation_id], data=Reported(str(report.pk)))
        if report.email:
            enqueue(actor, ANSWER, key=str(report.pk), report=str(report.pk), url=url)


def send_answer(report: ErrorReport, *, url: str) -> None:
    """Mail what became of a report to the person who left an address; nothing once it was emptied."""
    if not report.email or report.state == ReportState.OPEN:
        return
    words = {"structure": report.organisation.name, "answer": report.answer, "url": url}
    if report.state == ReportState.MENDED:
        body = _("Merci : la fiche de « %(structure)s » a été corrigée.\n\n%(answer)s\n\n%(url)s\n")
    else:
        body = _(
            "Une personne de l’équipe a relu la fiche de « %(structure)s » et n’a rien changé.\n\n%(answer)s\n\n"
            "Vous pouvez le signaler de nouveau, avec ce qui vous le fait dire : %(url)s\n"
        )
    subject = " ".join((_("Votre signalement sur %(structure)s") % words).split())
    send(EmailMessage(f"[{settings.TOILE_SITE_NAME}] {subject}"[:200], body % words, to=[report.email]))


def forget_told(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Empty the addresses of reports closed 90 days ago or made a year ago, and the words of those closed a year ago.

    Returns how many addresses and how many texts.
    """
    told = Q(closed_at__lt=now - ADDRESS_KEPT) | Q(made_at__lt=now - WORDS_KEPT)
    with act(actor):
        addresses = ErrorReport.objects.filter(told).exclude(email="").update(email="")
        words = ErrorReport.objects.filter(closed_at__lt=now - WORDS_KEPT).exclude(words="").update(words="")
    return addresses, words
