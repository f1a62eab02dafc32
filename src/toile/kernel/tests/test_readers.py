"""Readers: what each room adds to a person, and under which tokens they find things."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import pytest

from toile.kernel import readers
from toile.kernel.readers import VISITOR, Contribution, Reader, Role, contributes_to_readers, reader_of, readers_of

PERSON, ONE, TWO = (uuid.uuid4() for _ in range(3))


def test_a_reader_is_the_sum_of_what_each_room_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_contributors", [])
    monkeypatch.setattr(readers, "_of_roles", [])
    asked: list[object] = []

    def roles(people: Collection[uuid.UUID]) -> dict[uuid.UUID, Contribution]:
        asked.extend(people)
        return {PERSON: Contribution(roles=[Role.ADVISER])}

    contributes_to_readers(roles)
    contributes_to_readers(roles)
    both = Contribution(organisations=[ONE], reasons=[TWO], roles=[Role.BUYER])
    contributes_to_readers(lambda people: dict.fromkeys(people, both))
    assert reader_of(PERSON, "Jeanne") == Reader(
        PERSON, "Jeanne", frozenset({ONE}), frozenset({Role.ADVISER, Role.BUYER}), frozenset({TWO})
    )
    assert asked == [PERSON], "a room that registers twice is asked once"
    assert readers_of([PERSON, TWO])[TWO] == Reader(
        TWO, "", frozenset({ONE}), frozenset({Role.BUYER}), frozenset({TWO})
    )
    assert asked == [PERSON, PERSON, TWO], "a room is asked once for all"


def test_what_only_one_role_has_is_asked_for_its_people_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_contributors", [lambda people: {PERSON: Contribution(roles=[Role.ADVISER])}])
    monkeypatch.setattr(readers, "_of_roles", [])
    asked: list[object] = []

    def known(people: Collection[uuid.UUID]) -> dict[uuid.UUID, Contribution]:
        asked.append(list(people))
        return {person: Contribution(reasons=[ONE]) for person in people}

    readers.contributes_to_those_who_are(Role.ADVISER)(known)
    readers.contributes_to_those_who_are(Role.BUYER)(known)
    assert readers_of([PERSON, TWO])[PERSON].reasons == {ONE}
    assert asked == [[PERSON]]


def test_a_visitor_finds_what_is_public_only() -> None:
    assert not VISITOR.is_signed_in
    assert VISITOR.seen_by == {"public"}


def test_a_reader_finds_things_by_role_and_by_organisation() -> None:
    reader = Reader(PERSON, "", frozenset({ONE}), frozenset({Role.OFFICER}), frozenset({TWO}))
    assert reader.seen_by == {"public", "officer", str(ONE), str(TWO)}
    assert reader.has_role(Role.ADMINISTRATOR, Role.OFFICER)
    assert not reader.has_role(Role.BUYER)


def test_a_reader_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        VISITOR.roles = frozenset({Role.ADMINISTRATOR})  # type: ignore[misc]
