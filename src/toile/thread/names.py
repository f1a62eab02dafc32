"""The port through which rooms name the subjects of facts: the thread itself holds bare UUIDs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from toile.kernel.readers import Reader


@dataclass(frozen=True, slots=True)
class Named:
    """How to show a subject to a reader: its name, its page if the reader may open it, and whether it is invented."""

    label: str
    url: str = ""
    is_fictional: bool = False


Namer = Callable[[Reader, Collection[UUID]], Mapping[UUID, Named]]
_namers: list[Namer] = []


def names_subjects(namer: Namer) -> Namer:
    """Register a function that names those of the given UUIDs it knows and the reader may see (one query)."""
    if namer not in _namers:
        _namers.append(namer)
    return namer


def name_all(reader: Reader, subjects: Collection[UUID]) -> dict[UUID, Named]:
    """Names of the subjects, from every room; what nobody names (an erased person, a private project) is left out.

    A room is asked about those that no room before it named.
    """
    named: dict[UUID, Named] = {}
    for namer in _namers:
        left = [subject for subject in subjects if subject not in named]
        if left:
            named.update(namer(reader, left))
    return named
