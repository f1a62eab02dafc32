"""How a room declares what can be searched: the shape of its documents, and the functions that give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found.

    seen_by: tokens of the readers who see it (`Reader.seen_by`). names: every name it goes by, the shown one first,
    acronyms included; they weigh more than `text`. folded: more text, as `fold` leaves it (a column kept folded costs
    nothing to read). facets: name → values. point: (lon, lat) in WGS84. sort: the key of
    the order by name.
    """

    id: UUID
    seen_by: Sequence[str]
    names: Sequence[str]
    text: str = ""
    folded: str = field(default="", kw_only=True)
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    point: tuple[float, float] | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One index. version: raised when what its documents hold changes, so that every machine rebuilds it.

    facets: the names of keyword fields. documents: those of `ids` that exist, for the indexer (an id without a document
    is taken out). everything: all ids, streamed, for a rebuild. light_words: folded words that say little in a name
    (association, SARL): a search does not insist on them.
    """

    code: str
    version: int
    facets: Sequence[str]
    documents: Callable[[Sequence[UUID]], Iterable[Document]]
    everything: Callable[[], Iterator[UUID]]
    light_words: frozenset[str] = frozenset()


collections: dict[str, Collection] = {}


def declare(collection: Collection) -> Collection:
    """Register a collection; a code declared twice stops the start."""
    if collection.code in collections:
        raise ImproperlyConfigured(f"collection {collection.code} is declared twice")
    collections[collection.code] = collection
    return collection
