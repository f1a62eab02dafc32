"""A collection of the tests' own: what it holds is in memory, or in one file read by processes."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from toile.kernel.acts import Actor, act
from toile.kernel.readers import EVERYONE
from toile.kernel.search import Collection, Document, collections, declare, note

ACTOR = Actor.system("tests")
CODE = "tests_things"
held: dict[UUID, Document] = {}


def thing(
    *names: str,
    text: str = "",
    seen_by: Sequence[str] = (EVERYONE,),
    point: tuple[float, float] | None = None,
    **facets: Sequence[str],
) -> Document:
    return Document(uuid.uuid4(), seen_by, names, text, facets, point, names[0].lower())


def _held() -> dict[UUID, Document]:
    """What is held; by a process, the names in the file of TESTS_THINGS, by id."""
    if kept := os.environ.get("TESTS_THINGS"):
        names = json.loads(Path(kept).read_text())
        return {UUID(pk): Document(UUID(pk), [EVERYONE], [name], sort=name) for pk, name in names.items()}
    return held


def documents(ids: Sequence[UUID]) -> Iterable[Document]:
    now = _held()
    return [now[pk] for pk in ids if pk in now]


def everything() -> Iterator[UUID]:
    return iter(list(_held()))


THINGS = collections.get(CODE) or declare(
    Collection(CODE, 1, ("family", "place", "cell"), documents, everything, frozenset({"association", "assoc", "sarl"}))
)


def write(*things: Document) -> list[UUID]:
    """Write things as a service does, in one act."""
    with act(ACTOR):
        held.update({one.id: one for one in things})
        note(CODE, [one.id for one in things])
    return [one.id for one in things]


def remove(*ids: UUID) -> None:
    with act(ACTOR):
        for pk in ids:
            del held[pk]
        note(CODE, ids)
