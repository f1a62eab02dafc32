"""What is read of webhooks: those that follow, what is due, what became of it; and what one delivery says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from toile.kernel.readers import VISITOR, Reader
from toile.thread.kinds import Visibility
from toile.thread.models import Fact, FactAbout
from toile.thread.models_webhooks import Delivery, Webhook
from toile.thread.names import name_all
from toile.thread.queries import entries, subjects_of

AT_ONCE = 500
KEPT = timedelta(days=30)
"""How long a delivery is remembered, and how far back a webhook that resumes goes."""


def webhooks(reader: Reader) -> QuerySet[Webhook]:
    """Every webhook with `waiting` and `given_up` counted, for who manages them. 1 query."""
    counts = {
        state: Count("deliveries", filter=Q(deliveries__state=state))
        for state in (Delivery.State.WAITING.value, Delivery.State.GIVEN_UP.value)
    }
    return Webhook.objects.visible_to(reader).annotate(**counts).order_by("name", "pk")


def deliveries(webhook: Webhook) -> QuerySet[Delivery]:
    """What was or will be sent, the latest first. 1 query."""
    return Delivery.objects.filter(webhook=webhook).order_by("-made_at", F("fact").desc(nulls_first=True), "pk")


def wanted(webhook: Webhook, until: int, since: datetime) -> list[int]:
    """Numbers of the public facts after its cursor, up to `until`, noted since `since`: the first 500. 1 query."""
    facts = Fact.objects.filter(
        id__gt=webhook.cursor, id__lte=until, visibility=Visibility.PUBLIC, recorded_at__gte=since
    )
    if webhook.kinds:
        facts = facts.filter(kind__in=webhook.kinds)
    if webhook.subject:
        facts = facts.filter(pk__in=FactAbout.objects.filter(subject=webhook.subject).values("fact"))
    return list(facts.order_by("id").values_list("pk", flat=True)[:AT_ONCE])


def with_something_due(now: datetime) -> list[UUID]:
    """The webhooks that have something to send now. 1 query."""
    due = _due(now).order_by("webhook").values_list("webhook", flat=True)
    return list(due.distinct())


def next_due(webhook: UUID, now: datetime) -> Delivery | None:
    """What to send next to this webhook: a trial first, then facts in order; None when nothing is due. 1 query."""
    due = _due(now).filter(webhook=webhook).select_related("webhook")
    return due.order_by(F("fact").asc(nulls_first=True), "pk").first()


def _due(now: datetime) -> QuerySet[Delivery]:
    """A trial is sent even to a webhook that is paused: that is how one knows that it may resume."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now)
    return due.filter(Q(webhook__paused_at__isnull=True) | Q(fact__isnull=True))


def body_of(delivery: Delivery) -> bytes:
    """What is sent: the fact as a visitor reads it, or the words of a trial. 2 queries, and 1 a naming room."""
    said: dict[str, Any] = {"id": str(delivery.pk), "test": delivery.fact is None, "fact": None}
    if delivery.fact is not None:
        said["fact"] = _told(Fact.objects.get(pk=delivery.fact))
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _told(fact: Fact) -> dict[str, Any]:
    subjects = subjects_of([fact])
    named = name_all(VISITOR, subjects[fact.pk])
    (entry,) = entries(VISITOR, [fact], subjects)
    return {
        "number": fact.pk,
        "kind": fact.kind,
        "version": fact.version,
        "label": str(entry.label),
        "sentence": entry.text,
        "happened_at": fact.happened_at.isoformat(),
        "recorded_at": fact.recorded_at.isoformat(),
        "fictional": entry.is_fictional,
        "data": fact.data,
        # What a visitor may not name is not said to be concerned.
        "about": [
            {"id": str(subject), "name": named[subject].label, "url": urljoin(settings.TOILE_URL, named[subject].url)}
            for subject in subjects[fact.pk]
            if subject in named
        ],
    }
