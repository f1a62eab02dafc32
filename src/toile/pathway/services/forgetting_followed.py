"""What is kept of a firm once its following ended: two years whole, then dates and a reason, for counts alone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.pathway.models import Call, CheckIn, Followed, Signal
from toile.pathway.models.followed import FollowedFirms

KEPT: Final = Duration(years=2)
ABOUT_IT: Final = (Signal, Call, CheckIn)


def over(now: datetime) -> FollowedFirms:
    """The firms that left more than two years ago, of which something is still held. Source: domain K3."""
    held = ~Q(email="", contact="", adviser=None, entered_by=None)
    for model in ABOUT_IT:
        held |= Q(Exists(model.objects.filter(followed=OuterRef("pk")).order_by()))
    return Followed.objects.filter(held, left_on__lt=KEPT.before(timezone.localdate(now)))


def forget(actor: Actor, now: datetime) -> int:
    """Take their signals, calls, check-ins and addresses away, and end their links; how many firms."""
    with act(actor):
        keys = list(over(now).order_by("pk").values_list("pk", flat=True))
        for model in ABOUT_IT:
            model.objects.filter(followed__in=keys).delete()
        Followed.objects.filter(pk__in=keys).update(
            email="", contact="", adviser=None, entered_by=None, adjusted_why="", link=F("link") + 1
        )
    return len(keys)
