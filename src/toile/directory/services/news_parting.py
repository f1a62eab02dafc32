"""The news of two structures that were one: counted before they are joined, asked about when they part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.directory.belongings import AtSplit, Belonging, Written, declare
from toile.directory.models import News
from toile.kernel.typography import french_number

MOST: Final = 100


def _count(organisations: Collection[UUID]) -> dict[UUID, int]:
    rows = News.objects.filter(organisation__in=organisations).order_by()
    return dict(rows.values_list("organisation").annotate(n=Count("pk")))


def _written_since(organisations: Collection[UUID], since: datetime) -> list[Written]:
    """What was written for these structures since, by its title; nobody is named. 1 statement."""
    rows = News.objects.filter(organisation__in=organisations, written_at__gt=since).order_by("written_at", "pk")
    return [
        Written(f"{news.pk} {news.version}", _("une actualité"), news.organisation_id, value=news.title)
        for news in rows.only("organisation", "title", "version")[:MOST]
    ]


def _give(keys: Sequence[str], to: UUID) -> None:
    """These items are the other structure's: its people write them from now on. Facts stay where they were written."""
    News.objects.filter(pk__in=[key.partition(" ")[0] for key in keys]).update(organisation=to)


declare(
    Belonging(
        "news",
        lambda n: ngettext("%(n)s actualité", "%(n)s actualités", n) % {"n": french_number(n)},
        _count,
        AtSplit(_written_since, _give),
    )
)
