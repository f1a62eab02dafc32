"""What `bench/facts.py` runs against a database of its own: acts and the same bare inserts, a writer, a reader."""

from __future__ import annotations

import json
import sqlite3
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
FACT = (
    "INSERT INTO thread_fact (kind, version, act, actor, via, happened_at, recorded_at, visibility, data)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
ABOUT = "INSERT INTO thread_factabout (fact_id, subject, place, at) VALUES (?, ?, ?, ?)"


def acts(count: int) -> float:
    """Seconds for `count` acts of one fact each."""
    start = time.perf_counter()
    for _ in range(count):
        with act(ACTOR):
            record(HAPPENED, about=[uuid.uuid4()])
    return time.perf_counter() - start


def bare(count: int) -> float:
    """Seconds for the same rows by the driver alone, on the same connection, one transaction for each fact."""
    connection.ensure_connection()
    sqlite = connection.vendor == "sqlite"
    fact, about = (FACT, ABOUT) if sqlite else (FACT.replace("?", "%s"), ABOUT.replace("?", "%s"))
    cursor = sqlite3.Connection.cursor(connection.connection) if sqlite else connection.connection.cursor()
    start = time.perf_counter()
    for _ in range(count):
        now = datetime.now(UTC)
        moment = now.replace(tzinfo=None).isoformat(" ") if sqlite else now
        cursor.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
        cursor.execute(fact, (HAPPENED.code, 1, uuid.uuid4().hex, None, "bench", moment, moment, "public", "{}"))
        cursor.execute(about, (cursor.fetchone()[0], uuid.uuid4().hex, 0, moment))
        cursor.execute("COMMIT")
    return time.perf_counter() - start


def compare(rounds: str, count: str) -> None:
    """Interleaved rounds in one process, after a short one that warms both up."""
    acts(100), bare(100)
    print(json.dumps([(acts(int(count)), bare(int(count))) for _ in range(int(rounds))]))


def write(count: str) -> None:
    for _ in range(int(count)):
        acts(1)
        time.sleep(0)


def follow(count: str) -> None:
    """Read what comes after the cursor until `count` facts were read, or none came for ten seconds; print how many."""
    cursor, read, last = 0, 0, time.monotonic()
    while read < int(count) and time.monotonic() - last < 10:
        for fact in facts_after(cursor):
            cursor, read, last = fact.pk, read + 1, time.monotonic()
    print(read)


if __name__ == "__main__":
    {"compare": compare, "write": write, "follow": follow}[sys.argv[1]](*sys.argv[2:])
