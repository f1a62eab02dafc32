"""Fifty kills -9 of a server while three people save, on both databases: nothing acknowledged is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from measuring import Measure, skipped, tell

from toile.directory.tests.killed_server import broken
from toile.kernel.testing import own_database, postgresql_answers

KILLS, SEED = 50, 20261121


def measures() -> Iterator[Measure]:
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not postgresql_answers():
            skipped("coupures : postgresql", "aucun serveur ne répond")
            continue
        with own_database(engine) as database:
            tally = broken(database, KILLS, SEED)
        name = f"coupures : {tally.kills} arrêts, {tally.acknowledged} écritures ({engine})"
        yield Measure(name, tally.lost, 0, "perdues", tally.lost, 0)
        yield Measure(f"coupures : écritures à moitié ({engine})", tally.halves, 0, "écrits", tally.halves, 0)


if __name__ == "__main__":
    sys.exit(tell(measures()))
