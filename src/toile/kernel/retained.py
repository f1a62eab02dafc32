"""How long the kernel keeps what it holds: ended work, sessions, the log of what was read, pictures."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from .acts import Actor, act
from .jobs import housekeeping
from .models import ACTIVE, Job
from .pictures.sweeping import SPARED, shown_nowhere
from .retention import Retention, declare
from .seen import KEPT, Seen


def sessions_due(now: datetime) -> int:
    """Sessions that nobody can use any more."""
    return Session.objects.filter(expire_date__lt=now).count()


def forget_sessions(actor: Actor, now: datetime) -> int:
    with act(actor):
        return Session.objects.filter(expire_date__lt=now).delete()[0]


def jobs_due(now: datetime) -> int:
    """Work that ended 90 days ago."""
    return Job.objects.exclude(state__in=ACTIVE).filter(ended_at__lt=now - housekeeping.KEPT).count()


def forget_jobs(actor: Actor, now: datetime) -> int:
    with act(actor):
        return Job.objects.exclude(state__in=ACTIVE).filter(ended_at__lt=now - housekeeping.KEPT).delete()[0]


def readings_due(now: datetime) -> int:
    """Readings noted twelve months ago."""
    return Seen.objects.filter(at__lt=KEPT.cutoff(now)).count()


def forget_readings(actor: Actor, now: datetime) -> int:
    with act(actor):
        return Seen.objects.filter(at__lt=KEPT.cutoff(now)).delete()[0]


def pictures_due(now: datetime) -> int:
    """Pictures made more than a day ago that nothing shows."""
    return shown_nowhere(now - SPARED).count()


def forget_pictures(actor: Actor, now: datetime) -> int:
    with act(actor):
        return shown_nowhere(now - SPARED).delete()[1].get("kernel.Picture", 0)


HOUSEKEEPING = "kernel.housekeeping"
declare(
    Retention("kernel.sessions", _("sessions"), _("14 jours"), sessions_due, forget_sessions, work=HOUSEKEEPING),
)
declare(
    Retention(
        "kernel.jobs", _("travaux terminés"), _("90 jours après leur fin"), jobs_due, forget_jobs, work=HOUSEKEEPING
    )
)
declare(Retention("kernel.seen", _("journal des lectures"), _("12 mois"), readings_due, forget_readings))
declare(
    Retention(
        "kernel.pictures",
        _("images que rien ne montre"),
        _("un jour ; leurs fichiers, un jour de plus au plus"),
        pictures_due,
        forget_pictures,
        work="kernel.pictures",
    )
)
