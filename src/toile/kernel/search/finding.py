"""Asking an index: words with their typing errors, facets that each leave out their own filter, circles, orders."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import tantivy

from toile.kernel.readers import Reader
from toile.kernel.sphere import box_around, metres_between

from .asking import EXACTLY, Words, all_together, any_of, facet_line, in_box, of_keys, stages, terms_of
from .declaring import Collection, collections
from .ranking import RANKED, nearness, rank
from .reading import reading
from .shape import facet_field, key_of
from .words import asked_words

Address = tantivy.DocAddress

MOST_ROWS: Final = 10_000
"""The longest page, and the furthest that an order by distance goes."""

FURTHEST: Final = 1_000_000
LETTERED: Final = 300
"""How many names that share letters with the words are compared with them, whole."""

ALIKE, BESIDE, MOST_ALIKE = 60, 75, 20
"""From what nearness (0 to 100) a name looks like the words: alone, beside what was found to the letter; how many."""

ENOUGH: Final = 3
"""Words that find as many to the letter are believed well typed; with fewer, names nearly the same are added."""

BELIEVED: Final = 100
"""… even if no name holds them, from so many on: it is a word of descriptions, and not a name misspelt."""


@dataclass(frozen=True, slots=True)
class Around:
    """A circle around a point: WGS84 degrees, metres."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True, slots=True)
class Query:
    """One question to an index.

    words: as typed. all_of: facet → values, any of which will do; several facets must all hold. none_of: facet → values
    that exclude. narrowed: as `all_of`, but each line is left out of that facet's own counts. counted: the facets whose
    values are counted. keys: only these objects. box: west, south, east, north. gathered: a facet whose values are
    counted with their mean point and bounds, for a map's groups. order: `relevance` (by name where no word is asked),
    `name` or `distance` (which needs `around`). limit: 10,000 at most.
    """

    words: str = ""
    all_of: Mapping[str, Some[str]] = field(default_factory=dict)
    none_of: Mapping[str, Some[str]] = field(default_factory=dict)
    narrowed: Mapping[str, Some[str]] = field(default_factory=dict)
    counted: Sequence[str] = ()
    gathered: str = ""
    keys: frozenset[UUID] | None = None
    box: tuple[float, float, float, float] | None = None
    around: Around | None = None
    order: str = "relevance"
    offset: int = 0
    limit: int = 20


@dataclass(slots=True)
class Hits:
    """What an index answered: ids in order, the number that match, counts by facet, distances in metres by id.

    scores: 0 to 100 by id, how near its name is to the words, for the first hundred by relevance. groups: value of the
    gathered facet → (count of those with a point, mean lon, mean lat, west, south, east, north).
    """

    ids: list[UUID]
    count: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    distances: dict[UUID, float] = field(default_factory=dict)
    scores: dict[UUID, float] = field(default_factory=dict)
    groups: dict[str, tuple[int, float, float, float, float, float, float]] = field(default_factory=dict)


def find(collection: str, reader: Reader, query: Query) -> Hits:
    """Answer `query` over what `reader` may see; raises `IndexUnavailable`.

    Words of which nothing can be searched (an emoji alone) find nothing.
    """
    named = {*query.all_of, *query.none_of, *query.narrowed, *query.counted, *filter(None, [query.gathered])}
    if unknown := named.difference(collections[collection].facets):
        raise KeyError(f"{collection} has no facet {', '.join(sorted(unknown))}")
    with reading(collection) as (searcher, schema, declared):
        return _Question(searcher, schema, declared, reader, query).answer()


def _names(document: tantivy.Document) -> list[str]:
    """The folded names of a document."""
    return str(document["shown"][0]).split("\n")


