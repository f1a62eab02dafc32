"""The news that pages carry: a structure's latest, the home's, what its people write, what the team must treat."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q
from django.utils import timezone

from toile.directory.models import News, NewsComment, NewsReport, Organisation
from toile.directory.models.news import NewsItems
from toile.directory.models.organisations import Whereabouts
from toile.directory.queries.news import lines
from toile.directory.rules.news import State
from toile.kernel.readers import VISITOR, Reader

A_PAGE: Final = 30
MOST_COMMENTS: Final = 200


def latest_of(reader: Reader, canonical: UUID, *, limit: int = 3) -> list[News]:
    """The latest published items of a structure, the organisations joined to it included. 1 statement."""
    mine = lines(News.objects.visible_to(reader).online().of_structure(canonical))
    return list(mine.order_by("-published_at", "pk")[:limit])


def current_news(*, limit: int = 3) -> list[News]:
    """What is current on the territory for anybody, the latest first. 1 statement."""
    here = News.objects.visible_to(VISITOR).online().filter(ends_at__gt=timezone.now())
    here = here.exclude(organisation__canonical__whereabouts=Whereabouts.OUTSIDE)
    return list(lines(here).order_by("-published_at", "pk")[:limit])


def written_by(canonical: UUID, *, page: str | None) -> Page[News]:
    """What was written for a structure, the latest change first, thirty at a time. 2 statements."""
    written = News.objects.of_structure(canonical).exclude(state=State.WITHDRAWN, published_at__isnull=True)
    return Paginator(written.order_by("-changed_at", "pk"), A_PAGE).get_page(page)


def news_for(reader: Reader) -> NewsItems:
    """The items that this reader may open, with what their page shows."""
    return News.objects.visible_to(reader).select_related("organisation__canonical", "commune", "picture")


def was_online(reader: Reader, pk: UUID) -> bool:
    """Whether this address showed an item to this reader before its people withdrew it. 1 statement."""
    public = Organisation.objects.visible_to(reader)
    gone = News.objects.filter(pk=pk, state=State.WITHDRAWN, published_at__isnull=False, organisation__in=public)
    return gone.exists()


def comments_of(reader: Reader, news: News) -> Sequence[NewsComment]:
    """The comments under an item that this reader may read, the oldest first. 1 statement."""
    return list(NewsComment.objects.visible_to(reader).filter(news=news).order_by("made_at", "pk")[:MOST_COMMENTS])


def open_reports(news: News) -> Sequence[NewsReport]:
    """What was reported of an item and waits. 1 statement."""
    return list(news.reports.filter(closed_at__isnull=True).order_by("made_at", "pk")[:A_PAGE])


def reported_items(reader: Reader) -> NewsItems:
    """The published items of which a report waits: what was said (`reports`), since when, how many (`several`)."""
    waits = Q(reports__closed_at__isnull=True)
    waiting = News.objects.visible_to(reader).filter(
        Exists(NewsReport.objects.filter(news=OuterRef("pk"), closed_at__isnull=True)), state=State.PUBLISHED
    )
    told = Prefetch("reports", NewsReport.objects.filter(closed_at__isnull=True).order_by("made_at", "pk"))
    waiting = waiting.annotate(since=Min("reports__made_at", filter=waits), several=Count("reports", filter=waits))
    return waiting.prefetch_related(told)


def answered_items(reader: Reader) -> NewsItems:
    """The hidden items whose people answered."""
    return News.objects.visible_to(reader).filter(state=State.ANSWERED)


def structure_names(values: Collection[str]) -> Mapping[str, str]:
    """The names of public structures by their written keys, a private one never. 1 statement, 0 for no key."""
    keys = [value for value in values if _is_key(value)]
    if not keys:
        return {}
    named = Organisation.objects.visible_to(VISITOR).filter(pk__in=keys).values_list("pk", "name")
    return {str(pk): name for pk, name in named}


def _is_key(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
