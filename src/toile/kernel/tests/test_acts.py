"""Acts: one transaction, its last writes, and what a rolled-back savepoint takes with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from toile.kernel import acts
from toile.kernel.acts import Act, Actor, NoAct, act, before_commit, current_act
from toile.kernel.readers import Reader

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("tests")


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What each act had left in its queue when it ended."""
    flushed: list[object] = []
    monkeypatch.setattr(acts, "_flushers", [])
    before_commit(lambda ending: flushed.append(ending.surviving("test")))
    return flushed


def write(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())


def queue_and_fail(under_way: Act, item: str) -> None:
    under_way.enqueue("test", item)
    raise ZeroDivisionError


def test_outside_an_act_there_is_none() -> None:
    with pytest.raises(NoAct):
        current_act()
    with act(ACTOR) as mine:
        assert current_act() is mine
    with pytest.raises(NoAct):
        current_act()


def test_an_act_that_fails_leaves_nothing_and_ends() -> None:
    def write_and_fail() -> None:
        with act(ACTOR):
            write("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert not Session.objects.exists()
    with pytest.raises(NoAct):
        current_act()


def test_the_queue_is_flushed_once_by_the_outermost_act_after_all_its_writes(flushed: list[object]) -> None:
    before_commit(lambda ending: write("last"))
    with CaptureQueriesContext(connection) as queries, act(ACTOR) as outer:
        outer.enqueue("test", 1)
        with act(ACTOR) as inner:
            inner.enqueue("test", 2)
            write("first")
        write("second")
        assert flushed == []
    assert flushed == [[1, 2]]
    inserts = [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    assert ["'last'" in sql for sql in inserts] == [False, False, True]


def test_a_rolled_back_savepoint_takes_what_was_queued_in_it_and_nothing_else(flushed: list[object]) -> None:
    with act(ACTOR) as outer:
        outer.enqueue("test", "before")
        for savepoint in (act(ACTOR), transaction.atomic()):
            with pytest.raises(ZeroDivisionError), savepoint:
                queue_and_fail(outer, "dropped")
        with transaction.atomic():
            outer.enqueue("test", "within")
        outer.enqueue("test", "after")
    assert flushed == [["before", "within", "after"]]


def test_an_error_while_flushing_undoes_the_act(flushed: list[object]) -> None:
    before_commit(lambda ending: 1 / 0)
    with pytest.raises(ZeroDivisionError), act(ACTOR):
        write("a")
    assert not Session.objects.exists()


def test_an_actor_is_the_reader_or_nobody() -> None:
    person = uuid.uuid4()
    assert Actor.of(Reader(person=person)) == Actor(person, "web")
    assert Actor.system("import siae") == Actor(None, "import siae")
