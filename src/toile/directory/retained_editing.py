"""How long the history of pages is kept."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toile.directory.models import Revision
from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.retention import Retention, declare

KEPT = Duration(years=3)
MOST = 5_000
"""Rows forgotten in one act: a long history does not hold up who writes."""


def revisions_due(now: datetime) -> int:
    """The changes of pages made three years ago."""
    return Revision.objects.filter(at__lt=KEPT.cutoff(now)).count()


def forget_revisions(actor: Actor, now: datetime) -> int:
    """Forget them, the oldest first, a few thousand at a time."""
    forgotten = 0
    while True:
        old = Revision.objects.filter(at__lt=KEPT.cutoff(now)).order_by("at", "pk").values_list("pk", flat=True)[:MOST]
        with act(actor):
            done = Revision.objects.filter(pk__in=list(old)).delete()[1].get("directory.Revision", 0)
        forgotten += done
        if done < MOST:
            return forgotten


declare(Retention("directory.revision", _("historique des fiches"), _("trois ans"), revisions_due, forget_revisions))
