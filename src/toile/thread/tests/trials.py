"""A list for the tests of kept searches: things in memory, some of them for one person only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.utils import timezone

from toile.kernel.lists import Asked, Column, Entry, FacetShown, Found, ListPage, lists
from toile.kernel.readers import Reader

COLOURS = {"rouge": "Rouge", "bleu": "Bleu"}


@dataclass
class Thing:
    """What is listed. seen_by: the one person who sees it, None for everybody."""

    name: str
    changed: datetime
    colour: str = "rouge"
    seen_by: UUID | None = None


@dataclass
class Shelf:
    """The list's things; `put` adds one now."""

    things: list[Thing]

    def put(self, name: str, *, changed: datetime | None = None, **how: Any) -> Thing:
        thing = Thing(name, changed or timezone.now(), **how)
        self.things.append(thing)
        return thing

    def matching(self, reader: Reader, asked: Asked) -> list[Thing]:
        colours = asked.chosen("colours")
        return [
            thing
            for thing in self.things
            if asked.words.lower() in thing.name.lower()
            and (not colours or thing.colour in colours)
            and thing.seen_by in (None, reader.person)
        ]

    def find(self, reader: Reader, asked: Asked, offset: int, limit: int, /, **how: bool) -> Found[Thing]:
        if asked.words == "panne":
            raise ValueError("panne")
        rows = self.matching(reader, asked)
        return Found(rows[offset : offset + limit], len(rows), len(self.things))

    def newer(
        self, reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int
    ) -> Sequence[Thing]:
        if asked.words == "panne":
            raise ValueError("panne")
        rows = [thing for thing in self.matching(reader, asked) if since < thing.changed <= (until or thing.changed)]
        return sorted(rows, key=lambda thing: thing.changed, reverse=True)[:limit]


def entry(thing: Thing) -> Entry:
    return Entry(
        f"urn:x:{thing.name}", thing.name, f"/chose/{thing.name}/", f"Une chose\nqui est {thing.colour}", thing.changed
    )


def shelved() -> Iterator[Shelf]:
    """The list `things`, declared for one test at the address of the territory's thread."""
    shelf = Shelf([])
    page: ListPage[Thing] = ListPage(
        code="things",
        title="Les choses",
        route="thread:territory",
        columns=[Column("name", "Nom", lambda thing: thing.name)],
        facets=[FacetShown("couleur", "colours", "Couleur", lambda values: COLOURS)],
        sorts=[],
        find=shelf.find,
        newer=shelf.newer,
        entry=entry,
        found=lambda count, total: f"{count} sur {total}",
        file="choses",
        row_template="",
    )
    with patch.dict(lists, {"things": page}):
        yield shelf
