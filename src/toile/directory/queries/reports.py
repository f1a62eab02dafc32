"""The moderators' queue of reported errors."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from toile.directory.models import ErrorReport
from toile.directory.models.reports import ErrorReports, ReportState
from toile.kernel.readers import Reader

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how many reports are open and closed."""

    page: Page[ErrorReport]
    open: int
    closed: int


def reports_for(reader: Reader) -> ErrorReports:
    """The reports that this reader may treat, with their structure."""
    return ErrorReport.objects.visible_to(reader).select_related("organisation__main__commune")


def queue(reader: Reader, *, closed: bool, page: str | None) -> Queue:
    """Thirty open reports, the oldest first, or closed ones, the latest first. 3 statements."""
    counted = ErrorReport.objects.visible_to(reader).aggregate(
        open=Count("pk", filter=Q(state=ReportState.OPEN)), closed=Count("pk", filter=~Q(state=ReportState.OPEN))
    )
    shown = reports_for(reader)
    if closed:
        shown = shown.exclude(state=ReportState.OPEN).order_by("-closed_at", "pk")
    else:
        shown = shown.filter(state=ReportState.OPEN).order_by("made_at", "pk")
    return Queue(Paginator(shown, A_PAGE).get_page(page), **counted)
