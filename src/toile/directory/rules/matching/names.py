"""How alike two names are: their words paired, one spelling mistake forgiven, and what is left on either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from toile.directory.rules.matching.words import Corpus, Name, one_word

Level = Literal["same", "nearly", "acronym", "contained", "alike", "none"]
LEVELS: Final[dict[str, int]] = {"none": 0, "alike": 1, "contained": 2, "acronym": 3, "nearly": 4, "same": 5}
SHORTEST_LETTERS: Final = 4
SHORTEST_ABBREVIATION: Final = 3
LIKE_ACRONYM: Final = 0.85


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two names have in common. score: 0 to 1. strength: weight of the words in common.

    misspelt: pairs of words that are one but for their spelling. left: the telling words that only one has.
    clash: « places », « numbers » or « kinds » when what is left names two, else empty.
    """

    level: Level
    score: float
    strength: float
    first: Name
    second: Name
    common: tuple[str, ...] = ()
    misspelt: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    clash: str = ""
    acronym: tuple[str, str] = ("", "")

    @property
    def rank(self) -> tuple[int, float]:
        return (0 if self.clash else 1, self.score + LEVELS[self.level] / 100)


def abbreviates(short: str, long: str) -> bool:
    """Whether a word is the beginning of another: « reg » of « regie », « inform » of « informatique »."""
    return SHORTEST_ABBREVIATION <= len(short) <= len(long) - 2 and long.startswith(short) and long.isalpha()


def likeness(first: Name, second: Name, known: Corpus) -> Likeness:
    """Compare two names; the order of their words does not count, nor what the commune of either is called."""
    spelt = _acronym(first, second)
    found = _by_words(first, second, known)
    unlike = LEVELS[found.level] < LEVELS["acronym"] and found.score < known.parameters.likeness["enough"]
    if spelt is not None and unlike and not found.clash:
        return Likeness("acronym", LIKE_ACRONYM, 1.0, first, second, acronym=spelt)
    if LEVELS[found.level] < LEVELS["nearly"] and not found.clash:
        letters = _by_letters(first, second, known)
        if letters is not None and letters.rank > found.rank:
            return letters
    return found


def closeness(first: Name, second: Name, known: Corpus) -> float:
    """How near two names are written, 0 to 1, every word and letter counted: what ranks the namesakes of a place.

    Letters in order or words in any order, whichever is nearer, and a part for words that only one of them has.
    """
    letters = OSA.normalized_similarity(first.whole, second.whole)
    ordered = fuzz.ratio(first.ordered, second.ordered) / 100
    part = known.parameters.likeness["part_of_shared_words"]
    shared = fuzz.token_set_ratio(first.whole, second.whole) / 100
    return float((1 - part) * max(letters, ordered) + part * shared)


def _by_letters(first: Name, second: Name, known: Corpus) -> Likeness | None:
    """Two names letter by letter, without their spaces: where the mistakes fall between words, or twice in one."""
    one, other = _letters(first), _letters(second)
    if min(len(one), len(other)) < SHORTEST_LETTERS or _digits(one) != _digits(other):
        return None
    told = known.parameters.likeness
    near = OSA.normalized_similarity(one, other, score_cutoff=told["letters_alike"])
    if not near:
        return None
    strength = near * min(_weight(first.words, known), _weight(second.words, known))
    level: Level = "nearly" if near >= told["letters_nearly"] else "alike"
    return Likeness(level, near, strength, first, second, misspelt=((first.text, second.text),))


def _letters(name: Name) -> str:
    return "".join([word for word in name.words if word not in name.own])


def _digits(text: str) -> str:
    return "".join([letter for letter in text if letter.isdigit()])


def _acronym(first: Name, second: Name) -> tuple[str, str] | None:
    for one, other in ((first, second), (second, first)):
        shared = one.acronyms & other.initials
        if shared:
            return max(shared, key=len), other.text
    return None


def _by_words(first: Name, second: Name, known: Corpus) -> Likeness:
    left, right = list(first.words), list(second.words)
    pairs: list[tuple[str, str, float]] = []
    for word in list((Counter(left) & Counter(right)).elements()):
        left.remove(word)
        right.remove(word)
        pairs.append((word, word, 1.0))
    if left and right:
        _pair_the_rest(left, right, pairs, known)
    places = first.own | second.own
    left = [word for word in left if word not in places]
    right = [word for word in right if word not in places]
    telling = [pair for pair in pairs if pair[0] not in places] or pairs
    weights = [(min(known.weight(a), known.weight(b)), quality) for a, b, quality in telling]
    strength = sum(weight * quality for weight, quality in weights)
    full = sum(weight for weight, _quality in weights)
    rest_left, rest_right = _weight(left, known), _weight(right, known)
    whole = 2 * full + rest_left + rest_right
    dice = 2 * strength / whole if whole else float(bool(pairs) and not left and not right)
    smaller = full + min(rest_left, rest_right)
    cover = strength / smaller if smaller else dice
    score = 0.6 * dice + 0.4 * cover if strength or not whole else 0.0
    exact = all(quality == 1.0 for _a, _b, quality in pairs)
    return Likeness(
        _level(pairs, exact, left, right, score),
        min(1.0, score),
        strength,
        first,
        second,
        tuple(a for a, b, quality in telling if a == b),
        tuple((a, b) for a, b, quality in pairs if a != b),
        (tuple(left), tuple(right)),
        _clash(left, right, known) if pairs else "",
    )


def _level(
    pairs: Sequence[tuple[str, str, float]], exact: bool, left: Sequence[str], right: Sequence[str], score: float
) -> Level:
    if not pairs:
        return "none"
    if not left and not right:
        return "same" if exact else "nearly"
    # A name is in another when a word of it is, to the letter: « cagette » is not in « le collectif de la navette ».
    if (not left or not right) and any(one == other for one, other, _quality in pairs):
        return "contained"
    return "alike" if score > 0 else "none"


def _weight(words: Sequence[str], known: Corpus) -> float:
    return sum(known.weight(word) for word in words)


def _pair_the_rest(left: list[str], right: list[str], pairs: list[tuple[str, str, float]], known: Corpus) -> None:
    """Pair what is not written the same: spelling mistakes, abbreviations, glued or cut; takes from both lists."""
    told = known.parameters.words
    _unglue(left, right, pairs, told["misspelt"], turned=False)
    _unglue(right, left, pairs, told["misspelt"], turned=True)
    for word in list(left):
        other = next((one for one in right if one_word(word, one)), None)
        quality = told["misspelt"]
        if other is None:
            other = next((one for one in right if abbreviates(word, one) or abbreviates(one, word)), None)
            quality = told["abbreviated"]
        if other is not None:
            left.remove(word)
            right.remove(other)
            pairs.append((word, other, quality))


def _unglue(
    several: list[str], one: list[str], pairs: list[tuple[str, str, float]], quality: float, *, turned: bool
) -> None:
    """Pair neighbours with the word that they make together: « audo tri » and « audotri »."""
    for first, second in pairwise(tuple(several)):
        whole = first + second
        if whole in one and first in several and second in several:
            several.remove(first)
            several.remove(second)
            one.remove(whole)
            pairs.append((whole, f"{first} {second}", quality) if turned else (f"{first} {second}", whole, quality))


def _clash(left: Sequence[str], right: Sequence[str], known: Corpus) -> str:
    """Whether what is left names two places, two numbers or two kinds of structure."""
    for name, of in (
        ("places", known.places.__contains__),
        ("numbers", str.isdigit),
        ("kinds", known.parameters.kind_words.__contains__),
    ):
        if any(map(of, left)) and any(map(of, right)):
            return name
    return ""
