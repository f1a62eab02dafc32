"""What belongs to a structure, room by room: counted before two are joined, asked about when they part again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Written:
    """One thing written for an organisation since a merge. key: names it, and changes when it does.

    label: what it is, in French. value: its words, when it has some. person: whose it is, named by the page to who may
    read it.
    """

    key: str
    label: str
    organisation: UUID
    value: str = ""
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class AtSplit:
    """What a person is asked about at a split: a row written since the merge may be the other structure's.

    written: organisations, moment → what was written for them since, in order, bounded. move: inside the act of the
    split, gives what these keys name to an organisation; the rows themselves are never rewritten.
    """

    written: Callable[[Collection[UUID], datetime], Sequence[Written]]
    move: Callable[[Sequence[str], UUID], None]


@dataclass(frozen=True, slots=True)
class Belonging:
    """A kind of row that belongs to a structure.

    counted: how many, in words (« 3 personnes »). count: organisations → how many each has. at_split: None when
    nobody is asked: a fact, a source's own row, stay where they were written for ever.
    """

    code: str
    counted: Callable[[int], str]
    count: Callable[[Collection[UUID]], Mapping[UUID, int]]
    at_split: AtSplit | None = None


belongings: dict[str, Belonging] = {}


def declare(belonging: Belonging) -> Belonging:
    """Register what a room keeps for structures; a code declared twice stops the start."""
    if belonging.code in belongings:
        raise ImproperlyConfigured(f"belonging {belonging.code} is declared twice")
    belongings[belonging.code] = belonging
    return belonging
