"""Text cut into the words that are indexed and asked: folded, stemmed, their initials, joined without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from threading import local
from typing import Final

import tantivy

from toile.kernel.fold import fold, saints

MOST_CHARACTERS: Final = 300
MOST_WORDS: Final = 12
LONGEST_WORD: Final = 40
SHORTEST_ACRONYM: Final = 3
SHORT_OUTLINE: Final = 14
SAYING: Final = 5
SMALL: Final = frozenset(
    """
    a au aux avec c ce ces chez d dans de des du elle en entre est et il l la le les leur leurs n ne nos notre ou par
    pas pour qu que qui s sa sans se ses si son sous sur un une vers vos votre y
    """.split()  # noqa: SIM905 -- a list of sixty quoted words is not read
)
"""Words too common in French to be asked for."""

_WORD: Final = re.compile(r"\w+")
_DOTTED: Final = re.compile(r"\b\w(?:\.\w)+\b\.?")


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order; « A.D.M.R. » is one word, « St » is « Saint »."""
    return words_of_folded(fold(text))


def words_of_folded(folded: str) -> list[str]:
    """The same of a text already folded."""
    folded = saints(folded)
    if "." in folded:
        folded = _DOTTED.sub(lambda found: found.group().replace(".", ""), folded)
    words: list[str] = _WORD.findall(folded)
    too_long = len(folded) > LONGEST_WORD and len(max(words, key=len, default="")) > LONGEST_WORD
    return [word[:LONGEST_WORD] for word in words] if too_long else words


def asked_words(text: str) -> list[str]:
    """The words of a question, each once, of at most its first 300 characters and 12 words."""
    return list(dict.fromkeys(words_of(text[:MOST_CHARACTERS])))[:MOST_WORDS]


def telling(words: Iterable[str], light: frozenset[str]) -> list[str]:
    """The words that say something: neither small nor light; all of them when those have fewer than five letters."""
    words = list(words)
    said = [word for word in words if word not in SMALL and word not in light]
    return said if sum(map(len, said)) >= SAYING else words


def acronyms(words: Sequence[str], light: frozenset[str]) -> list[str]:
    """The initials of a name of three words or more, without its small words, then without the light ones too."""
    full = [word for word in words if word not in SMALL]
    bare = [word for word in full if word not in light]
    initials = ["".join([word[0] for word in kept]) for kept in (full, bare)]
    return [found for found in dict.fromkeys(initials) if SHORTEST_ACRONYM <= len(found) <= MOST_WORDS]


def glued(words: Sequence[str]) -> list[str]:
    """Neighbouring words written as one: each pair, and the whole name if it is short."""
    pairs = [first + second for first, second in pairwise(words)]
    whole = "".join(words)
    return [*pairs, whole] if len(words) > 2 and len(whole) <= LONGEST_WORD else pairs


def stem_analyzer() -> tantivy.TextAnalyzer:
    """The French stems of text already folded."""
    whole = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return whole.filter(tantivy.Filter.stemmer("french")).build()


def gram_analyzer() -> tantivy.TextAnalyzer:
    """The pairs and triples of neighbouring letters of a name written as one word."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 3)).build()


class _Analyzers(local):
    """One of each for each thread."""

    def __init__(self) -> None:
        self.stems, self.grams = stem_analyzer(), gram_analyzer()


_analyzers: Final = _Analyzers()


def stem(word: str) -> str:
    """The French stem of a folded word."""
    (found,) = _analyzers.stems.analyze(word) or [word]
    return found


def outlined(words: Sequence[str]) -> str:
    """Words written as one, its beginning and its end marked: what two spellings of a name are compared by."""
    return f"^{''.join(words)}$"


def grams(words: Sequence[str]) -> list[str]:
    """The triples of letters of a question; of a short one the pairs, which an error spoils less."""
    outline = outlined(words)
    size = 2 if len(outline) <= SHORT_OUTLINE else 3
    return [gram for gram in dict.fromkeys(_analyzers.grams.analyze(outline)) if len(gram) == size]
