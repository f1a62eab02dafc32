"""The kernel's own timed work: what nobody can use any more, and the durations that every room declares."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import act
from toile.kernel.models import ACTIVE, DueInstant, Job
from toile.kernel.retention import NIGHTLY, retentions
from toile.kernel.search.outbox import prune

from .kinds import job, timed
from .rhythm import At
from .running import RunningJob

KEPT = timedelta(days=90)


@job("kernel.housekeeping", label=_("Ménage : sessions et travaux anciens"))
def tidy(running: RunningJob) -> None:
    """Delete expired sessions, what the queue says of work ended more than 90 days ago, and changes read by all."""
    before = timezone.now() - KEPT
    with act(running.actor):
        SessionStore.clear_expired()
        Job.objects.exclude(state__in=ACTIVE).filter(ended_at__lt=before).delete()
        newest = DueInstant.objects.filter(instant__gte=before).values("name")
        DueInstant.objects.filter(instant__lt=before, name__in=newest).delete()
        prune()


timed("kernel.housekeeping", At("03:40"))


@job(NIGHTLY, label=_("Durées de conservation : ce qui les dépasse est effacé"))
def keep_no_longer(running: RunningJob) -> None:
    """Do what each declared duration asks, one after the other; the cursor says of how many, line by line."""
    done: dict[str, int] = dict(running.cursor or {})
    lines = [line for code, line in sorted(retentions.items()) if line.work == NIGHTLY]
    for line in lines:
        if line.code in done:
            continue
        done[line.code] = line.apply(running.actor, timezone.now())
        running.save_cursor(done)
        running.progress(len(done), len(lines))
        if running.cancelled:
            return


timed(NIGHTLY, At("04:10"))
