"""The letters: what one holds for who reads it, what may enter it, and the list of those that left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Max, Q
from django.utils import timezone

from toile.directory.models import Letter, LetterItem, News, Subscriber
from toile.directory.models.letters import Letters, LetterState, Subscribers
from toile.directory.models.news import NewsItems
from toile.directory.queries.by_database import words_of
from toile.directory.rules.letter import month_after
from toile.kernel.lists import Asked, Found
from toile.kernel.readers import VISITOR, Reader

MOST_OFFERED: Final = 200
MOST_ITEMS: Final = 60
AT_ONCE: Final = 50
"""Subscribers written to over one connection to the mail server."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing of a letter as everybody reads it. news: None for the team's own words."""

    key: str
    title: str
    words: str
    url: str
    news: News | None = None


def shown_in(letter: Letter) -> list[Shown]:
    """What a letter shows to anybody now, in order: news hidden or withdrawn since are gone from it. 2 statements."""
    items = list(LetterItem.objects.filter(letter=letter).order_by("place", "pk")[:MOST_ITEMS])
    wanted = [item.news_id for item in items if item.news_id is not None]
    found = {news.pk: news for news in _told(_public().filter(pk__in=wanted))}
    shown = []
    for item in items:
        if item.news_id is None:
            shown.append(Shown(item.key, item.title, item.words, item.url))
        elif (news := found.get(item.news_id)) is not None:
            shown.append(Shown(item.key, news.title, news.text, news.get_absolute_url(), news))
    return shown


def offered_for(month: date, but: Collection[UUID]) -> list[News]:
    """The news of a month that a letter may still take, the latest first, 200 at most. 1 statement."""
    begins, ends = (_midnight(day) for day in (month, month_after(month)))
    rows = _public().filter(published_at__gte=begins, published_at__lt=ends).exclude(pk__in=but)
    return list(_told(rows).order_by("-published_at", "pk")[:MOST_OFFERED])


def may_hold(news: Collection[UUID]) -> set[UUID]:
    """Those of these news that anybody may read now. 1 statement."""
    return set(_public().filter(pk__in=news).values_list("pk", flat=True))


def _public() -> NewsItems:
    return News.objects.visible_to(VISITOR).online()


def _told(rows: NewsItems) -> NewsItems:
    return rows.select_related("organisation__canonical", "commune", "picture")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def letters_of_the_team(reader: Reader) -> tuple[list[Letter], list[Letter]]:
    """The drafts, and the last twelve letters that left. 2 statements."""
    seen = Letter.objects.visible_to(reader)
    drafts = seen.filter(state=LetterState.DRAFT).order_by("-month", "pk")[:12]
    return list(drafts), list(_sent(reader).order_by("-sent_at", "pk")[:12])


def next_number() -> int:
    """The number of the letter that will leave next. 1 statement."""
    return (Letter.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def count_receiving() -> int:
    """How many addresses the next letter would be sent to. 1 statement."""
    return Subscriber.objects.receiving().count()


def receiving(letter: Letter, after: UUID | None) -> Subscribers:
    """Whom a letter is still to be sent to, after one of them: who had proved their address when it left."""
    rows = Subscriber.objects.receiving().filter(confirmed_at__lte=letter.sent_at)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.order_by("pk")


def renewal_due(before: datetime) -> Sequence[Subscriber]:
    """Those whose last word is older than a moment, and who were not asked again since: some at a time. 1 statement."""
    rows = Subscriber.objects.receiving().filter(confirmed_at__lt=before, asked_at__lte=F("confirmed_at"))
    return list(rows.order_by("pk")[:AT_ONCE])


# --- The list ---------------------------------------------------------------------------------------------------------


def find_letters(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[Letter]:
    """One page of the letters that left, the latest first: 3 statements."""
    rows = _matching(reader, asked)
    page = list(rows.order_by("-sent_at", "pk")[offset : offset + limit])
    return Found(rows=page, count=rows.count(), total=_sent(reader).count())


def newer_letters(reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int) -> list[Letter]:
    """Letters that left after `since`, no later than `until`, the latest first. 1 statement."""
    rows = _matching(reader, asked).filter(sent_at__gt=since)
    if until is not None:
        rows = rows.filter(sent_at__lte=until)
    return list(rows.order_by("-sent_at", "pk")[:limit])


def _sent(reader: Reader) -> Letters:
    return Letter.objects.visible_to(reader).filter(state=LetterState.SENT)


def _matching(reader: Reader, asked: Asked) -> Letters:
    rows: Any = _sent(reader)
    for word in words_of(asked.words):
        rows = rows.filter(Q(title__icontains=word) | Q(introduction__icontains=word))
    return rows
