"""The indexes as this process reads them: opened once, again when another build is current, reloaded after a commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import tantivy

from .declaring import Collection, collections
from .places import POINTER, SUSPECT, Place
from .shape import CURSOR, schema

Stamp = tuple[int, int, int]


class IndexUnavailable(Exception):
    """The index is missing, unreadable or of another version: the caller asks the database instead."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far an index has read the outbox: the number of the change, and when it was noted, in ISO 8601.

    Another database that took the place of this one has another moment for the same number.
    """

    change: int = 0
    noted_at: str = ""


@dataclass(slots=True)
class _Opened:
    index: tantivy.Index
    build: Path
    pointer: Stamp
    commit: Stamp


_opened: Final[dict[Path, _Opened]] = {}
_lock: Final = Lock()


def _stamp(path: Path) -> Stamp:
    """What changes when a file is replaced."""
    seen = path.stat()
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


@contextmanager
def reading(code: str) -> Iterator[tuple[tantivy.Searcher, tantivy.Schema, Collection]]:
    """A collection's index as its last commit left it, the same throughout; raises `IndexUnavailable`.

    What goes wrong inside with the index itself becomes `IndexUnavailable` too, and the indexer is told.
    """
    collection = collections[code]
    place = Place.of(collection)
    fields = schema(tuple(collection.facets))
    with _trusting(place):
        yield _searcher(place), fields, collection


@contextmanager
def _trusting(place: Place) -> Iterator[None]:
    try:
        yield
    except IndexUnavailable:
        raise
    except BaseException as error:
        if not is_engine_failure(error):
            raise
        place.ask(SUSPECT)
        with _lock:
            _opened.pop(place.folder, None)
        raise IndexUnavailable(f"{place.folder}: {error}") from error


def is_engine_failure(error: BaseException) -> bool:
    """Whether the index failed, and not our code: an error of its files, or a panic, which is no `Exception`."""
    return isinstance(error, OSError | ValueError) or type(error).__name__ == "PanicException"


def _searcher(place: Place) -> tantivy.Searcher:
    try:
        pointer = _stamp(place.folder / POINTER)
        with _lock:
            opened = _opened.get(place.folder)
            if opened is None or opened.pointer != pointer:
                opened = _opened[place.folder] = _open(place, pointer)
            elif opened.commit != (commit := _stamp(opened.build / "meta.json")):
                opened.index.reload()
                opened.commit = commit
            return opened.index.searcher()
    except FileNotFoundError as missing:
        with _lock:
            _opened.pop(place.folder, None)
        raise IndexUnavailable(str(place.folder)) from missing


def _open(place: Place, pointer: Stamp) -> _Opened:
    build = place.current()
    if build is None:
        raise IndexUnavailable(str(place.folder))
    commit = _stamp(build / "meta.json")
    index = tantivy.Index.open(str(build))
    index.config_reader("manual")
    index.reload()
    return _Opened(index, build, pointer, commit)


def position(code: str) -> Position:
    """How far the index has read the outbox, as committed with its data; raises `IndexUnavailable`."""
    with reading(code) as (searcher, fields, _):
        return position_in(searcher, fields)


def position_in(searcher: tantivy.Searcher, fields: tantivy.Schema) -> Position:
    """The position that the last commit wrote."""
    found = searcher.search(tantivy.Query.term_query(fields, "id", CURSOR, "basic"), 1)
    if not found.hits:
        raise ValueError("the index has no cursor")
    return Position(*json.loads(searcher.doc(found.hits[0][1])["cursor"][0]))
