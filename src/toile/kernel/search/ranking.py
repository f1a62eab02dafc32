"""The first answers put in order by how near their names are to the words."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from .words import acronyms

RANKED: Final = 100
"""How many of the index's best answers are compared by name; the later ones keep the index's order."""

NAME, INDEX = 0.85, 0.15
BY_WORD, WHOLE = 0.7, 0.3
CUT_ELSEWHERE = 0.95

SPELT: Final = 0.6
"""From what share of its letters a word is taken for another, misspelt."""

BEGUN, SHORTENED = 0.92, 0.9
"""What a word is worth that only begins one of the name's, or is the name's initials."""

LONGEST: Final = 8
"""A word weighs by its letters up to so many: beyond, it says no more."""

UNTELLING: Final = 0.2
HELD, HOLDING = 90.0, 10.0
"""What it is worth that a name holds all words, and that it holds nothing else."""


def nearness(words: str, names: Sequence[str]) -> float:
    """How near the nearest of folded `names`, taken whole, is to folded `words`, 0 to 100.

    The order of the words counts little, words in excess too, and spaces put elsewhere hardly.
    """
    glued = words.replace(" ", "")
    near = 0.0
    for name in names:
        sets, sorts = fuzz.token_set_ratio(words, name), fuzz.token_sort_ratio(words, name)
        near = max(near, (sets + sorts) / 2, CUT_ELSEWHERE * fuzz.ratio(glued, name.replace(" ", "")))
    return near


class ByWord:
    """How well each word asked is told by names, word by word: what a short question is compared by.

    Taken whole, « atlier » is nearer to « Aubier » than to « Atelier vélo du Crêt », of which it is one word.
    """

    def __init__(self, words: Sequence[str], telling: Some[str], names: Sequence[str]) -> None:
        self.weights = {
            word: min(len(word), LONGEST) * (1.0 if word in telling else UNTELLING) for word in dict.fromkeys(words)
        }
        known = list(dict.fromkeys(word for name in names for word in name.split(" ")))
        self.alike = {word: _alike(word, known) for word in self.weights}

    def nearness(self, names: Sequence[str]) -> float:
        """How much of the words the best of `names` holds, however long it is, 0 to 100."""
        return max((self._held(name) for name in names), default=0.0)

    def _held(self, name: str) -> float:
        words = name.split(" ")
        told, met = 0.0, set()
        initials: list[str] | None = None
        for asked, weight in self.weights.items():
            alike = self.alike[asked]
            best, by = max((alike.get(word, 0.0), word) for word in words)
            if best < SHORTENED and len(words) > 2:
                if initials is None:
                    initials = acronyms(words, frozenset())
                if asked in initials:
                    best = SHORTENED
            told += weight * best
            if best:
                met.add(by)
        said = sum(map(len, met)) / max(1, sum(map(len, words)))
        return HELD * told / sum(self.weights.values()) + HOLDING * said


def _alike(asked: str, known: Sequence[str]) -> Mapping[str, float]:
    """Those of `known` words that may be meant by one asked, entire or begun, and how like they are, 0 to 1."""
    found: dict[str, float] = {}
    for shown, worth in ((known, 1.0), ([word[: len(asked)] for word in known], BEGUN)):
        for _, like, at in process.extract(
            asked, shown, scorer=OSA.normalized_similarity, score_cutoff=SPELT, limit=None
        ):
            found[known[at]] = max(found.get(known[at], 0.0), like * worth)
    return found


def rank(
    words: Sequence[str], telling: Some[str], found: Sequence[tuple[float, Sequence[str]]]
) -> list[tuple[float, int]]:
    """The places of `found` (score of the index, folded names), best first, each with its nearness.

    The name's nearness counts most; what the index says (rarity, text) separates names equally near.
    """
    best = max((score for score, _ in found), default=0.0) or 1.0
    by_word, whole = ByWord(words, telling, [name for _, names in found for name in names]), " ".join(words)
    ranked = []
    for place, (score, names) in enumerate(found):
        near = BY_WORD * by_word.nearness(names) + WHOLE * nearness(whole, names)
        ranked.append((NAME * near + INDEX * 100 * score / best, -place, near))
    return [(near, -place) for _, place, near in sorted(ranked, reverse=True)]
