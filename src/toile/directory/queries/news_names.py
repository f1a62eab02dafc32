"""How facts name news: by their title to who may read them, by nothing of it once they are taken back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from toile.directory.models import News
from toile.directory.models.news import seen_through
from toile.directory.rules.news import State
from toile.kernel.readers import Reader
from toile.thread.names import Named


def news_names(reader: Reader, subjects: Collection[UUID]) -> dict[UUID, Named]:
    """Title and page of the published items among `subjects` whose structure the reader sees. 1 query.

    The facts about an item outlive its words: withdrawn or hidden, they say only that it is no longer online.
    """
    found = News.objects.filter(seen_through(reader), pk__in=subjects).select_related("organisation")
    return {
        news.pk: Named(news.title, news.get_absolute_url(), news.organisation.is_fictional)
        if news.state == State.PUBLISHED
        else Named(_("elle n’est plus en ligne"))
        for news in found.only("title", "state", "organisation__invention")
    }
