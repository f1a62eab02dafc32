"""Jobs: asked for once, resumed where they were, taken over from the dead, stopped, retried, shown to who asked."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import At, Every, LeaseLost, RunningJob, enqueue, job, run_waiting, run_worker, timed
from toile.kernel.jobs.kinds import timetable
from toile.kernel.jobs.queue import UnknownJob, cancel, enqueue_due, run_again
from toile.kernel.jobs.worker import claim
from toile.kernel.models import DueInstant, Job
from toile.kernel.readers import Reader, Role
from toile.kernel.testing import OwnDatabase, own_database

pytestmark = pytest.mark.django_db
WORKSHOP = Path(__file__).parent / "workshop.py"
ADMINISTRATOR = Reader(person=uuid.uuid4(), name="A", roles=frozenset({Role.ADMINISTRATOR}))
SOMEBODY = Reader(person=uuid.uuid4(), name="B")
ASKED = Actor.of(SOMEBODY)
seen: list[object] = []


@job("tests.note", label="Noter")
def note(running: RunningJob, what: str) -> None:
    seen.append((what, running.cursor, running.actor))
    running.progress(3, 3, "fini")
    running.set_result("/annuaire/")


@job("tests.refuse", label="Refuser")
def refuse(running: RunningJob) -> None:
    raise UserError("Ce fichier n’est pas une liste de structures.")


@job("tests.break", label="Casser", retries=2)
def break_down(running: RunningJob) -> None:
    seen.append(running.cursor)
    raise ValueError("jeanne@exemple.fr")


@job("tests.steps", label="Marcher")
def steps(running: RunningJob, stop_at: int = 0) -> None:
    for number in range((running.cursor or 0) + 1, 6):
        running.save_cursor(number)
        seen.append(number)
        if number == stop_at:
            cancel(SOMEBODY, Job.objects.get(pk=running.id))
        if running.cancelled:
            return


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


@pytest.fixture
def empty_timetable() -> Iterator[None]:
    with patch.dict(timetable, clear=True):
        yield


def test_a_job_runs_with_its_arguments_in_the_name_of_who_asked() -> None:
    asked = enqueue(ASKED, "tests.note", what="bonjour")
    assert run_waiting() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total, asked.message) == ("done", 3, 3, "fini")
    assert asked.result_url == "/annuaire/"
    assert seen == [("bonjour", None, Actor(SOMEBODY.person, "job: tests.note"))]


def test_an_unknown_kind_is_a_programming_error() -> None:
    with pytest.raises(UnknownJob):
        enqueue(ASKED, "tests.unheard_of")


def test_the_same_key_gives_the_same_job_while_it_is_active_and_another_one_afterwards() -> None:
    first = enqueue(ASKED, "tests.note", key="one", what="1")
    assert enqueue(Actor.system("other"), "tests.note", key="one", what="2").pk == first.pk
    assert enqueue(ASKED, "tests.note", key="two", what="3").pk != first.pk
    run_waiting()
    assert enqueue(ASKED, "tests.note", key="one", what="4").pk != first.pk


def test_a_job_asked_in_an_act_that_fails_was_never_asked() -> None:

    def ask_and_fail() -> None:
        with act(ASKED):
            enqueue(ASKED, "tests.note", what="1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert not Job.objects.exists()


def test_a_refusal_is_told_with_its_sentence_and_is_not_tried_again() -> None:
    asked = enqueue(ASKED, "tests.refuse")
    assert run_waiting() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.error) == ("failed", "Ce fichier n’est pas une liste de structures.")


def test_an_unexpected_error_is_loud_in_the_log_and_keeps_nobodys_data(caplog: pytest.LogCaptureFixture) -> None:
    asked = enqueue(ASKED, "tests.break")
    with caplog.at_level(logging.ERROR):
        run_waiting()
    asked.refresh_from_db()
    assert "ValueError: jeanne@exemple.fr" in caplog.text
    assert asked.state == "waiting"
    assert asked.not_before > timezone.now()
    assert "ValueError" in asked.error
    assert "jeanne" not in asked.error


def test_retries_are_bounded() -> None:
    asked = enqueue(ASKED, "tests.break")
    for _ in range(10):
        Job.objects.filter(state="waiting").update(not_before=timezone.now())
        run_waiting()
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert len(seen) == 3


def test_a_job_that_kills_its_workers_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    asked = enqueue(ASKED, "tests.break")
    for _ in range(3):
        assert claim(lease=-1) is not None
    assert claim() is None
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "interrompu" in asked.error


def test_a_run_that_lost_its_lease_writes_nothing_more() -> None:
    enqueue(ASKED, "tests.steps")
    first, second = claim(lease=-1), claim()
    assert first is not None
    assert second is not None
    assert first.pk == second.pk
    late = RunningJob(first, Event())
    with pytest.raises(LeaseLost):
        late.save_cursor(4)
    with pytest.raises(LeaseLost):
        late.progress(4, 4)
    late.end(Job.State.DONE)
    second.refresh_from_db()
    assert (second.state, second.cursor) == ("running", None)


def test_a_job_under_a_live_lease_is_left_to_its_worker() -> None:
    enqueue(ASKED, "tests.steps")
    assert claim() is not None
    assert claim() is None


def test_a_stopped_job_keeps_its_cursor_and_resumes_there_when_run_again() -> None:
    asked = enqueue(ASKED, "tests.steps", stop_at=2)
    run_waiting()
    asked.refresh_from_db()
    assert (asked.state, asked.cursor) == ("cancelled", 2)
    run_again(ADMINISTRATOR, asked)
    run_waiting()
    asked.refresh_from_db()
    assert asked.state == "done"
    assert seen == [1, 2, 3, 4, 5]


def test_a_done_job_run_again_starts_afresh() -> None:
    asked = enqueue(ASKED, "tests.steps")
    run_waiting()
    asked.refresh_from_db()
    run_again(ADMINISTRATOR, asked)
    run_waiting()
    assert seen == [1, 2, 3, 4, 5] * 2


def test_a_waiting_job_is_stopped_at_once() -> None:
    asked = enqueue(ASKED, "tests.note", what="1")
    cancel(SOMEBODY, asked)
    assert run_waiting() == 0
    asked.refresh_from_db()
    assert asked.state == "cancelled"


def test_only_administrators_run_again_and_only_who_asked_or_they_stop() -> None:
    asked = enqueue(ASKED, "tests.note", what="1")
    with pytest.raises(Forbidden):
        run_again(SOMEBODY, asked)
    with pytest.raises(Forbidden):
        cancel(Reader(person=uuid.uuid4()), asked)
    with pytest.raises(Forbidden):
        cancel(SOMEBODY, enqueue(Actor.system("timed"), "tests.note", what="2"))


def test_an_active_job_is_not_run_again_beside_itself() -> None:
    asked = enqueue(ASKED, "tests.note", key="k", what="1")
    with pytest.raises(Conflict):
        run_again(ADMINISTRATOR, asked)
    run_waiting()
    asked.refresh_from_db()
    enqueue(ASKED, "tests.note", key="k", what="2")
    with pytest.raises(Conflict):
        run_again(ADMINISTRATOR, asked)


def test_the_worker_stops_when_told_and_gives_its_job_back() -> None:
    stop = Event()
    asked = enqueue(ASKED, "tests.steps")
    row = claim()
    assert row is not None
    stop.set()
    from toile.kernel.jobs.worker import run

    run(row, stop)
    asked.refresh_from_db()
    assert (asked.state, asked.cursor, asked.attempts) == ("waiting", 1, 0)
    run_worker(stop)
    assert seen == [1]


def test_two_works_cannot_have_one_name() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"tests\.note"):
        job("tests.note", label="Encore")(lambda running: None)
    with pytest.raises(ImproperlyConfigured, match=r"tests\.missing"):
        timed("tests.missing", Every(5))


# --- What is due by itself -------------------------------------------------------------------------------------------


def due_instants(start: datetime, hours: int) -> list[str]:
    """The instants asked for when a worker looks every quarter of an hour, twice."""
    enqueue_due(start)
    for quarter in range(1, hours * 4 + 1):
        now = start + timedelta(minutes=15 * quarter)
        enqueue_due(now)
        assert enqueue_due(now) == []
    asked = DueInstant.objects.exclude(job=None).order_by("instant")
    assert Job.objects.count() == len(asked)
    return [row.instant.strftime("%m-%d %H:%M") for row in asked]


def test_a_daily_work_is_due_once_a_day_across_the_clock_changes(empty_timetable: None) -> None:
    timed("tests.note", At("02:30"), what="nuit")
    # Spring: 02:30 of 29 March 2026 does not exist in Paris. Autumn: 02:30 of 25 October exists twice.
    spring = due_instants(datetime(2026, 3, 27, 12, tzinfo=UTC), 72)
    assert spring == ["03-28 01:30", "03-29 01:30", "03-30 00:30"]
    Job.objects.all().delete()
    DueInstant.objects.all().delete()
    autumn = due_instants(datetime(2026, 10, 23, 12, tzinfo=UTC), 72)
    assert autumn == ["10-24 00:30", "10-25 00:30", "10-26 01:30"]


def test_an_hourly_work_counts_real_hours_through_the_night_that_has_25(empty_timetable: None) -> None:
    timed("tests.note", Every(60), what="heure")
    assert len(due_instants(datetime(2026, 10, 24, 22, 5, tzinfo=UTC), 25)) == 25


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (At("08:00", weekday=0), datetime(2026, 11, 16, 7, tzinfo=UTC)),
        (At("06:00", day=1), datetime(2026, 11, 1, 5, tzinfo=UTC)),
        (At("23:59"), datetime(2026, 11, 20, 22, 59, tzinfo=UTC)),
        (Every(7 * 24 * 60), datetime(2026, 11, 19, tzinfo=UTC)),
    ],
)
def test_the_last_due_instant_follows_the_rule(rule: At | Every, expected: datetime) -> None:
    assert rule.last_due(datetime(2026, 11, 21, 10, tzinfo=UTC)) == expected


def test_missed_instants_are_made_up_for_once_and_a_new_work_waits_for_its_turn(empty_timetable: None) -> None:
    timed("tests.note", At("03:00"), what="x")
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert enqueue_due(now) == []
    assert len(enqueue_due(now + timedelta(days=9))) == 1


def test_two_rhythms_of_one_work_have_each_their_name(empty_timetable: None) -> None:
    timed("tests.note", At("03:00"), what="nuit")
    with pytest.raises(ImproperlyConfigured):
        timed("tests.note", At("15:00"), what="jour")
    timed("tests.note", At("15:00"), "tests.note by day", what="jour")
    assert set(timetable) == {"tests.note", "tests.note by day"}


def test_housekeeping_forgets_expired_sessions_and_old_jobs_and_keeps_the_others() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    old = Job.objects.create(kind="tests.note", state="done", ended_at=now - timedelta(days=91))
    recent = Job.objects.create(kind="tests.note", state="failed", ended_at=now - timedelta(days=89))
    DueInstant.objects.create(name="t", instant=now - timedelta(days=120))
    enqueue(ASKED, "kernel.housekeeping")
    run_waiting()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.filter(pk=recent.pk).exists()
    assert DueInstant.objects.filter(name="t").exists(), "or its rhythm would start anew"


# --- Several workers -------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[OwnDatabase]:
    with own_database(connection.vendor) as database:
        yield database


def numbers_and_processes(database: OwnDatabase) -> tuple[str, list[int], list[int]]:
    states, *lines = database.run(WORKSHOP, "report").splitlines()
    rows = [tuple(map(int, line.split())) for line in lines]
    return states, [number for number, _ in rows], [process for _, process in rows]


@pytest.mark.slow
def test_what_a_killed_worker_left_is_taken_over_at_its_cursor(elsewhere: OwnDatabase) -> None:
    elsewhere.run(WORKSHOP, "prepare", "walk", "60")
    with elsewhere.start(WORKSHOP, "work") as first:
        assert first.stdout is not None
        while int(first.stdout.readline()) < 20:
            pass
        first.kill()
    with elsewhere.start(WORKSHOP, "work") as second:
        assert second.stdout is not None
        resumed_at = int(second.stdout.readline())
        second.stdout.read()
    states, numbers, processes = numbers_and_processes(elsewhere)
    assert states == "done"
    assert numbers == list(range(1, 61))
    assert resumed_at > 20
    assert set(processes[: resumed_at - 1]) == {first.pid}
    assert set(processes[resumed_at - 1 :]) == {second.pid}


@pytest.mark.slow
def test_two_workers_share_the_queue_and_run_no_job_twice(elsewhere: OwnDatabase) -> None:
    elsewhere.run(WORKSHOP, "prepare", "mark", "60")
    with elsewhere.start(WORKSHOP, "work") as first, elsewhere.start(WORKSHOP, "work") as second:
        assert first.wait(60) == 0
        assert second.wait(60) == 0
    states, numbers, processes = numbers_and_processes(elsewhere)
    assert states == "done"
    assert numbers == list(range(60))
    assert set(processes) == {first.pid, second.pid}
