"""What a holder agreed to share, with whom, until when; and whom they may choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from toile.directory.models import Organisation
from toile.kernel.durations import PARIS
from toile.pathway.models import Case, Offer, Sharing
from toile.pathway.rules.sharing import declared

MOST = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """One agreement as its page shows it. purpose: what for, in words. living: whether it opens something now.

    last_day: the last one on which it does: it ends with that day, in Paris.
    """

    row: Sharing
    purpose: str
    living: bool
    last_day: date


def sharings_of(case: Case) -> list[Shared]:
    """Every agreement of a case, those in force first, then the latest. 1 query."""
    now, purposes = timezone.now(), declared().purposes
    rows = Sharing.objects.filter(case=case).select_related("partner")[:MOST]
    several = [
        Shared(
            row,
            gettext(purposes[row.purpose].label) if row.purpose in purposes else row.purpose,
            row.withdrawn_at is None and row.until > now,
            (row.until - timedelta(seconds=1)).astimezone(PARIS).date(),
        )
        for row in rows
    ]
    return sorted(several, key=lambda one: not one.living)


def partners(also: Sequence[UUID] = ()) -> list[tuple[UUID, str]]:
    """The structures that a holder may choose: those that publish an offer today, and those asked about. 1 query."""
    helping = Offer.objects.running(timezone.localdate()).order_by().values("partner")
    rows = Organisation.objects.filter(pk__in=helping) | Organisation.objects.filter(pk__in=also)
    return list(rows.order_by("sort_name", "pk").values_list("pk", "name").distinct()[:MOST])
