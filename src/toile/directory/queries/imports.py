"""The imports made from the site, and what each source holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, Q

from toile.directory.models import ImportRun, SourceRecord
from toile.directory.rules.sources import SOURCES

MOST = 50


def latest_runs() -> Sequence[ImportRun]:
    """The last imports from the site, newest first. 1 statement."""
    return list(ImportRun.objects.order_by("-asked_at")[:MOST])


def sources_known() -> list[tuple[str, int, int, datetime]]:
    """For each source: its label, its records, how many of them raise a doubt, when last seen. 1 statement."""
    found = (
        SourceRecord.objects.order_by()
        .values("source")
        .annotate(n=Count("pk"), doubts=Count("pk", filter=~Q(doubt="")), seen=Max("last_seen"))
    )
    lines = [(SOURCES[row["source"]].label, row["n"], row["doubts"], row["seen"]) for row in found]
    return sorted(lines, key=lambda line: (-line[1], line[0]))