class _Question:
    """A query over one state of an index."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        collection: Collection,
        reader: Reader,
        query: Query,
    ) -> None:
        self.searcher, self.schema, self.query = searcher, schema, query
        self.asked = asked_words(query.words)
        self.words = Words.of(self.asked, collection.light_words) if self.asked else None
        self.narrowed = {name: facet_line(schema, name, values) for name, values in query.narrowed.items()}
        self.excluded = [facet_line(schema, name, values) for name, values in query.none_of.items() if values]
        self.metres: dict[int, float] = {}
        self.filters = [any_of(schema, "seen_by", reader.seen_by)]
        self.filters += [facet_line(schema, name, values) for name, values in query.all_of.items()]
        if query.keys is not None:
            self.filters.append(of_keys(schema, [key_of(pk) for pk in query.keys]))
        if query.box is not None:
            self.filters.append(in_box(schema, *query.box))
        if query.around is not None:
            self.metres = self._distances(query.around)
            self.filters.append(of_keys(schema, self.metres))
        self.found = self._tolerated()

    def answer(self) -> Hits:
        """Rows, then the counts of facets, then the groups, each of the same documents."""
        if self.query.words.strip() and not self.asked:
            return Hits([], 0, {name: {} for name in self.query.counted})
        hits = self._rows()
        hits.facets = self._counts()
        if self.query.gathered:
            hits.groups = self._groups()
        return hits

    def _tolerated(self) -> tantivy.Query | None:
        """The words, as tolerantly as it takes to find something; the narrowed lines do not weigh in the choice.

        Who typed well is answered to the letter. Else what is spelt nearly so, or goes by a name that looks like it.
        """
        if self.words is None:
            return None
        exactly = self.words.query(self.schema, EXACTLY)
        count = self._count(exactly)
        if count >= ENOUGH and (count > BELIEVED or self._count(self.words.in_names(self.schema))):
            return exactly
        alike = self._alike(self.words, BESIDE if count else ALIKE)
        if count:
            nearly = self.words.query(self.schema, stages(len(self.words.telling))[0])
            return tantivy.Query.disjunction_max_query([exactly, nearly, *alike])
        alike += self.words.by_initials(self.schema)
        for tolerance in stages(len(self.words.telling)):
            words = self.words.query(self.schema, tolerance)
            words = tantivy.Query.disjunction_max_query([words, *alike]) if alike else words
            if self._count(words):
                break
        return words

    def _count(self, words: tantivy.Query) -> int:
        return self._search(all_together(words, self.filters, self.excluded), 1)[0]

    def _alike(self, words: Words, least: float) -> list[tantivy.Query]:
        """The documents whose names, compared whole, look like the words: misspelt, cut elsewhere, in another order."""
        query = all_together(words.by_letters(self.schema), self.filters, self.excluded)
        found = [address for _, address in self._search(query, LETTERED, count=False)[1]]
        asked = " ".join(self.asked)
        near = [(nearness(asked, _names(self.searcher.doc(address))), -at) for at, address in enumerate(found)]
        kept = [found[-at] for score, at in sorted(near, reverse=True)[:MOST_ALIKE] if score >= least]
        if not kept:
            return []
        keys = [int(key or 0) for key in self.searcher.fast_field_values("key", kept)]
        return [tantivy.Query.const_score_query(of_keys(self.schema, keys), 1.0)]

    def _matching(self, without: str = "") -> tantivy.Query:
        lines = [line for name, line in self.narrowed.items() if name != without]
        return all_together(self.found, [*self.filters, *lines], self.excluded)

    def _rows(self) -> Hits:
        limit = max(0, min(self.query.limit, MOST_ROWS))
        offset = max(0, min(self.query.offset, FURTHEST))
        if limit == 0:
            return Hits([], self._search(self._matching(), 1)[0])
        if self.query.order == "distance" and self.query.around is not None:
            return self._nearest(offset, limit)
        if self.query.order == "relevance" and self.asked:
            return self._best(offset, limit)
        count, hits = self._search(
            self._matching(), limit, order_by_field="sort", order=tantivy.Order.Asc, offset=offset
        )
        return self._hits(count, [address for _, address in hits])

    def _best(self, offset: int, limit: int) -> Hits:
        """By relevance: the first hundred ranked by name, the later ones as the index ranked them."""
        if offset >= RANKED:
            count, later = self._search(self._matching(), limit, offset=offset)
            return self._hits(count, [address for _, address in later])
        count, found = self._search(self._matching(), max(RANKED, offset + limit))
        kept = [self.searcher.doc(address) for _, address in found[:RANKED]]
        scored = zip(found, kept, strict=False)
        named = [(float(score), _names(document)) for (score, _), document in scored]
        ranked = rank(self.asked, self.words.telling if self.words else (), named)
        first = [UUID(kept[place]["id"][0]) for _, place in ranked]
        hits = self._hits(count, [address for _, address in found[max(RANKED, offset) : offset + limit]])
        hits.scores = {pk: near for pk, (near, _) in zip(first, ranked, strict=True)}
        hits.ids = [*first[offset : offset + limit], *hits.ids]
        hits.distances = self._told(hits.ids)
        return hits

    def _nearest(self, offset: int, limit: int) -> Hits:
        count, found = self._search(self._matching(), max(1, len(self.metres)))
        addresses = [address for _, address in found]
        keys = [int(key or 0) for key in self.searcher.fast_field_values("key", addresses)]
        order = sorted(range(len(keys)), key=lambda at: (self.metres[keys[at]], keys[at]))
        return self._hits(count, [addresses[at] for at in order[offset : offset + limit]])

    def _search(self, query: tantivy.Query, limit: int, **options: Any) -> tuple[int, list[tuple[Any, Address]]]:
        """How many match, and the best of them."""
        found: Any = self.searcher.search(query, limit, **options)  # its stub forgets `count`
        return found.count or 0, found.hits

    def _hits(self, count: int, addresses: list[Address]) -> Hits:
        ids = self._ids(addresses)
        return Hits(ids, count, distances=self._told(ids))

    def _ids(self, addresses: list[Address]) -> list[UUID]:
        return [UUID(self.searcher.doc(address)["id"][0]) for address in addresses]

    def _told(self, ids: list[UUID]) -> dict[UUID, float]:
        return {pk: self.metres[key_of(pk)] for pk in ids} if self.metres else {}

    def _distances(self, around: Around) -> dict[int, float]:
        """Metres by key of every document inside a circle: those of the box around it, measured one by one."""
        box = in_box(self.schema, *box_around(around.lon, around.lat, around.metres * (1 + 1e-9)))
        query = all_together(None, [*self.filters, box], self.excluded)
        count, _ = self._search(query, 1)
        addresses = [address for _, address in self._search(query, max(1, count), count=False)[1]]
        columns = [self.searcher.fast_field_values(name, addresses) for name in ("key", "lon", "lat")]
        metres = {
            int(key): metres_between(around.lon, around.lat, lon, lat)
            for key, lon, lat in zip(*columns, strict=True)
            if key is not None and lon is not None and lat is not None
        }
        return {key: away for key, away in metres.items() if away <= around.metres}

    def _counts(self) -> dict[str, dict[str, int]]:
        """One aggregation for the facets that are not narrowed, one for each that is, without its own line."""
        free = [name for name in self.query.counted if name not in self.narrowed]
        counted = self._aggregated(self._matching(), terms_of(free)) if free else {}
        for name in self.query.counted:
            if name in self.narrowed:
                counted |= self._aggregated(self._matching(without=name), terms_of([name]))
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]}
            for name in self.query.counted
        }

    def _aggregated(self, query: tantivy.Query, asked: Mapping[str, object]) -> dict[str, Any]:
        return dict(self.searcher.aggregate(query, dict(asked)))

    def _groups(self) -> dict[str, tuple[int, float, float, float, float, float, float]]:
        measures = (("lon", "avg"), ("lat", "avg"), ("lon", "min"), ("lat", "min"), ("lon", "max"), ("lat", "max"))
        within = {f"{field}_{how}": {how: {"field": field}} for field, how in (*measures, ("lon", "value_count"))}
        grouped = {"terms": {"field": facet_field(self.query.gathered), "size": 65_000}, "aggs": within}
        found = self._aggregated(self._matching(), {"groups": grouped})
        return {
            bucket["key"]: (
                int(bucket["lon_value_count"]["value"]),
                *(bucket[f"{field}_{how}"]["value"] for field, how in measures),
            )
            for bucket in found["groups"]["buckets"]
            if bucket["lon_avg"]["value"] is not None
        }
