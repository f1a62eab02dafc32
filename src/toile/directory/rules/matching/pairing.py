"""All the pairs of a corpus held to be one structure, or perhaps: blocked, compared, then looked at together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from toile.directory.rules.matching.blocking import Blocks, blocked_pairs
from toile.directory.rules.matching.comparing import Comparison, beside, closest, compare_if_likely
from toile.directory.rules.matching.preparing import Prepared, Profile, prepare
from toile.directory.rules.matching.words import Corpus, corpus

TOLD_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records held to be one, surely or perhaps; first and second in the order of their ids."""

    first: Any
    second: Any
    comparison: Comparison


@dataclass(slots=True)
class Found:
    """The outcome of a run. compared: pairs. oversized: blocks not compared by their key, with how many records."""

    records: int = 0
    compared: int = 0
    pairs: list[Pair] = field(default_factory=list)
    oversized: dict[str, int] = field(default_factory=dict)

    def count(self, certainty: str) -> int:
        return sum(pair.comparison.certainty == certainty for pair in self.pairs)


def corpus_of(profiles: Iterable[Profile]) -> Corpus:
    """What a comparison knows of these records: their words, and the names of their communes."""
    names: set[str] = set()
    communes: set[str] = set()
    for profile in profiles:
        names.update(profile.names)
        communes.update(spot.commune_name for spot in profile.spots if spot.commune_name)
    return corpus(names, communes)


def pair_up(
    profiles: Sequence[Profile],
    known: Corpus | None = None,
    *,
    may_pair: Callable[[Profile, Profile], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Found:
    """Compare every pair that shares a key and keep those to propose, the surest first.

    may_pair: whether two records may be proposed at all (judged already, public and private…). progress: told how many
    pairs were compared, from time to time.
    """
    known = known or corpus_of(profiles)
    ready: list[Prepared] = []
    for number, profile in enumerate(profiles):
        if progress is not None and number % TOLD_EVERY == 0:
            progress(0)
        ready.append(prepare(profile, known))
    counted, compared = Blocks(), 0
    likely: dict[tuple[int, int], Comparison] = {}
    for a, b in blocked_pairs(ready, known, counted):
        if (a, b) in likely:
            continue
        compared += 1
        if progress is not None and compared % TOLD_EVERY == 0:
            progress(compared)
        if may_pair is not None and not may_pair(profiles[a], profiles[b]):
            continue
        comparison = compare_if_likely(ready[a], ready[b], known)
        if comparison is not None:
            likely[a, b] = comparison
    settled = _worth_asking(_settle(likely, ready, known), known)
    pairs = [
        _ordered(profiles[a], profiles[b], comparison)
        for (a, b), comparison in settled.items()
        if comparison.certainty != "none"
    ]
    pairs.sort(key=_rank)
    return Found(len(profiles), compared, pairs, counted.oversized)


def _worth_asking(settled: dict[tuple[int, int], Comparison], known: Corpus) -> dict[tuple[int, int], Comparison]:
    """Leave out what a much better pair of either record should settle first: the next run asks, if it still must."""
    margin = known.parameters.likeness["margin"]
    best: dict[int, float] = defaultdict(float)
    for (a, b), comparison in settled.items():
        ahead = comparison.score + (margin if comparison.certainty == "sure" else 0)
        best[a], best[b] = max(best[a], ahead), max(best[b], ahead)
    return {
        (a, b): comparison
        for (a, b), comparison in settled.items()
        if comparison.certainty == "sure" or comparison.score >= max(best[a], best[b]) - margin
    }


def _rank(pair: Pair) -> tuple[bool, float, str, str]:
    return pair.comparison.certainty != "sure", -pair.comparison.score, str(pair.first), str(pair.second)


def _ordered(one: Profile, other: Profile, comparison: Comparison) -> Pair:
    first, second = sorted((one.id, other.id), key=str)
    return Pair(first, second, comparison)


def _settle(
    likely: dict[tuple[int, int], Comparison], ready: Sequence[Prepared], known: Corpus
) -> dict[tuple[int, int], Comparison]:
    """Decide again the pairs of which each record is the best of the other, by its words or as it is written."""
    told = known.parameters.likeness
    placed = {pair: one for pair, one in likely.items() if one.found["place"] != "other"}
    close = {(a, b): closest(ready[a], ready[b], known) for a, b in placed}
    only = _best({pair: one.names.score for pair, one in placed.items()}, told["margin"], likely)
    best = _best(close, told["ahead"], likely)
    return {
        pair: beside(one, known, only=pair in only, best=pair in best, close=close.get(pair, 0.0))
        for pair, one in likely.items()
    }


def _best(
    near: dict[tuple[int, int], float], margin: float, likely: dict[tuple[int, int], Comparison]
) -> set[tuple[int, int]]:
    """The pairs that are the best of both records, by `margin`; who is surely the same as the best is no rival."""
    around: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (a, b), weight in near.items():
        around[a].append((weight, b))
        around[b].append((weight, a))
    best: dict[int, int] = {}
    for number, several in around.items():
        several.sort(key=lambda one: (-one[0], one[1]))
        weight, first = several[0]
        rivals = (
            other
            for other, rival in several[1:]
            if (held := likely.get((min(first, rival), max(first, rival)))) is None or held.certainty != "sure"
        )
        if weight - next(rivals, -margin) >= margin:
            best[number] = first
    return {(a, b) for a, b in near if best.get(a) == b and best.get(b) == a}
