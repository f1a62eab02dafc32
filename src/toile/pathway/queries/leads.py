"""Reading what was signalled: a door's queue, and what became of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils import timezone

from toile.kernel.readers import Reader
from toile.pathway.models import Lead, LeadState
from toile.pathway.models.leads import Leads

A_PAGE: Final = 30
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of what was signalled in a year: counts only. late: waiting beyond their delay."""

    received: int
    waiting: int
    called: int
    case: int
    dropped: int
    late: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a door's queue, and how many wait, are followed, are over."""

    page: Page[Lead]
    waiting: int
    called: int
    ended: int


def leads_for(reader: Reader) -> Leads:
    """What the reader's doors received, with door and commune."""
    return Lead.objects.visible_to(reader).select_related("door", "commune", "case")


def queue(reader: Reader, *, state: str, page: str | None) -> Queue:
    """Thirty of those in a state (« waiting », « called », « ended »), the first due first. 3 queries."""
    ended = Q(state__in=[LeadState.CASE, LeadState.DROPPED])
    counted = Lead.objects.visible_to(reader).aggregate(
        waiting=Count("pk", filter=Q(state=LeadState.WAITING)),
        called=Count("pk", filter=Q(state=LeadState.CALLED)),
        ended=Count("pk", filter=ended),
    )
    rows = leads_for(reader)
    if state == "ended":
        rows = rows.filter(ended).order_by("-ended_at", "pk")
    else:
        rows = rows.filter(state=LeadState.CALLED if state == "called" else LeadState.WAITING).order_by("due_on", "pk")
    return Queue(Paginator(rows, A_PAGE).get_page(page), **counted)


def became(reader: Reader | None, on: date) -> Became:
    """Counts of the year: of the reader's doors, or of all of them (None), for the team. 1 query."""
    rows = Lead.objects.all() if reader is None else Lead.objects.visible_to(reader)
    since = timezone.now() - YEAR
    counts = rows.filter(received_at__gte=since).aggregate(
        received=Count("pk"),
        waiting=Count("pk", filter=Q(state=LeadState.WAITING)),
        called=Count("pk", filter=Q(state=LeadState.CALLED)),
        case=Count("pk", filter=Q(state=LeadState.CASE)),
        dropped=Count("pk", filter=Q(state=LeadState.DROPPED)),
        late=Count("pk", filter=Q(state=LeadState.WAITING, due_on__lt=on)),
    )
    return Became(**counts)


def waiting_count(reader: Reader) -> int:
    """How many calls the reader's doors owe. 1 query."""
    return Lead.objects.visible_to(reader).filter(state=LeadState.WAITING).count()
