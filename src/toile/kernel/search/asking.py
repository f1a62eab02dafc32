"""A question as the index understands it: each word in its several ways, more and more tolerant."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Part

from .shape import facet_field
from .words import acronyms, grams, stem, telling

PREFIX_FROM: Final = 3
LAST_PREFIX_FROM: Final = 2
FUZZY_PREFIX_FROM: Final = 6
MOST_TERMS_SIDE_BY_SIDE: Final = 16

# What a word found is worth. An exact word weighs by its rarity (BM25, 1 to 10 on 200,000 names); what is found by an
# automaton has no rarity, hence a constant between.
EXACT, STEM, JOINED, TEXT, TEXT_STEM = 1.0, 0.8, 0.9, 0.35, 0.25
PREFIX, LAST_PREFIX, TEXT_PREFIX = 2.5, 4.0, 1.0
ONE_ERROR, TWO_ERRORS, FUZZY_PREFIX, FUZZY_JOINED = 5.0, 3.5, 2.5, 3.5
WHOLE_NAME, INITIALS, UNTELLING = 30.0, 6.0, 0.3


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a stage goes.

    one_error, two_errors: from how many letters on a word may have one typing error, or two. missing: how many telling
    words may be absent.
    """

    one_error: int
    two_errors: int
    missing: int = 0


NEVER: Final = 1000
EXACTLY: Final = Tolerance(NEVER, NEVER)


