"""SIRENE: filtering 5 million rows to one EPCI, and writing what is kept, beside DuckDB and `bulk_create` alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measuring import PROCESSES, Measure, tell

from toile.kernel.testing import own_database

ROWS, SEED = 5_000_000, 7
ROUNDS = 3
GIBIBYTE = 2**30
SCRIPT = PROCESSES / "sirene.py"


@contextmanager
def _stock_folder() -> Iterator[Path]:
    """Where the stock is written: a temporary folder, or TOILE_BENCH_STOCK, kept from one run to the next."""
    kept = os.environ.get("TOILE_BENCH_STOCK")
    if kept:
        yield Path(kept)
        return
    with TemporaryDirectory(prefix="toile-stock-") as folder:
        yield Path(folder)


def measures() -> Iterator[Measure]:
    with own_database("sqlite") as database, _stock_folder() as folder:

        def run(*arguments: str) -> dict[str, list[float]]:
            return json.loads(database.run(SCRIPT, *arguments, str(folder)).splitlines()[-1])

        run("prepare", str(ROWS), str(SEED))
        filtered = run("filter", str(ROUNDS))
        ours, bare = median(filtered["ours"]), median(filtered["bare"])
        yield Measure("sirene : filtrer 5 millions de lignes", ours, bare, "s", ours / bare, 1.3)
        (peak,) = run("whole")["peak"]
        yield Measure("sirene : mémoire de l’import entier", peak / GIBIBYTE, 1, "Gio", peak / GIBIBYTE, 1)
        written = run("write", str(ROUNDS))
        ours, bare = median(written["ours"]), median(written["bare"])
        yield Measure("sirene : écrire ce qui est gardé", ours, bare, "s", ours / bare, 2)


if __name__ == "__main__":
    sys.exit(tell(measures()))
