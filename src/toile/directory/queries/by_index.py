"""The list's question put to the search index."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from toile.directory.models.organisations import Stage, Whereabouts
from toile.directory.queries.by_database import EVERYWHERE, FACETS, UNPLACED
from toile.directory.queries.where import Where
from toile.directory.searched import ORGANISATIONS
from toile.kernel.lists import Asked
from toile.kernel.readers import Reader
from toile.kernel.search import Around, Hits, Query, find

ORDERS: Final = frozenset({"name", "distance", "relevance"})


def question(asked: Asked, place: Where, *, gathered: str = "", offset: int = 0, limit: int = 20) -> Query:
    """The whole question, with every facet counted; `gathered`: the facet of map cells to gather rows by."""
    all_of = {} if EVERYWHERE in asked.flags else {"whereabouts": [Whereabouts.INSIDE.value]}
    if not asked.chosen("verdicts"):
        all_of["listed"] = ["yes"]
    if UNPLACED in asked.flags:
        all_of["located"] = ["no"]
    if place.communes:
        all_of["communes"] = sorted(place.communes)
    box, near = asked.box, asked.near
    return Query(
        words=asked.words,
        all_of=all_of,
        none_of={} if asked.chosen("stages") else {"stages": [Stage.CEASED.value]},
        narrowed={name: asked.chosen(name) for name in FACETS if asked.chosen(name)},
        counted=tuple(FACETS),
        gathered=gathered,
        keys=place.only,
        box=(box.west, box.south, box.east, box.north) if box else None,
        around=Around(near.lon, near.lat, near.metres) if near else None,
        order=_order(asked),
        offset=offset,
        limit=limit,
    )


def _order(asked: Asked) -> str:
    if asked.sort == "distance" and asked.near is None:
        return "name"
    if asked.sort in ORDERS:
        return asked.sort
    return "relevance" if asked.words.strip() else "name"


def ask(reader: Reader, asked: Asked, place: Where, *, gathered: str = "", offset: int = 0, limit: int = 20) -> Hits:
    """What the index answers; raises `IndexUnavailable`."""
    return find(ORGANISATIONS.code, reader, question(asked, place, gathered=gathered, offset=offset, limit=limit))


def count(reader: Reader, asked: Asked) -> int:
    """How many match, and nothing else; raises `IndexUnavailable`."""
    return find(ORGANISATIONS.code, reader, replace(question(asked, Where(), limit=0), counted=())).count
