"""How long the thread keeps what it makes for people: their notices; the log itself is never erased."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.retention import Retention, declare

from . import retained_webhooks  # noqa: F401 -- declares at start
from .models import Notice

KEPT = Duration(months=12)
AT_ONCE = 2000
"""Rows deleted in one act."""


def notices_due(now: datetime) -> int:
    """Notices made twelve months ago."""
    return Notice.objects.filter(made_at__lt=KEPT.cutoff(now)).count()


def forget_notices(actor: Actor, now: datetime) -> int:
    """Delete them, by lots: another writer does not wait for all of them."""
    done = 0
    while old := list(Notice.objects.filter(made_at__lt=KEPT.cutoff(now)).values_list("pk", flat=True)[:AT_ONCE]):
        with act(actor):
            done += Notice.objects.filter(pk__in=old).delete()[0]
    return done


declare(Retention("thread.notice", _("avis"), _("douze mois"), notices_due, forget_notices))
