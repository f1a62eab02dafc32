"""Keeping one collection's index: following the outbox, and building it again beside the one that is read."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

import tantivy
from django.db.models import Max

from toile.kernel.models import SearchChange

from .declaring import Collection
from .places import REBUILD, SUSPECT, Place, drop_unfinished, is_sound
from .reading import Position, position_in
from .shape import CURSOR, fitted, schema, written

logger = logging.getLogger(__name__)

CHANGES_AT_ONCE: Final = 100
IDS_AT_ONCE: Final = 2000
FOLLOWING_MEMORY: Final = 30_000_000
BUILDING_MEMORY: Final = 128_000_000

Progress = Callable[[int], None]


def latest_change() -> int:
    """The number of the last change of the outbox, 0 if there never was one (pruning keeps the last)."""
    return SearchChange.objects.aggregate(last=Max("id"))["last"] or 0


class Follower:
    """The only writer of one index; it lives in the process that holds the indexer's lock."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.place = Place.of(collection)
        self.schema = schema(tuple(collection.facets))
        self.build: Path | None = None
        self.kept = Position()
        """As the index's last commit says."""
        self.read = 0
        """The last change looked at: later than `kept` where the changes since were other collections'."""
        self._writer: tantivy.IndexWriter | None = None

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the index to the outbox's end, building it first where there is none to follow; objects read again."""
        latest = latest_change()
        if self._must_build(latest):
            self.rebuild(progress)
        applied = 0
        while self.read < latest:
            applied += self._apply()
        return applied

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build everything again in a folder of its own, then make it the one that is read.

        The changes noted meanwhile have greater numbers than the position written: they are followed afterwards. An
        index that can still be followed is, between chunks. progress: called with the number of documents written.
        """
        start, build, count = _last_position(), self.place.new_build(), 0
        logger.info("index %s: building %s", self.collection.code, build.name)
        writer = fitted(tantivy.Index(self.schema, path=str(build))).writer(BUILDING_MEMORY, 1)
        with _without_collector():
            for ids in _chunks(self.collection.everything(), IDS_AT_ONCE):
                for document in self.collection.documents(ids):
                    writer.add_document(written(self.collection, document))
                    count += 1
                if progress is not None:
                    progress(count)
                self._follow_meanwhile()
        _put_position(writer, self.schema, start)
        writer.commit()
        writer.wait_merging_threads()
        self.close()
        self.place.point_to(build)
        self.place.sweep()
        self._open(build)

    def close(self) -> None:
        """Let go of the writer and of its lock; what was not committed is not in the index, nor counted as read."""
        self._writer, self.build = None, None

    def keep_position(self) -> Position:
        """Commit how far the outbox was read, even if nothing in it was ours; what may be pruned rests on it."""
        if self._writer is not None and self.read > self.kept.change and (now := _position_at(self.read)):
            self._commit(now)
        return self.kept

    def _must_build(self, latest: int) -> bool:
        """Whether there is no index to follow; one that can be is open afterwards."""
        if self.place.told(REBUILD):
            return True
        current = self.place.current()
        if current is None:
            return True
        if self.place.told(SUSPECT) and not is_sound(current):
            logger.error("index %s: damaged, built again", self.collection.code)
            return True
        if self.build != current and not self._open(current):
            return True
        if latest < self.read:
            logger.warning("index %s: the database was replaced, built again", self.collection.code)
            return True
        return False

    def _open(self, build: Path) -> bool:
        """Go on with a build; False if it is damaged, or read an outbox that is not this one (or no longer whole)."""
        self.close()
        if not is_sound(build):
            logger.error("index %s: damaged, built again", self.collection.code)
            return False
        drop_unfinished(build)
        index = fitted(tantivy.Index.open(str(build)))
        index.config_reader("manual")
        index.reload()
        self.kept = position_in(index.searcher(), self.schema)
        if self.kept.change and _position_at(self.kept.change) != self.kept:
            logger.warning("index %s: the outbox does not go back to it, built again", self.collection.code)
            return False
        self._writer = index.writer(FOLLOWING_MEMORY, 1)
        self.build, self.read = build, self.kept.change
        return True

    def _apply(self) -> int:
        """Read the next changes again and commit them with the position; how many objects of ours."""
        assert self._writer is not None
        rows = list(
            SearchChange.objects.filter(id__gt=self.read)
            .order_by("id")
            .values_list("id", "noted_at", "collection", "ids")[:CHANGES_AT_ONCE]
        )
        if not rows:
            return 0
        ours = [UUID(pk) for *_, code, ids in rows if code == self.collection.code for pk in ids]
        for ids in _chunks(dict.fromkeys(ours), IDS_AT_ONCE):
            for pk in ids:
                self._writer.delete_documents_by_term("id", str(pk))
            for document in self.collection.documents(ids):
                self._writer.add_document(written(self.collection, document))
        change, noted_at, *_ = rows[-1]
        if ours:
            self._commit(Position(change, noted_at.isoformat()))
        self.read = change
        return len(ours)

    def _commit(self, position: Position) -> None:
        assert self._writer is not None
        self._writer.delete_documents_by_term("id", CURSOR)
        _put_position(self._writer, self.schema, position)
        self._writer.commit()
        self.kept = position

    def _follow_meanwhile(self) -> None:
        """Keep the old index fresh while the new one is built, if it can be."""
        if self._writer is not None and self.place.current() == self.build:
            latest = latest_change()
            while self.read < latest:
                self._apply()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Documents hold no cycle: the collector's passes over them are a quarter of the time that a build takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _put_position(writer: tantivy.IndexWriter, fields: tantivy.Schema, position: Position) -> None:
    told = {"id": [CURSOR], "cursor": [json.dumps([position.change, position.noted_at])]}
    writer.add_document(tantivy.Document.from_dict(told, fields))


def _position_at(change: int) -> Position | None:
    """The position that an index which read up to this change holds; None if the outbox has no such change."""
    found = SearchChange.objects.filter(id=change).values_list("id", "noted_at").first()
    return None if found is None else Position(found[0], found[1].isoformat())


def _last_position() -> Position:
    found = SearchChange.objects.order_by("-id").values_list("id", "noted_at").first()
    return Position() if found is None else Position(found[0], found[1].isoformat())


def _chunks(ids: Iterable[UUID], size: int) -> Iterator[Sequence[UUID]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk
