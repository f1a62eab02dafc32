"""What the invented structures tell in the demo: news and announcements near today, published in their name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from toile.accounts.models import Person
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.directory.models import News, Organisation
from toile.directory.rules.news import Kind
from toile.directory.services.news import Told, draft, publish
from toile.directory.services.news_moderation import report
from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader, reader_of
from toile.territory.models import Commune

OFFICER: Final = "chargee-de-mission"
VISITOR: Final = Actor.system("demo: visiteuse")


def stories() -> Sequence[Mapping[str, Any]]:
    """The rows of `news.toml`."""
    with Path(__file__).with_name("news.toml").open("rb") as file:
        rows: Sequence[Mapping[str, Any]] = tomllib.load(file)["news"]
        return rows


def load_news() -> int:
    """Publish them all, or none when something was already told: whatever people withdrew stays so. How many."""
    if News.objects.exists():
        return 0
    rows = stories()
    with act(Actor.of(_reader(OFFICER), "demo")):
        for row in rows:
            _publish(row)
    return len(rows)


def _publish(row: Mapping[str, Any]) -> None:
    writer = _reader(row.get("persona", OFFICER))
    actor = Actor.of(writer, "demo")
    organisation = Organisation.objects.get(pk=identity("town", row["organisation"]))
    made = draft(actor, writer, organisation, _told(row))
    publish(actor, writer, made, at=timezone.now() - timedelta(days=row["days_ago"]))
    if "reported" in row:
        report(VISITOR, News.objects.get(pk=made.pk), words=row["reported"])


def _told(row: Mapping[str, Any]) -> Told:
    today = timezone.localdate()

    def day(name: str) -> date | None:
        return today + timedelta(days=row[name]) if name in row else None

    return Told(
        Kind(row["kind"]),
        row["title"],
        row["text"].strip(),
        commune=Commune.objects.get(code=row["commune"]) if "commune" in row else None,
        place=row.get("place", ""),
        on=day("in_days"),
        until=day("until_in"),
        comments_open=row.get("comments_open", False),
    )


def _reader(persona: str) -> Reader:
    return reader_of(Person.objects.get(email=personas()[persona].email).pk)
