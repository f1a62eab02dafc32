"""Facts: recorded inside acts only, as declared, in one statement, and for ever."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from toile.kernel.acts import Actor, NoAct, act
from toile.thread import triggers
from toile.thread.kinds import Visibility, data_of, fact_kind
from toile.thread.models import Fact, FactAbout
from toile.thread.services import FactRefused, record

pytestmark = pytest.mark.django_db
PERSON = uuid.uuid4()
ACTOR = Actor(PERSON, "web")


@dataclass(frozen=True, slots=True)
class MovedData:
    """to: where."""

    to: str


MOVED = fact_kind("tests.thing.moved", sentence="s’installe à {to}", label="Déménagement", data=MovedData)
KEPT = fact_kind("tests.thing.kept", sentence="est gardé", label="Garde", visibility=Visibility.ADVISERS)


def kinds_recorded() -> list[str]:
    return list(Fact.objects.order_by("id").values_list("kind", flat=True))


def test_a_fact_keeps_who_did_it_by_which_way_and_what_it_is_about() -> None:
    one, two = uuid.uuid4(), uuid.uuid4()
    with act(ACTOR) as mine:
        record(MOVED, about=[one, two], data=MovedData("Firminy"))
    fact = Fact.objects.get()
    assert (fact.kind, fact.actor, fact.via, fact.act) == ("tests.thing.moved", PERSON, "web", mine.id)
    assert (fact.data, fact.visibility) == ({"to": "Firminy"}, "public")
    assert list(fact.abouts.order_by("place").values_list("subject", flat=True)) == [one, two]


def test_a_fact_outside_an_act_is_refused() -> None:
    with pytest.raises(NoAct):
        record(MOVED, about=[uuid.uuid4()], data=MovedData("Firminy"))


@pytest.mark.parametrize("data", [None, {"to": "Firminy"}, "Firminy"])
def test_data_that_the_kind_does_not_declare_is_refused(data: object) -> None:
    with act(ACTOR), pytest.raises(FactRefused, match="MovedData"):
        record(MOVED, about=[uuid.uuid4()], data=data)
    assert kinds_recorded() == []


def test_a_kind_that_no_room_declared_is_refused() -> None:
    with act(ACTOR), pytest.raises(FactRefused, match="declared"):
        record(replace(MOVED, visibility=Visibility.AUDIT), about=[uuid.uuid4()], data=MovedData("Firminy"))


def test_stored_data_with_a_field_that_the_kind_does_not_have_is_refused_when_read() -> None:
    with pytest.raises(TypeError):
        data_of(MOVED, {"to": "Firminy", "name": "Jeanne"})


def test_a_kind_is_declared_once_with_a_name_in_three_parts_and_frozen_data() -> None:
    with pytest.raises(ImproperlyConfigured, match="twice"):
        fact_kind("tests.thing.moved", sentence="", label="")
    with pytest.raises(ImproperlyConfigured, match="room"):
        fact_kind("moved", sentence="", label="")
    with pytest.raises(ImproperlyConfigured, match="frozen"):
        fact_kind("tests.thing.thawed", sentence="", label="", data=dict)


def test_a_fact_may_narrow_the_visibility_of_its_kind_and_never_widen_it() -> None:
    for level in Visibility:
        with act(ACTOR):
            if level.width < Visibility.ADVISERS.width:
                with pytest.raises(FactRefused, match="widen"):
                    record(KEPT, about=[uuid.uuid4()], visibility=level)
            else:
                record(KEPT, about=[uuid.uuid4()], visibility=level)
    assert set(Fact.objects.values_list("visibility", flat=True)) == {"advisers", "own", "audit"}


def test_a_backdated_fact_says_so_and_one_in_the_future_is_refused() -> None:
    now = timezone.now()
    with act(ACTOR):
        record(KEPT, about=[uuid.uuid4()], happened_at=now - timedelta(days=400))
        record(KEPT, about=[uuid.uuid4()], happened_at=now - timedelta(hours=3))
        with pytest.raises(FactRefused, match="future"):
            record(KEPT, about=[uuid.uuid4()], happened_at=now + timedelta(minutes=1))
    assert [fact.is_backdated for fact in Fact.objects.order_by("id")] == [True, False]


# --- Acts ------------------------------------------------------------------------------------------------------------


def record_and_fail() -> None:
    record(KEPT, about=[uuid.uuid4()])
    raise ZeroDivisionError


def fail_inside(savepoint: AbstractContextManager[object]) -> None:
    with pytest.raises(ZeroDivisionError), savepoint:
        record_and_fail()


def test_an_error_that_leaves_a_savepoint_drops_what_it_queued() -> None:
    with act(ACTOR):
        record(MOVED, about=[uuid.uuid4()], data=MovedData("1"))
        fail_inside(act(ACTOR))
        fail_inside(transaction.atomic())
        with transaction.atomic():
            fail_inside(transaction.atomic())
            record(MOVED, about=[uuid.uuid4()], data=MovedData("2"))
    assert [fact.data["to"] for fact in Fact.objects.order_by("id")] == ["1", "2"]


def test_what_an_inner_savepoint_kept_goes_with_the_outer_one_that_fails() -> None:
    def keep_then_fail() -> None:
        with act(ACTOR):
            record(KEPT, about=[uuid.uuid4()])
        raise ZeroDivisionError

    with act(ACTOR):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            keep_then_fail()
        record(MOVED, about=[uuid.uuid4()], data=MovedData("1"))
    assert kinds_recorded() == ["tests.thing.moved"]


def test_an_act_that_fails_records_nothing() -> None:
    with pytest.raises(ZeroDivisionError), act(ACTOR):
        record_and_fail()
    assert kinds_recorded() == []


def test_inner_acts_join_the_outer_one() -> None:
    with act(ACTOR) as outer:
        record(KEPT, about=[uuid.uuid4()])
        with act(Actor.system("inner")) as inner:
            assert inner is outer
            record(KEPT, about=[uuid.uuid4()])
        assert kinds_recorded() == [], "facts are numbered at the end of the outermost act"
    assert set(Fact.objects.values_list("act", "via")) == {(outer.id, "web")}


def test_the_facts_of_an_act_are_its_last_writes_in_one_statement_for_each_table() -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        act(ACTOR),
    ):
        for _ in range(40):
            record(KEPT, about=[uuid.uuid4(), uuid.uuid4()])
    inserts = [query["sql"].split('"')[1] for query in queries if query["sql"].startswith("INSERT")]
    assert inserts == ["thread_fact", "thread_factabout"]
    assert FactAbout.objects.count() == 80


@pytest.mark.django_db(transaction=True)
def test_an_act_refuses_to_start_inside_another_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), act(ACTOR):
        pass


# --- For ever --------------------------------------------------------------------------------------------------------

CHANGES = [
    "UPDATE thread_fact SET kind = 'x'",
    "UPDATE thread_factabout SET place = 9",
    "DELETE FROM thread_factabout",
    "DELETE FROM thread_fact",
]
REPLACES = [
    "INSERT OR REPLACE INTO thread_fact SELECT * FROM thread_fact",
    "INSERT OR REPLACE INTO thread_factabout SELECT * FROM thread_factabout",
    "REPLACE INTO thread_factabout (fact_id, place, subject, at) SELECT fact_id, place, 'x', at FROM thread_factabout",
]
TRUNCATES = ["TRUNCATE thread_factabout", "TRUNCATE thread_fact CASCADE"]


@pytest.mark.parametrize(
    "change",
    [
        *CHANGES,
        *(pytest.param(change, marks=pytest.mark.sqlite) for change in REPLACES),
        *(pytest.param(change, marks=pytest.mark.postgres) for change in TRUNCATES),
    ],
)
def test_the_database_itself_refuses_to_change_a_fact(change: str) -> None:
    with act(ACTOR):
        record(KEPT, about=[uuid.uuid4()])
    connection.check_constraints()  # else PostgreSQL refuses TRUNCATE for another reason
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert kinds_recorded() == ["tests.thing.kept"]


def test_every_trigger_is_there() -> None:
    assert triggers.missing() == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_triggers_come_back_after_a_migration_that_remakes_the_tables() -> None:
    with connection.schema_editor() as editor:
        for model in (Fact, FactAbout):
            editor._remake_table(model)
    assert len(triggers.missing()) == 6
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_the_flush_after_a_transactional_test_empties_the_thread_first_half() -> None:
    with act(ACTOR):
        record(KEPT, about=[uuid.uuid4()])
    assert kinds_recorded() == ["tests.thing.kept"]


@pytest.mark.django_db(transaction=True)
def test_the_flush_after_a_transactional_test_empties_the_thread_second_half() -> None:
    assert kinds_recorded() == []
    assert triggers.missing() == []
