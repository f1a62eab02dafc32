"""What the tests of notices share: a kind of fact of each visibility, people without quiet hours, the clock."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from unittest.mock import patch
from uuid import UUID

from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import open_account
from toile.kernel.acts import Actor, act
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Reader
from toile.thread import follower, posting
from toile.thread.kinds import Kind, Visibility, fact_kind
from toile.thread.models import Preference, Subscription
from toile.thread.rules.telling import Rhythm
from toile.thread.services import record
from toile.thread.topics import NEWS, topics

SYSTEM = Actor.system("tests")
KINDS = {
    level: fact_kind(f"tests.thing.{level.value}", sentence="se montre", label=f"Chose {level}", visibility=level)
    for level in Visibility
}
HAPPENED = KINDS[Visibility.PUBLIC]
ANNOUNCED = fact_kind("tests.news.published", sentence="annonce une fête", label="Annonce", topic=NEWS)
THING, OTHER = uuid.uuid4(), uuid.uuid4()
# After the true clock, by which the queue dates what it is asked.
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def person(name: str = "camille", **rhythms: Rhythm) -> Person:
    """Somebody whom messages reach at any hour. rhythms: by topic; each one at once where it is not said."""
    made = open_account(SYSTEM, f"{name}@exemple.test", name.capitalize())
    chosen = {code: rhythms.get(code, Rhythm.AT_ONCE).value for code in topics}
    Preference.objects.create(person=made.pk, rhythms=chosen, quiet_from=time(0), quiet_until=time(0))
    return made


def follower_of(subject: UUID = THING, name: str = "camille", **rhythms: Rhythm) -> Person:
    """Somebody who has followed this subject for long."""
    made = person(name, **rhythms)
    Subscription.objects.create(person=made.pk, subject=subject, made_at=LONG_AGO)
    return made


def reader(someone: Person) -> Reader:
    return Reader(someone.pk, someone.display_name)


def happen(about: UUID | Sequence[UUID] = THING, kind: Kind = HAPPENED, actor: Actor = SYSTEM, times: int = 1) -> None:
    with act(actor):
        for _ in range(times):
            record(kind, about=[about] if isinstance(about, UUID) else about)


def catch_up() -> int:
    """Make all the notices that are to be made; in how many steps."""
    steps = 0
    while follower.step():
        steps += 1
    return steps


def tell() -> None:
    """Follow, then write what is due, as a worker does at one of its turns."""
    catch_up()
    posting.ask()
    run_waiting()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock of this site stands at this moment."""
    with patch.object(timezone, "now", lambda: moment):
        yield
