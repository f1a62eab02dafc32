"""What the live stream reads of the log: what is new, what a listener missed, who a session still is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F
from django.http import HttpRequest

from toile.kernel.readers import Reader, reader_of
from toile.thread.kinds import OPENS_TO, Visibility
from toile.thread.models import Fact, FactAbout
from toile.thread.queries import facts_after, subjects_of

MOST_MISSED = 500
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact and what it is about."""

    fact: Fact
    about: tuple[UUID, ...]

    def is_for(self, reader: Reader, followed: frozenset[UUID]) -> bool:
        """Whether this reader may read it and asked for it; `followed` empty asks for everything."""
        if followed and followed.isdisjoint(self.about):
            return False
        return OPENS_TO[Visibility(self.fact.visibility)].lets(reader, self.about)


def newest() -> int:
    """The number of the last fact; 0 while there is none. 1 query."""
    return Fact.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def happened_after(cursor: int) -> list[Happened]:
    """What is numbered after `cursor`, in order, with its subjects; at most 2,000 rows of both. 1 query.

    One statement and not two: each is a journey to the database between what happens and who listens.
    """
    joined = Fact.objects.filter(id__gt=cursor).annotate(subject=F("abouts__subject"))
    rows = list(joined.order_by("id", "abouts__place")[:MOST_ROWS])
    found = [_happened(same) for _, same in groupby(rows, key=attrgetter("pk"))]
    if len(rows) < MOST_ROWS:
        return found
    # The last one may have been cut: it is read next, alone if it fills a whole reading.
    return found[:-1] or _with_subjects(facts_after(cursor, limit=1))


def _happened(same: Iterable[Any]) -> Happened:
    first, *others = same
    return Happened(first, tuple(row.subject for row in (first, *others) if row.subject is not None))


def missed(reader: Reader, followed: Collection[UUID], after: int, until: int) -> list[Happened] | None:
    """What this reader may read and asked for, numbered after `after` and up to `until`; None beyond 500. 2 queries."""
    facts = Fact.objects.visible_to(reader).filter(id__gt=after, id__lte=until)
    if followed:
        facts = facts.filter(pk__in=FactAbout.objects.filter(subject__in=followed).values("fact"))
    found = list(facts.order_by("id")[: MOST_MISSED + 1])
    return None if len(found) > MOST_MISSED else _with_subjects(found)


def _with_subjects(facts: Sequence[Fact]) -> list[Happened]:
    about = subjects_of(facts) if facts else {}
    return [Happened(fact, tuple(about[fact.pk])) for fact in facts]


def reader_of_session(key: str) -> Reader | None:
    """Who this session is now, roles and structures read again; None once it is over, closed or somebody else's doing.

    2 queries, and 1 for each room that knows something of people.
    """
    request = HttpRequest()
    request.session = SessionStore(key)
    person = get_user(request)
    return reader_of(person.pk, str(getattr(person, "display_name", ""))) if person.is_authenticated else None
