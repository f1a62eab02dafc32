"""The ports by which rooms say whom a subject concerns without their asking, and what else a subject stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Concern:
    """A person to tell of a subject, for what is recorded from `since` on."""

    person: UUID
    subject: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What else a subject's facts are about. same: its other identities. places: where it is, for what is notable."""

    same: frozenset[UUID] = frozenset()
    places: frozenset[UUID] = frozenset()


Concerns = Callable[[Collection[UUID], UUID | None, int], Sequence[Concern]]
Surroundings = Callable[[Collection[UUID]], Mapping[UUID, Around]]
_concerns: list[Concerns] = []
_surroundings: list[Surroundings] = []


def concerns_people(source: Concerns) -> Concerns:
    """Register a function (subjects, after, most) → whom they concern: by person, after that one, at most `most` rows.

    One query. It tells whom to think of, not what they may read: each fact's own visibility decides of that.
    """
    if source not in _concerns:
        _concerns.append(source)
    return source


def stands_for(source: Surroundings) -> Surroundings:
    """Register a function that says what else those of the given subjects that it knows stand for (one query)."""
    if source not in _surroundings:
        _surroundings.append(source)
    return source


def sources() -> Sequence[Concerns]:
    """Those registered, in order."""
    return tuple(_concerns)


def around_all(subjects: Collection[UUID]) -> dict[UUID, Around]:
    """What each subject stands for, from every room; who stands for itself alone is left out."""
    found: dict[UUID, Around] = {}
    if subjects:
        for source in _surroundings:
            found.update(source(subjects))
    return found
