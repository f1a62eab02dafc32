"""Writing the thread: `record()` queues a fact in the act under way; the act's end inserts all, numbered in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from toile.kernel.acts import Act, before_commit, current_act

from .kinds import Kind, NoData, Visibility, kinds
from .models import Fact, FactAbout

# Any constant known to nobody else: the advisory lock under which facts are numbered on PostgreSQL.
NUMBERING_LOCK = 0x746F696C65


class FactRefused(ValueError):
    """A fact that its kind's declaration does not allow: a programming error."""


def record(
    kind: Kind,
    *,
    about: Sequence[UUID],
    data: Any = None,
    visibility: Visibility | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Queue one fact in the act under way.

    about: the subjects' UUIDs, the sentence's own first. data: an instance of the kind's dataclass. visibility:
    narrower than the kind's, or None. happened_at: aware; earlier than now for a backdated fact. Raises `NoAct`
    outside an act, `FactRefused` for what the kind does not allow.
    """
    act = current_act()
    if kinds.get((kind.code, kind.version)) is not kind:
        raise FactRefused(f"{kind.code} v{kind.version} is not declared")
    data = NoData() if data is None else data
    if type(data) is not kind.data:
        raise FactRefused(f"{kind.code} takes {kind.data.__name__}, not {type(data).__name__}")
    level = kind.visibility if visibility is None else visibility
    if level.width < kind.visibility.width:
        raise FactRefused(f"{kind.code} is {kind.visibility}: a fact may narrow it, not widen it to {level}")
    now = timezone.now()
    if happened_at is not None and happened_at > now:
        raise FactRefused(f"{kind.code} happens in the future")
    fact = Fact(
        kind=kind.code,
        version=kind.version,
        act=act.id,
        actor=act.actor.person,
        via=act.actor.via,
        happened_at=happened_at or now,
        recorded_at=now,
        visibility=level,
        data=asdict(data),  # type: ignore[call-overload]
    )
    act.enqueue((fact, tuple(about)))


@before_commit
def insert_queued(act: Act) -> None:
    """Insert the act's facts as its last writes.

    The lock is taken last and held to the commit: a fact with a smaller id is then always committed first, and a reader
    that asks for « id > last » never skips one. SQLite's IMMEDIATE transactions order writers by themselves.
    """
    queued = act.surviving()
    if not queued:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])
    facts = Fact.objects.bulk_create([fact for fact, _ in queued])
    FactAbout.objects.bulk_create(
        [
            FactAbout(fact=fact, subject=subject, place=place, at=fact.happened_at)
            for fact, (_, about) in zip(facts, queued, strict=True)
            for place, subject in enumerate(about)
        ]
    )
