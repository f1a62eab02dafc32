"""Search over 200,000 structures: the service against the bare index and SQLite FTS5; the index built; freshness."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from statistics import median, quantiles

from measuring import PROCESSES, Measure, tell

from toile.kernel.testing import own_database

COUNT, SEED, ROUNDS = 200_000, 20261121, 2
MOST_SECONDS = 30
SCRIPT = PROCESSES / "search.py"


def p95(rounds: list[list[float]]) -> float:
    """The 95th percentile, in milliseconds, of the questions' median times."""
    questions = [median(times) for times in zip(*rounds, strict=True)]
    return quantiles(questions, n=20)[-1] * 1000


def measures() -> Iterator[Measure]:
    with own_database("sqlite") as database:

        def told(*words: object) -> dict[str, list[list[float]]]:
            return json.loads(database.run(SCRIPT, *map(str, words)).splitlines()[-1])

        told("prepare", COUNT, SEED)
        built = json.loads(database.run(SCRIPT, "build", str(SEED)).splitlines()[-1])
        name = f"recherche : index de {COUNT} refait ({built['asked']:.0f} réponses pendant)"
        yield Measure(name, built["seconds"], MOST_SECONDS, "s", built["seconds"] / MOST_SECONDS, 1)
        yield Measure("recherche : refusées pendant", built["refused"], 0, "questions", built["refused"], 0)
        times = told("service", ROUNDS, SEED)
        service, direct = p95(times["service"]), p95(times["direct"])
        yield Measure("recherche : p95 du service, l’index seul", service, direct, "ms", service / direct, 3)
        by_fts5 = p95(told("fts5", 1, SEED)["fts5"])
        yield Measure(
            "recherche : p95 de SQLite FTS5, le service", by_fts5, service, "ms", by_fts5 / service, 3, at_least=True
        )
        fresh = max(json.loads(database.run(SCRIPT, "freshness", "10").splitlines()[-1])["seconds"])
        yield Measure("recherche : écrit, puis trouvé (le pire de 10)", fresh, 1, "s", fresh, 1)


if __name__ == "__main__":
    sys.exit(tell(measures()))
