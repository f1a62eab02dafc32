"""Reading requests to partners: of a case, of the structures one represents, and what waits on either side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.kernel.readers import Reader
from toile.pathway.models import Case, Referral, ReferralState

MOST: Final = 100


def referrals_of(case: Case) -> list[Referral]:
    """Every request made for a case, the latest first. 1 query."""
    return list(Referral.objects.filter(case=case).select_related("partner__canonical", "offer")[:MOST])


def referral_of_case(case: Case, pk: UUID) -> Referral:
    """One of them; `NotVisible` else. 1 query."""
    found = _whole().filter(case=case, pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette demande n’est pas, ou plus, de ce dossier."))
    return found


def referral_for(reader: Reader, pk: UUID) -> Referral:
    """A request made to a structure that the reader represents; `NotVisible` else. 1 query."""
    found = _of(reader).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette demande n’existe pas, ou n’est pas faite à une de vos structures."))
    return found


@dataclass(frozen=True, slots=True)
class ToPartner:
    """What a reader's structures were asked: those that wait for an answer, the others."""

    waiting: list[Referral]
    answered: list[Referral]


def made_to(reader: Reader) -> ToPartner:
    """Requests to the reader's structures: without answer, first due first; the others, latest first. 2 queries."""
    rows = _of(reader).exclude(state=ReferralState.WITHDRAWN)
    waiting = rows.filter(state__in=ReferralState.waiting()).order_by("due_on", "pk")
    answered = rows.exclude(state__in=ReferralState.waiting()).order_by("-answered_at", "pk")
    return ToPartner(list(waiting[:MOST]), list(answered[:MOST]))


def count_made_to(reader: Reader) -> int:
    """How many wait for an answer of the reader's structures. 1 query, none for who represents nobody."""
    if not reader.organisations:
        return 0
    return _of(reader).filter(state=ReferralState.SENT).count()


@dataclass(frozen=True, slots=True)
class Silent:
    """Of the reader's doors: requests whose silence was told, and questions of partners without a reply."""

    escalated: int
    asked: int


def silent(reader: Reader) -> Silent:
    """What partners left without an answer, and what they ask. 1 query."""
    rows = Referral.objects.filter(case__door__organisation__in=reader.organisations)
    counts = rows.aggregate(
        escalated=Count("pk", filter=Q(state=ReferralState.SENT, escalated_at__isnull=False)),
        asked=Count("pk", filter=Q(state=ReferralState.ASKED)),
    )
    return Silent(**counts)


def stalled(reader: Reader) -> list[Referral]:
    """Of the reader's doors: silence that was told and questions without a reply, the oldest first. 1 query."""
    stuck = Q(state=ReferralState.ASKED) | Q(state=ReferralState.SENT, escalated_at__isnull=False)
    rows = _whole().filter(stuck, case__door__organisation__in=reader.organisations)
    return list(rows.order_by("sent_at", "pk")[:MOST])


def waits_of_the_year() -> dict[tuple[str, str], list[int]]:
    """Days that persons waited in a year, by (stage, need): until the first meeting, else the partner's answer, else
    until today where nobody answered. 1 query."""
    now = timezone.now()
    since = now - timedelta(days=365)
    rows = Referral.objects.filter(sent_at__gte=since).exclude(need="").exclude(state=ReferralState.WITHDRAWN)
    found: dict[tuple[str, str], list[int]] = {}
    values = rows.order_by().values_list("case__stage", "need", "sent_at", "answered_at", "meeting_on")
    for stage, need, sent, answered, meeting in values[:20_000]:
        began = timezone.localdate(sent)
        until = meeting or timezone.localdate(answered or now)
        found.setdefault((stage, need), []).append(max(0, (until - began).days))
    return found


def _of(reader: Reader) -> QuerySet[Referral]:
    if not reader.organisations:
        return Referral.objects.none()
    return _whole().filter(partner__canonical__in=reader.organisations)


def _whole() -> QuerySet[Referral]:
    return Referral.objects.select_related(
        "case__door__organisation", "case__procedure", "case__commune", "partner__canonical", "offer"
    )