def stages(count: int) -> list[Tolerance]:
    """From a usual tolerance to the greatest, for `count` telling words; the next is asked where one finds nothing."""
    found = [Tolerance(4, 8), Tolerance(3, 5)]
    third, half = max(1, count // 3), count // 2
    if count > 1:
        found.append(Tolerance(4, 8, third))
    if half > third:
        found.append(Tolerance(4, 8, half))
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question. all: in order. telling: those that must be found."""

    all: Sequence[str]
    telling: Sequence[str]
    light: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[str], light: frozenset[str]) -> Words:
        return cls(words, telling(words, light), light)

    def query(self, schema: tantivy.Schema, tolerance: Tolerance) -> Part:
        """What finds enough of the telling words; the others, and the entire name, only rank."""
        told = [(Occur.Should, self._word(schema, word, tolerance)) for word in self.telling]
        found = [(Occur.Must, Part.boolean_query(told, minimum_number_should_match=len(told) - tolerance.missing))]
        whole = Part.term_query(schema, "whole", " ".join(self.all))
        found.append((Occur.Should, Part.const_score_query(whole, WHOLE_NAME)))
        for word in self.all:
            if word not in self.telling:
                found.append((Occur.Should, Part.boost_query(Part.term_query(schema, "names", word), UNTELLING)))
        return Part.boolean_query(found)

    def in_names(self, schema: tantivy.Schema) -> Part:
        """What holds every telling word in its names, to the letter or begun; its text says nothing."""
        fields = (("names", str), ("joined", str), ("name_stems", stem))
        every = []
        for word in self.telling:
            ways = [Part.term_query(schema, name, form(word)) for name, form in fields]
            if word == self.all[-1] and len(word) >= LAST_PREFIX_FROM:
                ways.append(_automaton(schema, "names", word, 0, LAST_PREFIX, prefix=True))
            every.append((Occur.Must, Part.disjunction_max_query(ways)))
        return Part.boolean_query(every)

    def by_initials(self, schema: tantivy.Schema) -> list[Part]:
        """What goes by the initials of these words, where they make some."""
        short = acronyms(self.all, self.light) if len(self.telling) > 2 else []
        return [Part.const_score_query(Part.term_query(schema, "names", word), INITIALS) for word in short]

    def by_letters(self, schema: tantivy.Schema) -> Part:
        """Whatever shares letters in a row with these words, the most alike first."""
        return Part.boolean_query(
            [(Occur.Should, Part.term_query(schema, "grams", one)) for one in grams(self.telling)]
        )

    def _word(self, schema: tantivy.Schema, word: str, tolerance: Tolerance) -> Part:
        ways = [*self._exactly(schema, word), *self._beginning(schema, word)]
        if len(word) >= tolerance.one_error and not word.isdigit():
            ways += self._misspelt(schema, word, 2 if len(word) >= tolerance.two_errors else 1)
        return Part.disjunction_max_query(ways)

    def _exactly(self, schema: tantivy.Schema, word: str) -> Iterator[Part]:
        root = stem(word)
        weighed = [("names", word, EXACT), ("name_stems", root, STEM), ("joined", word, JOINED)]
        weighed += [("text", word, TEXT), ("text_stems", root, TEXT_STEM)]
        weighed += [("names", pair, JOINED) for pair in self._pairs(word)]
        for field, term, weight in weighed:
            yield Part.boost_query(Part.term_query(schema, field, term), weight)

    def _beginning(self, schema: tantivy.Schema, word: str) -> Iterator[Part]:
        is_last = word == self.all[-1]
        if len(word) >= (LAST_PREFIX_FROM if is_last else PREFIX_FROM):
            yield _automaton(schema, "names", word, 0, LAST_PREFIX if is_last else PREFIX, prefix=True)
        if is_last and len(word) >= PREFIX_FROM:
            yield _automaton(schema, "text", word, 0, TEXT_PREFIX, prefix=True)

    def _misspelt(self, schema: tantivy.Schema, word: str, errors: int) -> Iterator[Part]:
        yield _automaton(schema, "names", word, 1, ONE_ERROR)
        if errors == 2:
            yield _automaton(schema, "names", word, 2, TWO_ERRORS)
        yield _automaton(schema, "joined", word, errors, FUZZY_JOINED)
        for pair in self._pairs(word):
            yield _automaton(schema, "names", pair, 1, FUZZY_JOINED)
        if word == self.all[-1] and len(word) >= FUZZY_PREFIX_FROM:
            # Here only: a frequent word begins thousands of joined ones, and then it was found to the letter.
            yield _automaton(schema, "joined", word, 0, PREFIX, prefix=True)
            yield _automaton(schema, "names", word, 1, FUZZY_PREFIX, prefix=True)

    def _pairs(self, word: str) -> list[str]:
        """The word written as one with each of its neighbours."""
        at = self.all.index(word)
        return [first + second for first, second in pairwise(self.all[max(0, at - 1) : at + 2])]


def _automaton(
    schema: tantivy.Schema, field: str, word: str, errors: int, weight: float, *, prefix: bool = False
) -> Part:
    found = Part.fuzzy_term_query(schema, field, word, errors, transposition_cost_one=True, prefix=prefix)
    return Part.const_score_query(found, weight)


def any_of(schema: tantivy.Schema, field: str, values: Some[str]) -> Part:
    """Documents with one of `values` in a field of whole values; none if there is no value."""
    if not values:
        return Part.empty_query()
    if len(values) > MOST_TERMS_SIDE_BY_SIDE:
        return Part.term_set_query(schema, field, list(values))
    terms = [(Occur.Should, Part.term_query(schema, field, value, "basic")) for value in sorted(values)]
    return terms[0][1] if len(terms) == 1 else Part.boolean_query(terms)


def of_keys(schema: tantivy.Schema, keys: Some[int]) -> Part:
    """The documents with these keys."""
    return Part.term_set_query(schema, "key", list(keys)) if keys else Part.empty_query()


def in_box(schema: tantivy.Schema, west: float, south: float, east: float, north: float) -> Part:
    """Documents whose point is inside a rectangle of degrees, its edges included."""
    sides = (("lon", west, east), ("lat", south, north))
    ranges = [Part.range_query(schema, field, FieldType.Float, low, high) for field, low, high in sides]
    return Part.boolean_query([(Occur.Must, one) for one in ranges])


def facet_line(schema: tantivy.Schema, facet: str, values: Some[str]) -> Part:
    """Documents with one of `values` for a facet."""
    return any_of(schema, facet_field(facet), values)


def all_together(words: Part | None, filters: Sequence[Part], excluded: Sequence[Part]) -> Part:
    """What `words` finds and ranks, among what all `filters` hold and nothing `excluded` does."""
    parts = [(Occur.Must, Part.const_score_query(one, 0.0)) for one in filters]
    parts += [(Occur.MustNot, one) for one in excluded]
    if words is not None:
        parts.append((Occur.Must, words))
    return Part.boolean_query(parts)


def terms_of(facets: Sequence[str]) -> Mapping[str, object]:
    """The counts of all values of several facets, in one aggregation."""
    return {facet: {"terms": {"field": facet_field(facet), "size": 65_000}} for facet in facets}
