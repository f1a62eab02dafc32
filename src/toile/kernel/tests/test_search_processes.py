"""The search in several processes: no change skipped, a killed indexer, a full disk, what is written found at once."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from toile.kernel.testing import OwnDatabase, own_database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PROCESSES = Path(__file__).parent / "search_processes.py"
EACH = 300


@pytest.fixture
def database() -> Iterator[OwnDatabase]:
    with own_database(connection.vendor) as made:
        things = str(Path(made.environment["TOILE_VAR"]) / "things.json")
        yield replace(made, environment={**made.environment, "TESTS_THINGS": things})


def asked(database: OwnDatabase, *words: str) -> object:
    return json.loads(database.run(PROCESSES, *words).splitlines()[-1])


@contextmanager
def running(database: OwnDatabase, command: str) -> Iterator[subprocess.Popen[str]]:
    with database.start(PROCESSES, command) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(question: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < until, f"not within {seconds} s"


def test_no_change_is_skipped_by_a_reader_while_two_writers_write(database: OwnDatabase) -> None:
    with (
        database.start(PROCESSES, "follow", str(2 * EACH)) as reader,
        database.start(PROCESSES, "write", "one", str(EACH)) as one,
        database.start(PROCESSES, "write", "two", str(EACH)) as two,
    ):
        read, _ = reader.communicate(timeout=120)
        assert one.wait(120) == two.wait(120) == 0
    told = json.loads(read)
    assert told["turns"] > EACH / 20, "the two writers did not write at the same time: nothing was proved"
    assert told["read"] == 2 * EACH


def test_what_is_written_is_found_at_once(database: OwnDatabase) -> None:
    asked_first = "Recyclerie"
    database.run(PROCESSES, "add", asked_first)
    with running(database, "index"):
        eventually(lambda: asked(database, "count", asked_first) == 1)
        seconds = [asked(database, "until", f"Atelier {letter * 5}", "20") for letter in "abc"]
    assert min(seconds) < 1, seconds


def test_a_change_whose_indexer_was_killed_before_it_committed_is_found_after_the_restart(
    database: OwnDatabase,
) -> None:
    database.run(PROCESSES, "add", "Recyclerie")
    database.run(PROCESSES, "catch_up")
    with running(database, "hang") as indexer:
        database.run(PROCESSES, "add", "Conciergerie")
        assert indexer.stdout is not None
        assert "stuck" in indexer.stdout.readline()
        indexer.kill()
    assert asked(database, "count", "conciergerie") == 0
    with running(database, "index"):
        eventually(lambda: asked(database, "count", "conciergerie") == 1)
        assert asked(database, "count", "recyclerie") == 1


def test_a_second_indexer_takes_over_from_one_that_was_killed(database: OwnDatabase) -> None:
    database.run(PROCESSES, "add", "Recyclerie")
    with running(database, "index") as first:
        eventually(lambda: asked(database, "count", "recyclerie") == 1)
        with running(database, "index"):
            first.kill()
            database.run(PROCESSES, "add", "Conciergerie")
            eventually(lambda: asked(database, "count", "conciergerie") == 1)


@pytest.mark.parametrize("most", ["100", "3000"])
def test_a_full_disk_loses_nothing_and_the_index_of_before_answers(
    database: OwnDatabase, most: str, capfd: pytest.CaptureFixture[str]
) -> None:
    database.run(PROCESSES, "add", "Recyclerie")
    database.run(PROCESSES, "catch_up")
    for number in range(3):
        database.run(PROCESSES, "add", f"Ressourcerie {number} des quartiers de la vallée")
    assert asked(database, "full_disk", most) is False
    assert "not brought up to date" in capfd.readouterr().err
    assert asked(database, "count", "recyclerie") == 1
    assert asked(database, "catch_up") == 3
    assert asked(database, "count", "ressourcerie") == 3


def test_a_disk_full_before_any_index_is_waited_for(database: OwnDatabase) -> None:
    database.run(PROCESSES, "add", "Recyclerie")
    assert asked(database, "full_disk", "100") is False
    assert asked(database, "count", "recyclerie") == -1
    database.run(PROCESSES, "catch_up")
    assert asked(database, "count", "recyclerie") == 1
