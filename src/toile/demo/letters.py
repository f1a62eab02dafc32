"""The demo's monthly letters: two that left, one in preparation, and invented people who receive them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from toile.accounts.models import Person
from toile.demo.personas import personas
from toile.directory.models import Letter, Subscriber
from toile.directory.queries.letters import offered_for
from toile.directory.rules.letter import month_after, month_of
from toile.directory.services.letters import OwnWords, begin, note_sent, send_to_all, write
from toile.directory.services.subscribing import VERSION
from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader, reader_of
from toile.thread.digest import full_address

OFFICER: Final = "chargee-de-mission"
RECEIVE: Final = 24
IN_THE_DRAFT: Final = 3


def load_letters() -> int:
    """All of them, or none when there is one already; how many."""
    if Letter.objects.exists():
        return 0
    with Path(__file__).with_name("letters.toml").open("rb") as file:
        rows: Sequence[Mapping[str, Any]] = tomllib.load(file)["letter"]
    officer = reader_of(Person.objects.get(email=personas()[OFFICER].email).pk)
    with act(Actor.of(officer, "demo")):
        for row in rows:
            _load(officer, row)
        _receive()
    return len(rows)


def _load(officer: Reader, row: Mapping[str, Any]) -> None:
    actor = Actor.of(officer, "demo")
    month = _months_ago(row["months_ago"])
    made = begin(actor, officer, month)
    words = row["introduction"].strip()
    keys: list[str] = []
    for one in row.get("own", ()):
        own = OwnWords(one["title"], one["words"], full_address(one["path"]))
        made = _write(officer, made, words, keys, own)
        keys = [item.key for item in made.items.order_by("place", "pk")]
    if not row["sent"]:
        keys = [str(news.pk) for news in offered_for(made.month, [])[:IN_THE_DRAFT]]
        _write(officer, made, words, keys)
        return
    left = timezone.make_aware(datetime.combine(month_after(month) - timedelta(days=2), time(9, 30)))
    sent = send_to_all(actor, officer, made, version=made.version, at=left)
    note_sent(actor, sent, delivered=RECEIVE - 1, refused=1)


def _write(officer: Reader, made: Letter, words: str, keys: Sequence[str], own: OwnWords | None = None) -> Letter:
    actor, version = Actor.of(officer, "demo"), made.version
    return write(actor, officer, made, title=made.title, introduction=words, keys=keys, own=own, version=version)


def _months_ago(count: int) -> date:
    month = month_of(timezone.localdate())
    for _each in range(count):
        month = month_of(month - timedelta(days=1))
    return month


def _receive() -> None:
    since = timezone.now() - timedelta(days=100)
    Subscriber.objects.bulk_create(
        Subscriber(email=f"lettre{number}@example.org", words=VERSION, asked_at=since, confirmed_at=since)
        for number in range(1, RECEIVE + 1)
    )
