"""Search quality: real names damaged by a seeded generator, found among the first five, against comparing with all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import PROCESSES, Measure, skipped, tell

from toile.kernel.testing import own_database

SHARED = Path(os.environ.get("TOILE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SEED, COUNT = 20261121, 1000
WANTED = 0.96


def measures() -> Iterator[Measure]:
    if not (SHARED / "siae/siaes.csv").exists():
        skipped("recherche : qualité", f"{SHARED} manque (TOILE_SHARED_DATA)")
        return
    with own_database("sqlite") as database:
        output = database.run(PROCESSES / "search_quality.py", str(SHARED), str(SEED), str(COUNT))
    shares = json.loads(output.splitlines()[-1])
    found, forced = shares["index"], shares["force"]
    name = f"recherche : noms abîmés parmi {shares['names']:.0f}"
    yield Measure(f"{name}, les 5 premiers", found * 100, WANTED * 100, "%", found, WANTED, at_least=True)
    yield Measure(f"{name}, contre tout comparer", found * 100, forced * 100, "%", found / forced, 1, at_least=True)


if __name__ == "__main__":
    sys.exit(tell(measures()))
