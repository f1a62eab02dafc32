"""The imports made from the site, and what each source holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from toile.directory.models import ImportRun, SourceRecord
from toile.directory.models.imports import RunState
from toile.directory.rules.sources import SOURCES
from toile.kernel.models import ACTIVE, Job

MOST = 50


def latest_runs() -> Sequence[ImportRun]:
    """The last imports from the site, newest first. 1 statement."""
    return list(ImportRun.objects.order_by("-asked_at")[:MOST])


def why_stopped(run: ImportRun) -> str:
    """The sentence that says why an import ended without a report; empty while it runs or when it is done. 1 statement.

    A worker that met an unexpected error leaves the run as it was: its job tells.
    """
    if run.state == RunState.FAILED:
        return run.failure
    if run.state != RunState.RUNNING or run.job is None:
        return ""
    ended = Job.objects.filter(pk=run.job).exclude(state__in=ACTIVE).values_list("error", flat=True).first()
    return "" if ended is None else ended or _("Le travail s’est arrêté avant la fin.")


def sources_known() -> list[tuple[str, int, int, datetime]]:
    """For each source: its label, its records, how many of them raise a doubt, when last seen. 1 statement."""
    found = (
        SourceRecord.objects.order_by()
        .values("source")
        .annotate(n=Count("pk"), doubts=Count("pk", filter=~Q(doubt="")), seen=Max("last_seen"))
    )
    lines = [(SOURCES[row["source"]].label, row["n"], row["doubts"], row["seen"]) for row in found]
    return sorted(lines, key=lambda line: (-line[1], line[0]))
