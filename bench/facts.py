"""Facts: what an act of one fact costs beside the same bare inserts; and that two writers make a reader skip none."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from statistics import median

from measuring import PROCESSES, Measure, skipped, tell

from toile.kernel.testing import OwnDatabase, own_database, postgresql_answers

ROUNDS, EACH = 5, 2000
WRITERS, FACTS = 2, 10_000
SCRIPT = PROCESSES / "facts.py"


def cost(database: OwnDatabase) -> Measure:
    """10,000 acts of one fact each, in rounds of 2,000, against as many transactions of the same two inserts."""
    pairs = json.loads(database.run(SCRIPT, "compare", str(ROUNDS), str(EACH)))
    acts, bare = median(act for act, _ in pairs), median(base for _, base in pairs)
    return Measure(f"faits : un acte ({database.engine})", EACH / acts, EACH / bare, "actes/s", acts / bare, 3)


def skips(database: OwnDatabase) -> Measure:
    """Facts that a reader with a cursor never read, of 10,000 that two processes wrote meanwhile."""
    start = time.monotonic()
    with database.start(SCRIPT, "follow", str(FACTS)) as reader:
        writers = [database.start(SCRIPT, "write", str(FACTS // WRITERS)) for _ in range(WRITERS)]
        statuses = [writer.wait() for writer in writers]
        read, _ = reader.communicate()
    if any(statuses):
        raise RuntimeError("a writer failed")
    name = f"faits : sautés sur {FACTS} ({database.engine}, {time.monotonic() - start:.0f} s)"
    missed = FACTS - int(read)
    return Measure(name, missed, 0, "faits", missed, 0)


def measures() -> Iterator[Measure]:
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not postgresql_answers():
            skipped("faits (postgresql)", "aucun serveur ne répond (TOILE_TEST_POSTGRES)")
            continue
        for take in (cost, skips):
            with own_database(engine) as database:
                yield take(database)


if __name__ == "__main__":
    sys.exit(tell(measures()))
