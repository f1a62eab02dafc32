"""What `facts.py` runs against a database of its own: acts and the same bare inserts, or one writer, or one reader."""

from __future__ import annotations

import json
import sys
import time
import uuid
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from toile.kernel.acts import Actor, act  # noqa: E402
from toile.thread.kinds import fact_kind  # noqa: E402
from toile.thread.queries import facts_after  # noqa: E402
from toile.thread.services import record  # noqa: E402

HAPPENED = fact_kind("bench.thing.happened", sentence="arrive", label="Mesure")
ACTOR = Actor.system("bench")
BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
INSERT_FACT = (
    "INSERT INTO thread_fact (kind, version, act, actor, via, happened_at, recorded_at, visibility, data)"
    " VALUES ({p}, {p}, {p}, {p}, {p}, {p}, {p}, {p}, {p}) RETURNING id"
)
INSERT_ABOUT = "INSERT INTO thread_factabout (fact_id, subject, place, at) VALUES ({p}, {p}, {p}, {p})"


def acts(count: int) -> float:
    """Seconds for `count` acts of one fact each."""
    start = time.perf_counter()
    for _ in range(count):
        with act(ACTOR):
            record(HAPPENED, about=[uuid.uuid4()])
    return time.perf_counter() - start


def bare(count: int) -> float:
    """Seconds for the same rows by the driver alone, one transaction for each fact."""
    connection.ensure_connection()
    driver = connection.connection
    sqlite = connection.vendor == "sqlite"
    fact, about = (statement.format(p="?" if sqlite else "%s") for statement in (INSERT_FACT, INSERT_ABOUT))
    cursor = driver.cursor() if not sqlite else __import__("sqlite3").Connection.cursor(driver)
    start = time.perf_counter()
    for _ in range(count):
        now = datetime.now(UTC)
        moment = now.replace(tzinfo=None).isoformat(" ") if sqlite else now
        act_id, subject = uuid.uuid4(), uuid.uuid4()
        cursor.execute(BEGIN[connection.vendor])
        cursor.execute(
            fact, ("bench.thing.happened", 1, act_id.hex, None, "bench", moment, moment, "public", "{}")
        )
        number = cursor.fetchone()[0]
        cursor.execute(about, (number, subject.hex, 0, moment))
        cursor.execute("COMMIT")
    return time.perf_counter() - start


def compare(rounds: str, count: str) -> None:
    """Interleaved rounds, both measured in the same process; the first is not counted."""
    acts(100), bare(100)
    print(json.dumps([(acts(int(count)), bare(int(count))) for _ in range(int(rounds))]))


def write(count: str) -> None:
    acts(int(count))


def follow(count: str) -> None:
    """Read facts after a cursor until `count` were read; prints the numbers in the order they were read."""
    cursor, read = 0, []
    deadline = time.monotonic() + 300
    while len(read) < int(count) and time.monotonic() < deadline:
        for found in facts_after(cursor):
            read.append(found.pk)
            cursor = found.pk
    print(json.dumps(read))


if __name__ == "__main__":
    {"compare": compare, "write": write, "follow": follow}[sys.argv[1]](*sys.argv[2:])
