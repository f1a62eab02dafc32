"""The search in several processes: no change skipped, a killed indexer, a full disk, what is written found at once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
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


def asked(database: OwnDatabase, *commands: str) -> list[object]:
    """What a process says of these commands, in their order; the arguments of one are parted by « | »."""
    return [json.loads(line) for line in database.run(PROCESSES, " + ".join(commands)).splitlines()]


@contextmanager
def running(database: OwnDatabase, command: str) -> Iterator[subprocess.Popen[str]]:
    with database.start(PROCESSES, command) as process:
        try:
            yield process
        finally:
            process.kill()


def test_no_change_is_skipped_by_a_reader_while_two_writers_write(database: OwnDatabase) -> None:
    with (
        database.start(PROCESSES, f"follow {2 * EACH}") as reader,
        database.start(PROCESSES, f"write one|{EACH}") as one,
        database.start(PROCESSES, f"write two|{EACH}") as two,
    ):
        read, _ = reader.communicate(timeout=120)
        assert one.wait(120) == two.wait(120) == 0
    told = json.loads(read)
    assert told["turns"] > EACH / 20, "the two writers did not write at the same time: nothing was proved"
    assert told["read"] == 2 * EACH


def test_what_is_written_is_found_at_once(database: OwnDatabase) -> None:
    with running(database, "index"):
        untils = [f"until Atelier {letter * 5}|20" for letter in "abc"]
        there, *seconds = asked(database, "add Recyclerie", "found recyclerie|1", *untils)
    assert there is True
    assert min(seconds) < 1, seconds


def test_a_change_whose_indexer_was_killed_before_it_committed_is_found_after_the_restart(
    database: OwnDatabase,
) -> None:
    asked(database, "add Recyclerie", "catch_up")
    with running(database, "hang") as indexer:
        asked(database, "add Conciergerie")
        assert indexer.stdout is not None
        assert "stuck" in indexer.stdout.readline()
        indexer.kill()
    assert asked(database, "count conciergerie") == [0]
    with running(database, "index"):
        assert asked(database, "found conciergerie|1", "count recyclerie") == [True, 1]


def test_a_second_indexer_takes_over_from_one_that_was_killed(database: OwnDatabase) -> None:
    with running(database, "index") as first:
        assert asked(database, "add Recyclerie", "found recyclerie|1") == [True]
        with running(database, "index"):
            first.kill()
            assert asked(database, "add Conciergerie", "found conciergerie|1") == [True]


@pytest.mark.parametrize("most", ["100", "3000"])
def test_a_full_disk_loses_nothing_and_the_index_of_before_answers(
    database: OwnDatabase, most: str, capfd: pytest.CaptureFixture[str]
) -> None:
    written = [f"add Ressourcerie {number} des quartiers de la vallée" for number in range(3)]
    asked(database, "add Recyclerie", "catch_up", *written)
    assert asked(database, f"full_disk {most}") == [False]
    assert "not brought up to date" in capfd.readouterr().err
    assert asked(database, "count recyclerie", "catch_up", "count ressourcerie") == [1, 3, 3]


def test_a_disk_full_before_any_index_is_waited_for(database: OwnDatabase) -> None:
    asked(database, "add Recyclerie")
    assert asked(database, "full_disk 100") == [False]
    without, _, built = asked(database, "count recyclerie", "catch_up", "count recyclerie")
    assert (without, built) == (-1, 1)
