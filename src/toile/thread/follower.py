"""From facts to notices: reads what its cursor has not read yet, and finds whom to tell of it, each once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.readers import Reader, readers_of

from . import concerned
from .concerned import Around, Concern, around_all
from .kinds import OPENS_TO, Kind, Visibility, kinds
from .models import Cursor, Fact, Notice, Preference, Subscription
from .queries import facts_after, subjects_of
from .rules.telling import Rhythm, told_when
from .topics import ACCOUNT, FOLLOWED, MINE, NEWS, Topic

CURSOR = "notices"
ACTOR = Actor.system("follower: notices")
BATCH = 20
"""Facts read together."""
ROWS = 2000
"""Notices written in one act: about a quarter of a second on SQLite."""
NOBODY = Preference()


def step() -> bool:
    """Make the notices of the next facts, for a page of people, in the same act as the cursor; whether there is more.

    Killed anywhere, it starts again from what was kept: nobody is left out, and nobody is told twice (constraint). A
    step reads in a number of statements that does not depend on how many facts and people it treats, and writes some
    2,000 notices at most. Two statements when there is nothing to read.
    """
    if not _is_behind():
        return False
    with act(ACTOR):
        place = Cursor.objects.select_for_update().get_or_create(name=CURSOR)[0]
        within = place.within or {}
        facts = _batch(place.fact, within.get("until"))
        if not facts:
            return False
        told = _told_of(facts)
        page = _page(told, UUID(within["after"]) if "after" in within else None) if told else _Page((), None)
        Notice.objects.bulk_create(_notices(told, page.concerns), ignore_conflicts=True)
        if page.last is None:
            place.fact, place.within = facts[-1].pk, None
        else:
            place.within = {"until": facts[-1].pk, "after": str(page.last)}
        place.save()
    return True


def _is_behind() -> bool:
    read = Cursor.objects.filter(name=CURSOR).values_list("fact", flat=True).first() or 0
    return Fact.objects.filter(pk__gt=read).exists()


def _batch(after: int, until: int | None) -> Sequence[Fact]:
    """The next facts; when a batch is under way, the same ones as before."""
    return [fact for fact in facts_after(after, limit=BATCH) if until is None or fact.pk <= until]


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact to tell. about: its own subjects, which decide who may read it. reach: what one follows to be told."""

    fact: Fact
    kind: Kind
    about: Sequence[UUID]
    reach: frozenset[UUID]


def _told_of(facts: Sequence[Fact]) -> Sequence[_Told]:
    """Those that anybody may be told of: what is in the audit trail alone is looked up there."""
    shown = [fact for fact in facts if fact.visibility != Visibility.AUDIT and (fact.kind, fact.version) in kinds]
    if not shown:
        return []
    about = subjects_of(shown)
    around = around_all({subject for subjects in about.values() for subject in subjects})
    return [
        _Told(fact, kind, about[fact.pk], _reach(kind, about[fact.pk], around))
        for fact in shown
        for kind in [kinds[fact.kind, fact.version]]
    ]


def _reach(kind: Kind, about: Sequence[UUID], around: Mapping[UUID, Around]) -> frozenset[UUID]:
    """Its subjects under all their identities; for news and key moments, the places where they are too."""
    known = [around[subject] for subject in about if subject in around]
    same = frozenset().union(about, *(one.same for one in known))
    return same.union(*(one.places for one in known)) if kind.key or kind.topic is NEWS else same


@dataclass(frozen=True, slots=True)
class _Page:
    """Whom the facts may concern, whole people only. last: the last person of a page that others follow, else None."""

    concerns: Sequence[tuple[Concern, bool]]
    last: UUID | None


def _page(told: Sequence[_Told], after: UUID | None) -> _Page:
    """The next people in order, from the subscriptions and from each room; the flag says whether they asked for it.

    A source that fills its page may have cut its last person in two: that one waits for the next page.
    """
    subjects = frozenset().union(*(one.reach for one in told))
    most = max(ROWS // len(told), len(subjects)) + 1
    found: list[tuple[Concern, bool]] = []
    ends: list[UUID] = []
    for is_asked, source in [(True, _subscribed), *((False, source) for source in concerned.sources())]:
        rows = source(subjects, after, most)
        if len(rows) >= most:
            ends.append(rows[-1].person)
        found += [(row, is_asked) for row in rows]
    if not ends:
        return _Page(found, None)
    whole = [(row, is_asked) for row, is_asked in found if row.person < min(ends)]
    return _Page(whole, max(row.person for row, _ in whole))


def _subscribed(subjects: Collection[UUID], after: UUID | None, most: int) -> Sequence[Concern]:
    rows = Subscription.objects.filter(subject__in=subjects)
    if after is not None:
        rows = rows.filter(person__gt=after)
    values = rows.order_by("person", "subject").values_list("person", "subject", "made_at")
    return [Concern(*row) for row in values[:most]]


@dataclass(slots=True)
class _Person:
    """What a person follows, and what concerns them, since when; how they read and want to be told."""

    reader: Reader
    preference: Preference
    followed: dict[UUID, datetime] = field(default_factory=dict)
    mine: dict[UUID, datetime] = field(default_factory=dict)

    def topic(self, told: _Told) -> Topic | None:
        """Under which topic this person is told of a fact; None if they are not."""
        fact = told.fact
        if fact.actor == self.reader.person or not OPENS_TO[Visibility(fact.visibility)].lets(self.reader, told.about):
            return None
        mine, followed = (
            any(subject in of and of[subject] <= fact.recorded_at for subject in told.reach)
            for of in (self.mine, self.followed)
        )
        if not (mine or followed):
            return None
        if told.kind.topic is not None:
            return told.kind.topic
        if self.reader.person in told.about:
            return ACCOUNT
        return MINE if mine else FOLLOWED


def _notices(told: Sequence[_Told], concerns: Sequence[tuple[Concern, bool]]) -> list[Notice]:
    now = timezone.now()
    made = []
    for person in _people(concerns).values():
        for one in told:
            topic = person.topic(one)
            if topic is None:
                continue
            rhythm = person.preference.rhythm(topic)
            if rhythm is Rhythm.NEVER:
                continue
            due = None if person.preference.paused_at else told_when(rhythm, person.preference.quiet, now)
            made.append(_notice(person, one, topic, rhythm=rhythm, due_at=due, made_at=now))
    return made


def _notice(person: _Person, one: _Told, topic: Topic, **how: Any) -> Notice:
    return Notice(person=person.reader.person, fact=one.fact, topic=topic.code, **how)


def _people(concerns: Sequence[tuple[Concern, bool]]) -> Mapping[UUID, _Person]:
    """The people of a page, as they read now: a role or a structure lost a moment ago counts."""
    wanted = sorted({concern.person for concern, _ in concerns})
    if not wanted:
        return {}
    chosen = Preference.objects.in_bulk(wanted)
    people = {pk: _Person(reader, chosen.get(pk, NOBODY)) for pk, reader in readers_of(wanted).items()}
    for concern, is_asked in concerns:
        kept = people[concern.person].followed if is_asked else people[concern.person].mine
        kept[concern.subject] = min(concern.since, kept.get(concern.subject, concern.since))
    return people
