"""Reading notices: a person's own, what they follow, how they are told; and the messages that are due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, F, Max, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader

from .models import Fact, Notice, Preference, Subscription
from .names import Named, name_all
from .queries import Entry, entries, subjects_of

PAGE = 20
MOST_COUNTED = 99
DUE_TOGETHER = 100
MOST_TOLD = 30
"""Notices written out in one message; the others are counted, and on the site."""


def notices(reader: Reader) -> QuerySet[Notice]:
    """This reader's notices, unread first, then the latest; with their facts. 1 query."""
    is_read = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1))
    return Notice.objects.visible_to(reader).select_related("fact").order_by(is_read, "-pk")


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice, and its fact as this reader's page shows it."""

    notice: Notice
    entry: Entry


def shown(reader: Reader, rows: Collection[Notice]) -> list[Shown]:
    """Notices in words. 1 query + 1 a naming room."""
    facts = [row.fact for row in rows]
    own = frozenset({reader.person} if reader.person else ())
    told = entries(reader, facts, subjects_of(facts), own=own) if facts else []
    return [Shown(row, entry) for row, entry in zip(rows, told, strict=True)]


def count_unread(reader: Reader) -> int:
    """How many notices this reader has not read, a hundred at most. 1 query."""
    unread = Notice.objects.visible_to(reader).filter(read_at__isnull=True)
    return len(unread.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])


def preference_of(reader: Reader) -> Preference:
    """How this reader is told; the defaults for who chose nothing. 1 query."""
    return Preference.objects.filter(person=reader.person).first() or Preference(person=reader.person)


def preference_to_stop(secret: UUID) -> Preference | None:
    """Whose messages this secret stops; None if nobody's any more. 1 query."""
    return Preference.objects.filter(stop=secret).first()


def is_followed(reader: Reader, subjects: Collection[UUID]) -> bool:
    """Whether this reader follows one of these identities of a thing. 1 query; none for a visitor."""
    return reader.is_signed_in and Subscription.objects.visible_to(reader).filter(subject__in=list(subjects)).exists()


def followed(reader: Reader) -> Sequence[tuple[Subscription, Named]]:
    """What this reader follows, the latest first, each with its name, if it is still theirs to see.

    1 query + 1 a naming room.
    """
    rows = list(Subscription.objects.visible_to(reader))
    named = name_all(reader, [row.subject for row in rows])
    gone = Named(_("Une page qui n’est plus ouverte"))
    return [(row, named.get(row.subject, gone)) for row in rows]


def is_due(until: datetime) -> bool:
    """Whether a message should leave by then. 1 query."""
    return Notice.objects.filter(due_at__lte=until).exists()


def due_people(until: datetime, after: UUID | None) -> Sequence[UUID]:
    """The next people with a message due by then, in order, 100 at most. 1 query."""
    rows = Notice.objects.filter(due_at__lte=until)
    if after is not None:
        rows = rows.filter(person__gt=after)
    return list(rows.order_by("person").values_list("person", flat=True).distinct()[:DUE_TOGETHER])


def count_due_people(until: datetime) -> int:
    """How many people have a message due by then. 1 query."""
    return Notice.objects.filter(due_at__lte=until).aggregate(n=Count("person", distinct=True))["n"]


@dataclass(frozen=True, slots=True)
class Due:
    """A message to write to a person. count: the notices that it gathers, up to the number `last`.

    latest: the facts of the latest 30; written: the numbers of their notices.
    """

    person: UUID
    rhythm: str
    count: int
    last: int
    latest: Sequence[Fact]
    written: Sequence[int]


def due_messages(people: Sequence[UUID], until: datetime) -> list[Due]:
    """The messages due to these people by then, one for each of their rhythms, with 30 facts each. 3 queries."""
    rows = Notice.objects.filter(person__in=people, due_at__lte=until)
    counted = rows.order_by("person", "rhythm").values_list("person", "rhythm").annotate(n=Count("pk"), last=Max("pk"))
    place = Window(RowNumber(), partition_by=[F("person"), F("rhythm")], order_by=F("pk").desc())
    latest: dict[tuple[UUID, str], list[tuple[int, int]]] = {}
    shown_first = rows.annotate(place=place).filter(place__lte=MOST_TOLD).order_by("-pk")
    for person, rhythm, pk, fact in shown_first.values_list("person", "rhythm", "pk", "fact_id"):
        latest.setdefault((person, rhythm), []).append((pk, fact))
    facts = Fact.objects.in_bulk({fact for ones in latest.values() for _, fact in ones})
    return [
        Due(
            person,
            rhythm,
            count,
            last,
            latest=[facts[fact] for _, fact in latest.get((person, rhythm), ())],
            written=[pk for pk, _ in latest.get((person, rhythm), ())],
        )
        for person, rhythm, count, last in counted
    ]


def preferences_of(people: Collection[UUID]) -> Mapping[UUID, Preference]:
    """How these people are told; who chose nothing is left out. 1 query."""
    return Preference.objects.in_bulk(list(people))
