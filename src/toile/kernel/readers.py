"""Who is reading: the frozen `Reader`, and the registry by which rooms add what they know of a person."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

EVERYONE = "public"


class Role(StrEnum):
    """The platform roles; a role says what a person does for the territory, not where they work."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    ADVISER = "adviser"
    FACILITATOR = "facilitator"
    SITE_MANAGER = "site_manager"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader, for the time of one request or job.

    person: the person's UUID, None for a visitor. organisations: those the person represents. roles: platform roles.
    reasons: organisations about which the person has a recorded reason to know (an adviser's files, say).
    """

    person: UUID | None = None
    name: str = ""
    organisations: frozenset[UUID] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    reasons: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        return self.person is not None

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def seen_by(self) -> frozenset[str]:
        """The tokens under which this reader finds things: `public`, role codes, organisation UUIDs.

        An object is visible when one of its own `seen_by` tokens is among them: the search index compares these
        tokens, the database compiles the same declaration to SQL.
        """
        return frozenset({EVERYONE, *self.roles, *map(str, self.organisations), *map(str, self.reasons)})


VISITOR = Reader()


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one room adds to the reader of a person."""

    organisations: Iterable[UUID] = ()
    roles: Iterable[str] = ()
    reasons: Iterable[UUID] = ()


NOTHING = Contribution()

Contributor = Callable[[Collection[UUID]], Mapping[UUID, Contribution]]
_contributors: list[Contributor] = []
_of_roles: list[tuple[str, Contributor]] = []


def contributes_to_readers(contributor: Contributor) -> Contributor:
    """Register a function that says what a room knows of each of these people, in a number of statements that does not
    depend on how many they are; who is left out has nothing. Rooms call it from their `readers.py`, loaded at start-up.
    """
    if contributor not in _contributors:
        _contributors.append(contributor)
    return contributor


def contributes_to_those_who_are(role: Role) -> Callable[[Contributor], Contributor]:
    """The same for what only people of one role have: nobody else's pages pay for the statement."""

    def register(contributor: Contributor) -> Contributor:
        if (role.value, contributor) not in _of_roles:
            _of_roles.append((role.value, contributor))
        return contributor

    return register


def reader_of(person: UUID, name: str = "") -> Reader:
    """The reader for a signed-in person: one call to each room that contributes (one query each)."""
    return replace(readers_of([person])[person], name=name)


def readers_of(people: Collection[UUID]) -> dict[UUID, Reader]:
    """The readers for several people, without their names: as many statements as for one."""
    told = [contributor(people) for contributor in _contributors]
    for role, contributor in _of_roles:
        holding = [person for person in people if any(role in of.get(person, NOTHING).roles for of in told)]
        if holding:
            told.append(contributor(holding))
    found = {}
    for person in people:
        parts = [of_room[person] for of_room in told if person in of_room]
        found[person] = Reader(
            person=person,
            organisations=frozenset(o for part in parts for o in part.organisations),
            roles=frozenset(r for part in parts for r in part.roles),
            reasons=frozenset(r for part in parts for r in part.reasons),
        )
    return found
