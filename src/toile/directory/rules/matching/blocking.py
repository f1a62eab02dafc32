"""Which pairs are compared at all: records that share a key; keys are counted before anything is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final

from toile.directory.rules.matching.names import SHORTEST_LETTERS
from toile.directory.rules.matching.preparing import Prepared
from toile.directory.rules.matching.words import TWO_ERRORS, Corpus, Name

MOST_IN_BLOCK: Final = 300
"""A block of more is not compared by its key; it is reported."""
FEW: Final = 12
"""In a commune of so few, all are compared with all."""


@dataclass(slots=True)
class Blocks:
    """What was counted: the keys whose blocks were too large, with how many records each."""

    oversized: dict[str, int] = field(default_factory=dict)


def telling_words(one: Prepared, known: Corpus) -> set[str]:
    """The words that a record is looked for by: neither small nor legal, nor its commune's unless it has no other."""
    found = set()
    for name in one.names:
        words = {word for word in name.words if known.weight(word) > 0}
        found |= (words - name.own) or words
    return found


def near_spellings(word: str) -> set[str]:
    """A word and what is left of it without one letter: two words one error apart share one of these."""
    if len(word) < SHORTEST_LETTERS or not word.isalpha():
        return {word}
    found = {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}
    return found | {f"{word[:4]}<", f">{word[-4:]}"} if len(word) >= TWO_ERRORS else found


def ends(name: Name) -> tuple[str, str]:
    """The two first letters of a name and its two last, without its commune: what two mistakes often leave."""
    whole = "".join([word for word in name.words if word not in name.own])
    return f"{whole[:2]}<<", f">>{whole[-2:]}"


def letters_of(name: Name) -> str:
    """The letters of a name in the order of the alphabet: what is left of it when some are swapped."""
    return "".join(sorted("".join([word for word in name.words if word not in name.own])))


def keys_here(one: Prepared, known: Corpus) -> set[str]:
    """The keys of a record among those of its own commune: its words, its acronyms, its words glued."""
    found: set[str] = set()
    for word in telling_words(one, known):
        found |= near_spellings(word)
    for name in one.names:
        found |= {f"={short}" for short in name.acronyms | name.initials}
        found |= {first + second for first, second in pairwise(name.words)}
        found |= {*ends(name)}
    return found


def keys_anywhere(one: Prepared, known: Corpus) -> Iterator[str]:
    """The keys of a record among all of them: identifiers, site, and its names whole or by their two rarest words."""
    for siren in one.sirens:
        yield f"siren {siren}"
    for rna in one.profile.rnas:
        yield f"rna {rna}"
    if one.domain:
        yield f"site {one.domain}"
    for name in one.names:
        words = sorted(
            {word for word in name.words if word not in name.own}, key=lambda word: (-known.weight(word), word)
        )
        if not words:
            continue
        yield "name " + " ".join(sorted(words))
        yield "glued " + "".join(word for word in name.words if word not in name.own)
        for first, second in combinations(sorted(words[:3]), 2):
            yield f"words {first} {second}"


def keys_of_word(one: Prepared, known: Corpus) -> set[str]:
    """The words by which a record without a place is looked for, anywhere, misspelt or not."""
    rare = known.parameters.words["rare"]
    words = telling_words(one, known)
    rarest = max(words, key=known.weight, default="")
    found: set[str] = set()
    for word in {word for word in words if known.weight(word) >= rare} | {rarest} - {""}:
        found |= near_spellings(word)
    for name in one.names:
        for naf in one.profile.activities:
            found |= {f"{naf} {end}" for end in (*ends(name), letters_of(name))}
    return found


def blocked_pairs(records: Sequence[Prepared], known: Corpus, counted: Blocks) -> Iterator[tuple[int, int]]:
    """Every pair of places in `records` that shares a key; `counted` is filled on the way.

    Records are compared inside their commune, then inside their postal code with those whose commune is another, then
    anywhere by what tells without a place. A pair that shares keys of two kinds comes twice, and is decided the same.
    """
    communes, postal_codes = _places(records)
    for place, numbers in communes.items():
        if len(numbers) <= FEW:
            yield from combinations(numbers, 2)
        else:
            yield from _pairs({number: keys_here(records[number], known) for number in numbers}, place, counted)
    for place, numbers in postal_codes.items():
        for a, b in _pairs({number: keys_here(records[number], known) for number in numbers}, place, counted):
            if not records[a].communes & records[b].communes:
                yield a, b
    yield from _pairs({number: set(keys_anywhere(one, known)) for number, one in enumerate(records)}, "", counted)
    unplaced = {number for number, one in enumerate(records) if not one.communes and not one.postal_codes}
    if unplaced:
        words = {number: keys_of_word(one, known) for number, one in enumerate(records)}
        wanted = {key for number in unplaced for key in words[number]}
        kept = {number: keys & wanted for number, keys in words.items()}
        for a, b in _pairs(kept, "", counted):
            if a in unplaced or b in unplaced:
                yield a, b


def _places(records: Sequence[Prepared]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Who is in each commune, and in each postal code, where there are two at least."""
    communes: dict[str, list[int]] = defaultdict(list)
    postal_codes: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(records):
        for commune in one.communes:
            communes[commune].append(number)
        for code in one.postal_codes:
            postal_codes[code].append(number)
    return _of_two(communes), _of_two(postal_codes)


def _of_two(places: dict[str, list[int]]) -> dict[str, list[int]]:
    return {place: numbers for place, numbers in places.items() if len(numbers) > 1}


def _pairs(keys: Mapping[int, set[str]], place: str, counted: Blocks) -> Iterator[tuple[int, int]]:
    """Each pair once, of those that share one of these keys; the keys that too many share are reported."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, several in keys.items():
        for key in several:
            blocks[key].append(number)
    seen: set[int] = set()
    for key, numbers in blocks.items():
        if len(numbers) > MOST_IN_BLOCK:
            counted.oversized[f"{place} {key}".strip()] = len(numbers)
            continue
        for a, b in combinations(numbers, 2):
            pair = a << 32 | b
            if pair not in seen:
                seen.add(pair)
                yield a, b
