"""Scores of followed firms: how many a second over arrays, against the plain rule, on the same signals."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter

from measuring import Measure, interleaved, tell

from toile.pathway.rules.scoring import score
from toile.pathway.rules.scoring_many import score_many, table
from toile.pathway.rules.signals import Signal, weights

SEED, FIRMS, SIGNALS = 20261121, 20_000, 8
PLAIN = 1000
"""Firms that the plain rule takes each round: it explains each, and would take long over all."""
WANTED = 20_000
ON = date(2026, 11, 21)


def measures() -> Iterator[Measure]:
    draw, codes = random.Random(SEED), sorted(weights().levels)
    signals = [
        [
            Signal(draw.choice(codes), ON - timedelta(days=draw.randrange(900)), set_aside=draw.random() < 0.02)
            for _ in range(draw.randrange(2 * SIGNALS + 1))
        ]
        for _ in range(FIRMS)
    ]
    rows = [(firm, one) for firm, given in enumerate(signals) for one in given]

    def many() -> float:
        began = perf_counter()
        score_many(table(rows), FIRMS, ON)
        return (perf_counter() - began) / FIRMS

    def plain() -> float:
        began = perf_counter()
        for given in signals[:PLAIN]:
            score(given, ON)
        return (perf_counter() - began) / PLAIN

    fast, slow = interleaved(5, many, plain)
    scores = score_many(table(rows), FIRMS, ON)
    apart = max(abs(scores.risk[firm] - score(signals[firm], ON).risk) for firm in range(PLAIN))
    name = f"scores : {SIGNALS} signaux par structure"
    yield Measure(name, 1 / fast, 1 / slow, "/s", 1 / fast / WANTED, 1, at_least=True)
    yield Measure("scores : écart avec la règle expliquée", apart, 1e-9, "points", apart / 1e-9, 1)


if __name__ == "__main__":
    sys.exit(tell(measures()))
