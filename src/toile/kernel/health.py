"""Whether this installation can answer, and what is late behind it: for a relay, and for who watches the site."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.utils import timezone

from toile.kernel.models import Job, SearchChange
from toile.kernel.search import IndexUnavailable
from toile.kernel.search.declaring import collections
from toile.kernel.search.reading import position

LATE: Final = timedelta(minutes=5)
"""From how long on a job that is due, or an index behind its outbox, is said to be late."""


def state() -> dict[str, str]:
    """Each part → `ok`, `late` (nobody does the work), `old` (tables of another version), `down`. Three statements.

    Nothing about anybody, no version, no address: anyone may read it.
    """
    try:
        return {"database": _database(), "work": _work(), "search": _search()}
    except DatabaseError:
        return {"database": "down"}


def _database() -> str:
    return "ok" if _known() <= MigrationRecorder(connection).applied_migrations().keys() else "old"


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _work() -> str:
    before = timezone.now() - LATE
    due = Q(state=Job.State.WAITING, not_before__lt=before) | Q(state=Job.State.RUNNING, lease_until__lt=before)
    return "late" if Job.objects.filter(due).exists() else "ok"


def _search() -> str:
    """Late without an index too: the site then answers from its database, to the letter."""
    before = timezone.now() - LATE
    for code in collections:
        try:
            unread = SearchChange.objects.filter(collection=code, id__gt=position(code).change, noted_at__lt=before)
        except IndexUnavailable:
            return "late"
        if unread.exists():
            return "late"
    return "ok"
