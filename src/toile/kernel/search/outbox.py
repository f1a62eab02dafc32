"""The outbox: what an act wrote that the search indexes must read again, numbered in the order of commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from toile.kernel.acts import Act, before_commit, current_act
from toile.kernel.models import SearchChange, SearchCursor

# Any constant known to nobody else: the advisory lock under which changes are numbered.
NUMBERING_LOCK = 0x736561726368

IDS_IN_A_CHANGE: Final = 1000

KEPT: Final = timedelta(days=7)
"""A machine silent for longer builds its index again when it comes back."""


def note(collection: str, objects: Iterable[UUID]) -> None:
    """Say, inside an act, that these objects of a collection were written; the index follows within a second."""
    act = current_act()
    for pk in objects:
        act.enqueue("search", (collection, pk))


@before_commit
def insert_noted(act: Act) -> None:
    """Insert the act's changes, each object once, numbered under a lock held to the commit (as facts are)."""
    noted: dict[str, list[str]] = {}
    for code, pk in dict.fromkeys(act.surviving("search")):
        noted.setdefault(code, []).append(str(pk))
    if not noted:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])
    changes = [
        SearchChange(collection=code, ids=ids[start : start + IDS_IN_A_CHANGE])
        for code, ids in noted.items()
        for start in range(0, len(ids), IDS_IN_A_CHANGE)
    ]
    SearchChange.objects.bulk_create(changes)


def prune() -> int:
    """Delete what every index of the last 7 days has read; how many changes went.

    The change at which the slowest one stands is kept, and so is the last: by it an index knows that the outbox still
    reaches back to it. Where no index was seen for 7 days, older changes go: an index that comes back is built again.
    """
    since = timezone.now() - KEPT
    SearchCursor.objects.filter(seen_at__lt=since).delete()
    slowest = SearchCursor.objects.aggregate(change=Min("change"))["change"]
    last = SearchChange.objects.aggregate(change=Max("id"))["change"]
    if last is None:
        return 0
    read: dict[str, Any] = (
        {"id__lt": min(slowest, last)} if slowest is not None else {"id__lt": last, "noted_at__lt": since}
    )
    return SearchChange.objects.filter(**read).delete()[0]
