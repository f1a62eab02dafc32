"""How long reported errors, spreadsheets and messages are kept; each has its own nightly work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toile.directory.models import ErrorReport, ImportRun
from toile.directory.services.contact import CARRY, forget_unsent
from toile.directory.services.reports import ADDRESS_KEPT, WORDS_KEPT, forget_told
from toile.kernel.acts import Actor
from toile.kernel.models import ACTIVE, Job
from toile.kernel.retention import Retention, declare

UNSENT_KEPT = FILES_KEPT = timedelta(days=7)
REPORTS, IMPORTS = "directory.report.forget", "directory.import.forget"


def reports_due(now: datetime) -> int:
    """Reports with an address or words that served their time."""
    told = Q(closed_at__lt=now - ADDRESS_KEPT) | Q(made_at__lt=now - WORDS_KEPT)
    addresses = told & ~Q(email="")
    return ErrorReport.objects.filter(addresses | (Q(closed_at__lt=now - WORDS_KEPT) & ~Q(words=""))).count()


def forget_reports(actor: Actor, now: datetime) -> int:
    return sum(forget_told(actor, now=now))


def messages_due(now: datetime) -> int:
    """Messages to a structure that no server took in a week."""
    given_up = Job.objects.filter(kind=CARRY, ended_at__lt=now - UNSENT_KEPT).exclude(state__in=ACTIVE)
    return given_up.exclude(args={}).count()


def forget_messages(actor: Actor, now: datetime) -> int:
    return forget_unsent(actor, before=now - UNSENT_KEPT)


def files_due(now: datetime) -> int:
    """Spreadsheets sent a week ago; one that is being imported is counted, and left."""
    return ImportRun.objects.filter(asked_at__lt=now - FILES_KEPT).exclude(stored_as="").count()


def forget_files(actor: Actor, now: datetime) -> int:
    from toile.directory.runs import forget_abandoned  # noqa: PLC0415 -- reads the spreadsheet and stock libraries

    return forget_abandoned(actor, before=now - FILES_KEPT)


declare(
    Retention(
        "directory.report",
        _("adresses et mots laissés avec une erreur signalée"),
        _("l’adresse, 90 jours après la réponse, un an au plus ; les mots, un an après"),
        reports_due,
        forget_reports,
        work=REPORTS,
    )
)
declare(
    Retention(
        "directory.message",
        _("messages à une structure jamais partis"),
        _("une semaine"),
        messages_due,
        forget_messages,
        work=REPORTS,
    )
)
declare(
    Retention(
        "directory.import",
        _("tableurs envoyés et jamais importés"),
        _("une semaine"),
        files_due,
        forget_files,
        work=IMPORTS,
    )
)
