"""Work about the news: items that somebody reported, hidden items whose people answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from toile.directory.forms_news import HideForm
from toile.directory.models import News
from toile.directory.models.news import NewsItems
from toile.directory.permissions import NEWS_MODERATE
from toile.directory.queries.news_pages import answered_items, reported_items
from toile.directory.queries.work import counted
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number
from toile.kernel.work import Counted, WorkItem, WorkKind, declare


def _items(
    rows: Callable[[Reader], NewsItems],
    since: str,
    why: Callable[[Any], str],
    told: Callable[[Any], Sequence[str]] = lambda row: (),
) -> Callable[[Reader, int], Sequence[WorkItem]]:
    """What lists a kind: the oldest first, each with its words and what treats it. 1 statement, 2 for reports."""

    def items(reader: Reader, most: int) -> Sequence[WorkItem]:
        shown = rows(reader).select_related("organisation__canonical").order_by(since, "pk")[:most]
        return [
            WorkItem(
                key=str(row.pk),
                title=row.title,
                since=getattr(row, since),
                url=reverse("news:moderate", args=[row.pk]),
                why=why(row),
                template="directory/work_news.html",
                context={"news": row, "told": told(row), "form": HideForm(auto_id=f"%s-{row.pk}")},
            )
            for row in shown
        ]

    return items


def _several(row: Any) -> str:
    told = ngettext("%(n)s signalement", "%(n)s signalements", row.several) % {"n": french_number(row.several)}
    return f"{row.organisation.canonical.name}, {told}"


def _reported(row: Any) -> Sequence[str]:
    return [report.words for report in row.reports.all()]


def _structure(row: News) -> str:
    return row.organisation.canonical.name


def _count_reported(reader: Reader) -> Counted:
    """So many items, not so many reports: an item reported twice is read once. 1 statement."""
    return counted(reported_items(reader), "since")


REPORTED = declare(
    WorkKind(
        "directory.news.reported",
        gettext_lazy("Actualités signalées"),
        NEWS_MODERATE.code,
        25,
        _count_reported,
        _items(reported_items, "since", _several, _reported),
    )
)
ANSWERED = declare(
    WorkKind(
        "directory.news.answered",
        gettext_lazy("Réponses de structures à relire"),
        NEWS_MODERATE.code,
        26,
        lambda reader: counted(answered_items(reader), "answered_at"),
        _items(answered_items, "answered_at", _structure),
    )
)
