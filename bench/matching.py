"""Matching: trade names against legal names, real lists against damaged copies, 100,000 records in minutes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import PROCESSES, Measure, skipped, tell

from toile.kernel.testing import own_database

SHARED = Path(os.environ.get("TOILE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
SEED, RECORDS, LONGEST = 20261121, 100_000, 300
SEEDS = ("314159", "271828", "161803")
"""Drawn once the rules were settled: none served to tune them."""
SCRIPT = PROCESSES / "matching.py"


def measures() -> Iterator[Measure]:
    if not (SHARED / "siae/siaes.csv").exists():
        skipped("rapprochement", f"{SHARED} manque (TOILE_SHARED_DATA)")
        return
    with own_database("sqlite") as database:

        def run(*arguments: str) -> dict[str, dict[str, float]]:
            return json.loads(database.run(SCRIPT, *arguments).splitlines()[-1])

        yield from _trade_names(run("trade_names", str(SHARED)))
        yield from _copies(run("copies", str(SHARED), *SEEDS))
        yield from _large(run("large", str(SHARED), str(RECORDS), str(SEED)))


def _at_least(name: str, share: float, baseline: float, limit: float) -> Measure:
    return Measure(name, share * 100, baseline * 100, "%", share, limit, at_least=True)


def _trade_names(told: dict[str, dict[str, float]]) -> Iterator[Measure]:
    """Names only, inside a commune; the baseline is a token-set ratio. Each half of the communes is told apart."""
    plain, every = told["baseline"], told["all"]
    print(f"enseigne et dénomination : {every['rows']} lignes, {every['to_check']} paires à regarder")
    for half in ("first", "second", "differ"):
        one = told[half]
        print(
            f"  {half:<6} {one['rows']:>3} lignes : précision {one['precision']:.3f}, rappel {one['recall']:.3f}, "
            f"avec les à vérifier {one['proposed']:.3f}"
        )
    yield _at_least("enseignes, sûres : précision", every["precision"], plain["precision"], 0.98)
    yield _at_least("enseignes, sûres : rappel", every["recall"], plain["recall"], 0.75)
    yield _at_least("enseignes, sûres ou à vérifier : rappel", every["proposed"], plain["proposed"], 0.90)


def _copies(told: dict[str, dict[str, float]]) -> Iterator[Measure]:
    """Each structure of the real lists against a copy without identifier, what is sure alone; the worst seed counts.

    The baseline is what is sure or to check. The control has no limit: who has no copy, and is matched all the same.
    """
    for seed, one in told.items():
        print(
            f"copies abîmées, graine {seed} : {one['records']} structures, sûres : précision {one['precision']:.4f}, "
            f"rappel {one['recall']:.4f} ; avec les à vérifier : {one['proposed_precision']:.4f}, "
            f"{one['proposed']:.4f} ; {one['to_check']} paires à regarder, "
            f"{one['compared']} comparées en {one['seconds']:.1f} s"
        )
        print(
            f"  témoin, moitié contre moitié : sur {one['strangers']} fiches sans copie, {one['false_sure']} dites "
            f"sûres, {one['false_to_check']} paires à regarder"
        )
    precision = min(told.values(), key=lambda one: one["precision"])
    recall = min(told.values(), key=lambda one: one["recall"])
    yield _at_least("copies abîmées, sûres : précision", precision["precision"], precision["proposed_precision"], 0.99)
    yield _at_least("copies abîmées, sûres : rappel", recall["recall"], recall["proposed"], 0.95)


def _large(told: dict[str, float]) -> Iterator[Measure]:
    print(
        f"grand corpus : {told['compared']} paires comparées, {told['sure']} sûres, {told['to_check']} à vérifier, "
        f"{told['oversized']} blocs trop grands, {told['processor']:.0f} s de processeur, "
        f"{told['peak'] / 2**30:.2f} Gio au plus"
    )
    seconds = told["seconds"]
    yield Measure(f"rapprochement : {told['records']} fiches", seconds, LONGEST, "s", seconds / LONGEST, 1)


if __name__ == "__main__":
    sys.exit(tell(measures()))
