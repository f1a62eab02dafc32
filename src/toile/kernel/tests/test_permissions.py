"""The table of permissions: who may do what, in which state, to whose object."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured

from toile.kernel import permissions
from toile.kernel.errors import Forbidden, NotVisible
from toile.kernel.models import Job
from toile.kernel.permissions import Permission, Table, Who, get_for, holds, permission, require, table
from toile.kernel.readers import VISITOR, Reader, Role

MINE, THEIRS = uuid.uuid4(), uuid.uuid4()
MEMBER = Reader(uuid.uuid4(), "membre", organisations=frozenset({MINE}))
OFFICER = Reader(uuid.uuid4(), "chargée de mission", roles=frozenset({Role.OFFICER}))
STRANGER = Reader(uuid.uuid4(), "inconnue")


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Permission:
    """A line that members and officers hold, on drafts."""
    line = permission("tests.sheet.edit", Who.MEMBER, Role.OFFICER, label="modifier la fiche", states=["draft"])
    monkeypatch.setitem(table.permissions, line.code, line)
    return line


@pytest.mark.parametrize(
    ("reader", "owners", "state", "expected"),
    [
        (VISITOR, {MINE}, "draft", False),
        (MEMBER, {MINE}, "draft", True),
        (MEMBER, {THEIRS}, "draft", False),
        (MEMBER, {MINE}, "closed", False),
        (OFFICER, {THEIRS}, "draft", True),
        (OFFICER, {THEIRS}, "closed", False),
        (STRANGER, {MINE}, "draft", False),
        (STRANGER, (), "draft", False),
        (OFFICER, (), "draft", True),
        (STRANGER, None, None, True),
        (VISITOR, None, None, False),
    ],
)
def test_members_act_on_their_own_objects_and_roles_on_all_in_the_declared_states(
    declare: Permission, reader: Reader, owners: object, state: str | None, expected: bool
) -> None:
    assert holds(reader, declare.code, owners=owners, state=state) is expected  # type: ignore[arg-type]


def test_a_refusal_says_what_cannot_be_done(declare: Permission) -> None:
    with pytest.raises(Forbidden, match="modifier la fiche"):
        require(STRANGER, declare.code, owners={MINE})


@pytest.mark.django_db
def test_an_object_that_the_reader_may_not_see_does_not_exist_for_them() -> None:
    job = Job.objects.create(kind="tests", actor=MEMBER.person)
    assert get_for(MEMBER, Job.objects, to="kernel.job.cancel", pk=job.pk) == job
    with pytest.raises(NotVisible):
        get_for(STRANGER, Job.objects, to="kernel.job.cancel", pk=job.pk)
    with pytest.raises(Forbidden):
        get_for(MEMBER, Job.objects, to="kernel.job.run_again", pk=job.pk)


def test_an_unknown_permission_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        holds(OFFICER, "tests.nothing.do")


def test_a_code_declared_twice_or_a_route_without_permission_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = permission("public", Who.SIGNED_IN, label="autre chose")
    monkeypatch.setattr(permissions, "PERMISSIONS", [*permissions.PERMISSIONS, twice])
    with pytest.raises(ImproperlyConfigured, match="twice"):
        Table().load()
    monkeypatch.undo()
    monkeypatch.setitem(permissions.ROUTES, "kernel:lost", "tests.nothing.do")
    with pytest.raises(ImproperlyConfigured, match="kernel:lost"):
        Table().load()
