"""Text folded so that two spellings of one word compare equal, and the key that sorts French text."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_APOSTROPHES: Final = "'’‘ʼʹ′`´‛＇"
_HYPHENS: Final = "-‐‑‒–—―−_"
_INVISIBLE: Final = "\x00\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LIGATURES: Final = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}

_TABLE: Final = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, " "),
        **dict.fromkeys(_HYPHENS, " "),
        **dict.fromkeys(_INVISIBLE, None),
        **_LIGATURES,
    }
)
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_NAME_LENGTH: Final = 200
"""Up to this length a text may be a name, and names are folded again and again: the last ones are remembered."""
_MAY_BE_SAINT: Final = re.compile(r"(?:^| )s(?:te?\.?|/)(?: |$)")
_PLACE_WORDS: Final = {"st": "saint", "ste": "sainte", "st.": "saint", "ste.": "sainte", "s/": "sur"}
# Secondary order of the Unicode collation: acute, grave, circumflex, diaeresis; other marks after.
_MARK_ORDER: Final = {"\u0301": "1", "\u0300": "2", "\u0302": "3", "\u0308": "4", "\u0327": "5"}


def _without_marks(text: str) -> str:
    return _NOT_ASCII.sub(_letters, unicodedata.normalize("NFKD", text))


def _letters(found: re.Match[str]) -> str:
    """What is left of characters outside ASCII (where there are no marks) once the marks are taken away."""
    return "".join([c for c in found.group() if unicodedata.category(c) not in ("Mn", "Me", "Cf")])


def fold(text: str) -> str:
    """Fold accents, ligatures, apostrophes, hyphens, case and runs of spaces (domain L12).

    Apostrophes and hyphens become one space, so « Kaléido’Scop », « KALEIDO'SCOP » and
    « kaleido scop » are one. Folding twice changes nothing.
    """
    return _fold_again(text) if len(text) <= _NAME_LENGTH else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        lowered = text.lower()
    else:
        # Compatibility forms hide capitals (ℂ) and capitals hide marks (İ): hence before and after.
        lowered = _without_marks(_without_marks(text.translate(_TABLE)).casefold())
    return " ".join(lowered.translate(_TABLE).split())


_fold_again: Final = lru_cache(maxsize=8192)(_fold)


def fold_place(text: str) -> str:
    """Fold the name of a place: as `fold`, and « St » is « Saint », « Ste » is « Sainte » (domain L12)."""
    return saints(fold(text))


def saints(folded: str) -> str:
    """Folded text in which « St » is « Saint », « Ste » is « Sainte »."""
    if not _MAY_BE_SAINT.search(folded):
        return folded
    return " ".join([_PLACE_WORDS.get(word, word) for word in folded.split(" ")])


@lru_cache(maxsize=4096)
def sort_key(text: str) -> tuple[str, str, str]:
    """Key of the French order: letters first, then accents from the left, then small before capital.

    This is the Unicode collation of the locale `fr` for the Latin script (cote, coté, côte, côté),
    the same on every machine whatever its locale and database.
    """
    marks = "".join(
        _MARK_ORDER.get(c, "9") if unicodedata.combining(c) else "0"
        for c in unicodedata.normalize("NFD", text.casefold())
    )
    return fold(text), marks, text.swapcase()
