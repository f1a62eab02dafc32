"""What an index is made of: its fields, and a document of a room as a document of the index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final
from uuid import UUID

import tantivy

from .declaring import Collection, Document
from .words import acronyms, glued, gram_analyzer, outlined, stem_analyzer, telling, words_of, words_of_folded

ENGINE: Final = 2
"""Raised when the fields or what is written in them change: every index is then rebuilt."""

CURSOR: Final = "cursor"
"""The id of the one document that is no object: how far this index has read the outbox, committed with the data."""

STEMS: Final = "stems"
GRAMS: Final = "grams"
_LOWEST: Final = (1 << 64) - 1


def shape(collection: Collection) -> str:
    """What an index must be to be read by this version of the code."""
    return f"{ENGINE}.{collection.version}"


@cache
def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name}"


def key_of(pk: UUID) -> int:
    """An id as the 64-bit number by which sets of objects are filtered."""
    return (pk.int >> 64) ^ (pk.int & _LOWEST)


@lru_cache(maxsize=64)
def schema(facets: tuple[str, ...]) -> tantivy.Schema:
    """The fields of a collection with these facets.

    names, text: folded words; name_stems, text_stems: their French stems; joined: acronyms and words written as one;
    whole: entire names; grams: pairs and triples of their letters; shown: the names, stored, for the ranking.
    """
    fields = tantivy.SchemaBuilder()
    for name in ("id", "shown", "cursor"):
        fields.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("seen_by", "whole", "joined"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("names", "text"):
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("name_stems", "text_stems"):
        fields.add_text_field(name, tokenizer_name=STEMS, index_option="freq")
    fields.add_text_field("grams", tokenizer_name=GRAMS, index_option="freq")
    for name in (facet_field(facet) for facet in facets):
        fields.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    fields.add_text_field("sort", fast=True, tokenizer_name="raw", index_option="basic")
    fields.add_unsigned_field("key", indexed=True, fast=True)
    for name in ("lon", "lat"):
        fields.add_float_field(name, fast=True)
    return fields.build()


def fitted(index: tantivy.Index) -> tantivy.Index:
    """An index just opened, knowing stems and grams (an opened index forgets what is not the library's own)."""
    index.register_tokenizer(STEMS, stem_analyzer())
    index.register_tokenizer(GRAMS, gram_analyzer())
    return index


def written(collection: Collection, document: Document) -> tantivy.Document:
    """A room's document as the index holds it."""
    light = collection.light_words
    names = [words for name in document.names if (words := words_of(name))]
    folded = [" ".join(words) for words in names]
    every_name, text = " ".join(folded), " ".join([*words_of(document.text), *words_of_folded(document.folded)])
    fields = {
        "id": [str(document.id)],
        "key": [key_of(document.id)],
        "seen_by": list(document.seen_by),
        "shown": ["\n".join(dict.fromkeys(folded))],
        "whole": list(dict.fromkeys(folded)),
        "names": [every_name],
        "name_stems": [every_name],
        "joined": _once(form for words in names for form in (*acronyms(words, light), *glued(words))),
        "grams": [outlined(telling(words, light)) for words in names],
        "text": [text],
        "text_stems": [text],
        # The id makes the order total: a page never repeats a row of the one before.
        "sort": [f"{document.sort or (folded[0] if folded else '')}\0{document.id}"],
    }
    for facet, values in document.facets.items():
        fields[facet_field(facet)] = list(values)
    if document.point is not None:
        fields["lon"], fields["lat"] = [document.point[0]], [document.point[1]]
    return tantivy.Document.from_dict(fields, schema(tuple(collection.facets)))


def _once(forms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(forms))
