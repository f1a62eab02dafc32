"""Writing the thread: `record()` queues a fact, the act's end inserts all, in order; and the searches people keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Act, Actor, act, before_commit, current_act
from toile.kernel.errors import UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader

from .kinds import Kind, NoData, Visibility, kinds
from .models import Cadence, Fact, FactAbout, SavedSearch
from .permissions import CHANGE, KEEP

# Any constant known to nobody else: the advisory lock under which facts are numbered on PostgreSQL.
NUMBERING_LOCK = 0x746F696C65
# Where PostgreSQL says, at the commit, that there are new facts; the live stream listens to it.
CHANNEL = "toile_facts"


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
    act.enqueue("facts", (fact, tuple(about)))


@before_commit
def insert_queued(act: Act) -> None:
    """Insert the act's facts as its last writes.

    The lock is taken last and held to the commit: a fact with a smaller id is then always committed first, and a reader
    that asks for « id > last » never skips one. SQLite's IMMEDIATE transactions order writers by themselves.
    """
    queued = act.surviving("facts")
    if not queued:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s), pg_notify(%s, '')", [NUMBERING_LOCK, CHANNEL])
    facts = Fact.objects.bulk_create([fact for fact, _ in queued])
    FactAbout.objects.bulk_create(
        [
            FactAbout(fact=fact, subject=subject, place=place, at=fact.happened_at)
            for fact, (_, about) in zip(facts, queued, strict=True)
            for place, subject in enumerate(about)
        ]
    )


# --- Searches that people keep ---------------------------------------------------------------------------------------

MOST_KEPT = 50


class TooManySearches(UserError):
    """A person keeps as many searches as one may."""


def keep(reader: Reader, code: str, query: str, name: str, cadence: str = Cadence.NEVER) -> tuple[SavedSearch, bool]:
    """Keep a search for its reader; whether it is a new one. The one already kept keeps its name, and takes a rhythm.

    code: of a declared list. query: as `searches.normalised` writes it. No fact is recorded: what somebody looks for
    is nobody else's business. Raises `TooManySearches` beyond 50 (two requests at the same instant may make one more).
    """
    require(reader, KEEP.code)
    assert reader.person is not None
    with act(Actor.of(reader)):
        mine = SavedSearch.objects.visible_to(reader)
        same = mine.filter(list=code, query=query).first()
        if same is None and mine.count() >= MOST_KEPT:
            raise TooManySearches(
                _("Vous gardez déjà %(most)s recherches : supprimez-en une pour garder celle-ci.") % {"most": MOST_KEPT}
            )
        kept, is_new = SavedSearch.objects.get_or_create(
            person=reader.person, list=code, query=query, defaults={"name": name, "cadence": cadence}
        )
        if not is_new and cadence != Cadence.NEVER:
            _set_cadence(kept, cadence)
            kept.save(update_fields=["cadence", "told_until"])
        return kept, is_new


def change_search(reader: Reader, search: SavedSearch, name: str, cadence: str) -> None:
    """Give a kept search another name or rhythm. Raises `Forbidden`."""
    require(reader, CHANGE.code, owners=search.owners())
    with act(Actor.of(reader)):
        search.name = name
        _set_cadence(search, cadence)
        search.save(update_fields=["name", "cadence", "told_until"])


def _set_cadence(search: SavedSearch, cadence: str) -> None:
    """Messages that begin tell what happens from now on, not since the search was kept."""
    if search.cadence == Cadence.NEVER and cadence != Cadence.NEVER:
        search.told_until = timezone.now()
    search.cadence = cadence


def forget(reader: Reader, search: SavedSearch) -> None:
    """Delete a kept search; nothing of it remains. Raises `Forbidden`."""
    require(reader, CHANGE.code, owners=search.owners())
    with act(Actor.of(reader)):
        search.delete()


def stop_messages(search: SavedSearch) -> None:
    """End the messages of a search, for whoever holds its secret link; it stays kept. Twice does no more than once."""
    with act(Actor.system("mail: stop")):
        SavedSearch.objects.filter(pk=search.pk).update(cadence=Cadence.NEVER)


def note_told(actor: Actor, search: SavedSearch, until: datetime) -> None:
    """Remember that what is older than `until` was told; nothing if the rhythm changed meanwhile."""
    with act(actor):
        SavedSearch.objects.filter(pk=search.pk, told_until=search.told_until).update(told_until=until)
