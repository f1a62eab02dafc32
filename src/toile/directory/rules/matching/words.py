"""Names cut into words, and how much each word tells: legal and small words little, rare words much."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from toile.directory.rules.matching.parameters import Parameters, parameters
from toile.directory.rules.naming import SMALL_WORDS, acronym_of
from toile.kernel.fold import fold, fold_place

SMALL: Final = frozenset(map(fold, SMALL_WORDS)) | {"a", "s"}
SHORTEST_MISSPELT: Final = 5
TWO_ERRORS: Final = 7
LONGEST_ACRONYM: Final = 10
SHORTEST_ACRONYM: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_SPELT: Final = re.compile(r"(?<!\S)[^\W_](?: [^\W_]){2,}(?!\S)")
_DOTTED: Final = re.compile(r"\b\w(?:\.\w)+\b\.?")


def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, in order: « A.D.M.R. » and « A D M R » are one, « St » is « saint »."""
    folded = fold_place(name)
    if "." in folded:
        folded = _DOTTED.sub(lambda found: found[0].replace(".", ""), folded)
    return tuple(_WORD.findall(_SPELT.sub(lambda found: found[0].replace(" ", ""), folded)))


def one_word(first: str, second: str) -> bool:
    """Whether two words are one but for a spelling mistake: one error from five letters on, two from seven.

    Of two errors the word keeps its four first or four last letters: blocking counts on it. Numbers are exact.
    """
    if first[0] != second[0] and first[-1] != second[-1]:
        return False  # what follows would find no less: one error, or two of these, leaves one of both
    short, long = sorted((first, second), key=len)
    if len(short) < SHORTEST_MISSPELT or len(long) - len(short) > 2 or not (first.isalpha() and second.isalpha()):
        return False
    errors = OSA.distance(first, second, score_cutoff=2)
    if errors <= 1:
        return True
    return errors == 2 and len(short) >= TWO_ERRORS and (first[:4] == second[:4] or first[-4:] == second[-4:])


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the comparison knows of all the records: how rare each word is, and which words name places.

    names: how many names were counted. frequencies: word → in how many of them. places: words of the communes' names.
    """

    names: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    parameters: Parameters = field(default_factory=parameters)
    _weights: dict[str, float] = field(default_factory=dict, compare=False)

    def weight(self, word: str) -> float:
        """How much a word tells, 0 to 1: its inverse frequency, bounded for the ordinary ones."""
        known = self._weights.get(word)
        if known is None:
            known = self._weights[word] = self._weigh(word)
        return known

    def _weigh(self, word: str) -> float:
        told = self.parameters
        if word in SMALL or word in told.legal_words or (len(word) == 1 and not word.isdigit()):
            return 0.0
        if word in told.kind_words:
            return told.words["kind_weight"]
        mistake = self.frequencies.get(word, 1) <= told.words["as_rare_as_a_mistake"]
        if mistake and any(one_word(word, legal) for legal in told.legal_words):
            return 0.0
        total = max(self.names, told.words["smallest_corpus"])
        rarity = math.log(total / max(1, self.frequencies.get(word, 1))) / math.log(total)
        return max(0.05, min(rarity, told.words["ordinary_weight"]) if word in told.ordinary_words else rarity)


def corpus(names: Iterable[str], communes: Iterable[str] = (), told: Parameters | None = None) -> Corpus:
    """Count the words of these names (each name once, however often it comes), and the words of these communes."""
    told = told or parameters()
    seen = set(map(words_of, names))
    frequencies = Counter(word for words in seen for word in set(words))
    places = {word for name in communes for word in words_of(name) if len(word) > 2 and word not in SMALL}
    return Corpus(len(seen), dict(frequencies), frozenset(places - {"saint", "sainte", "sur"}), told)


@dataclass(frozen=True, slots=True)
class Name:
    """One name ready to be compared.

    text: as written. words: those that may tell, in order; none is small or legal unless all are. own: the words of its
    own commune. initials: the acronyms that it may have. acronym: the acronym that it is, or carries. whole: folded,
    with its small and legal words. ordered: the same words in the order of the alphabet.
    """

    text: str
    words: tuple[str, ...]
    own: frozenset[str]
    initials: frozenset[str]
    acronyms: frozenset[str]
    whole: str = ""
    ordered: str = ""


def read_name(text: str, own: frozenset[str], known: Corpus) -> Name:
    """Cut a name; own: the words of the communes where the structure is, and its department's number."""
    words = words_of(text)
    told = known.parameters
    full = tuple(told.abbreviations.get(word, word) for word in words)
    telling = tuple(word for word in full if known.weight(word) > 0)
    without_place = tuple(word for word in telling if word not in own)
    carried = {word for word in without_place if len(without_place) == 1 and _may_be_acronym(word)}
    given = acronym_of(text)
    if given is not None:
        carried.add(fold(given))
    whole = fold_place(text)
    ordered = " ".join(sorted(whole.split()))
    return Name(text, telling or full, own, _initials(words, own, told), frozenset(carried), whole, ordered)


def _may_be_acronym(word: str) -> bool:
    return SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM and word.isalpha()


def _initials(words: Sequence[str], own: frozenset[str], told: Parameters) -> frozenset[str]:
    """The initials of a name, with and without its small words, its legal words, the name of its commune."""
    bare = [word for word in words if word not in told.legal_words]
    kept = [words, bare, [word for word in bare if word not in own]]
    spelt = {"".join(word[0] for word in several if word not in SMALL) for several in kept}
    spelt |= {"".join(word[0] for word in several) for several in kept}
    return frozenset(found for found in spelt if SHORTEST_ACRONYM <= len(found) <= LONGEST_ACRONYM)
