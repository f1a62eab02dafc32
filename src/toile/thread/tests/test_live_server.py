"""The live stream under a real server: nothing skipped, resumed after a cut, nothing held, stopped at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from toile.kernel.testing import OwnDatabase, own_database

from .serving import Listening, served

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PROCESSES = Path(__file__).parent / "live_processes.py"


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[OwnDatabase]:
    with own_database(connection.vendor) as own:
        yield own


@pytest.fixture(scope="module")
def site(database: OwnDatabase) -> Iterator[tuple[int, Any]]:
    with served(database) as (port, server):
        yield port, server


@pytest.fixture
def listen() -> Iterator[Any]:
    """`listen(port, path, headers)`: an open stream, closed at the end of the test."""
    opened: list[Listening] = []

    def open_one(*args: Any, **headers: str) -> Listening:
        opened.append(Listening(*args, **headers))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def write(database: OwnDatabase, *arguments: str) -> list[int]:
    return json.loads(database.run(PROCESSES, "write", *arguments))


def numbers(facts: list[dict[str, Any]]) -> list[int]:
    return [fact["id"] for fact in facts]


def test_two_writers_skip_nothing_and_the_order_is_that_of_the_numbers(database, site, listen):
    port, _ = site
    listening = listen(port)
    assert (listening.status, listening.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert listening.headers["cache-control"].find("no-store") >= 0
    assert "content-security-policy" in listening.headers
    with (
        database.start(PROCESSES, "write", "60", "public", "", "one") as one,
        database.start(PROCESSES, "write", "60", "public", "", "two") as two,
    ):
        heard = numbers(listening.facts(120))
        written = max((json.loads(process.communicate()[0]) for process in (one, two)), key=len)
    assert heard == written[-120:]


def test_after_a_cut_the_stream_goes_on_from_the_last_number(database, site, listen):
    port, _ = site
    listening = listen(port)
    time.sleep(0.5)
    first = write(database, "3")[-3:]
    assert numbers(listening.facts(3)) == first
    listening.close()
    missed = write(database, "5")[-5:]
    again = listen(port, Last_Event_ID=str(first[1]))
    assert numbers(again.facts(6)) == [first[2], *missed]
    more = write(database, "2")[-2:]
    assert numbers(again.facts(2)) == more


def test_beyond_five_hundred_missed_the_page_is_to_be_loaded_again(database, site, listen):
    port, _ = site
    write(database, "501")
    assert [event["event"] for event in _some(listen(port, "/fil/direct/?depuis=0"), "event", 1)] == ["reload"]
    assert [event["event"] for event in _some(listen(port, "/fil/direct/?depuis=99999999"), "event", 1)] == ["reload"]


def test_what_is_not_public_reaches_its_own_reader_alone(database, site, listen):
    port, _ = site
    somebody = json.loads(database.run(PROCESSES, "person"))
    visitor, reader = listen(port), listen(port, Cookie=somebody["cookie"])
    time.sleep(0.5)
    own = write(database, "1", "own", somebody["person"])[-1]
    write(database, "1", "own")
    last = write(database, "1")[-1]
    assert numbers(reader.facts(2)) == [own, last]
    assert numbers(visitor.facts(1)) == [last]


def test_a_listener_holds_no_thread_and_no_connection_to_the_database(database, site, listen):
    port, server = site
    listening = [listen(port) for _ in range(40)]
    facts = write(database, "1")[-1]
    assert all(numbers(one.facts(1)) == [facts] for one in listening)
    assert len(list(Path(f"/proc/{server.pid}/task").iterdir())) < 25
    if connection.vendor == "sqlite":
        open_files = [str(file.readlink()) for file in Path(f"/proc/{server.pid}/fd").iterdir() if file.exists()]
        assert sum(name.endswith("toile.sqlite3") for name in open_files) <= 5


def test_there_are_places_for_so_many_and_they_are_given_back(database, listen):
    with served(database, TOILE_LIVE_PER_ADDRESS="2") as (port, _):
        kept = [listen(port), listen(port)]
        third = listen(port)
        assert (third.status, third.headers["retry-after"]) == (429, "120")
        kept[0].close()
        until = time.monotonic() + 10
        while (again := listen(port)).status != 200 and time.monotonic() < until:
            time.sleep(0.1)
        assert again.status == 200
    with served(database, TOILE_LIVE_LISTENERS="1") as (port, _):
        kept.append(listen(port))
        full = listen(port)
        assert (full.status, full.headers["retry-after"]) == (503, "60")


def test_a_server_told_to_stop_ends_its_streams_and_stops_within_seconds(database, listen):
    with served(database) as (port, server):
        listening = [listen(port) for _ in range(20)]
        start = time.monotonic()
        server.terminate()
        assert server.wait(8) is not None
        assert time.monotonic() - start < 4
        # The stream ended as it should: its last chunk is there, the browser comes back by itself.
        assert all(next(one.events(), {}).keys() <= {"retry"} for one in listening)


def _some(listening: Listening, field: str, count: int) -> list[dict[str, str]]:
    found = []
    for event in listening.events():
        if field in event:
            found.append(event)
        if len(found) == count:
            break
    return found
