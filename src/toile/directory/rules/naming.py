"""Names for reading: register names in French capitals, streets in words, and the acronym a name carries."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

_WORDS: Final = tomllib.loads(Path(__file__).with_name("naming.toml").read_text(encoding="utf-8"))
SMALL_WORDS: Final = frozenset(_WORDS["small_words"])
ACRONYMS: Final = frozenset(word for words in _WORDS["acronyms"].values() for word in words)
STREET_TYPES: Final[dict[str, str]] = _WORDS["street_types"]
_ELIDED_BEFORE_NOUN: Final = frozenset(_WORDS["elided_before_noun"])
_ELIDED_BEFORE_VERB: Final = frozenset(_WORDS["elided_before_verb"])
_FORM_WORDS: Final = frozenset(_WORDS["form_words"])
_OPENING_ARTICLES: Final = frozenset(("l", "la", "le", "les"))
_REMEMBERED: Final = 120
"""Up to this length, what was read is remembered: words and streets come back."""
_NUMBER_SUFFIXES: Final = frozenset(("A", "B", "C", "D", "E", "F", "BIS", "TER", "QUATER"))
_ROMAN: Final = re.compile(r"(?:X{1,3}(?:I{1,3}|IV|VI{0,3}|IX)?|I{2,3}|IV|VI{1,3}|IX)")
_ORDINAL: Final = re.compile(r"\d+(?:ER|ERE|E|EME|ND|NDE)")
_WORD: Final = re.compile(r"[^\W_]+")
_VOWEL: Final = re.compile(r"[AEIOUYÀÂÄÆÉÈÊËÎÏÔÖŒÙÛÜŸ]")
_LOST_APOSTROPHE: Final = re.compile(r"\b([DL]) (?=[AEÉÈÊIOUYHÂÀÎÔŒ][^\W\d_])")
_PARENTHESIS: Final = re.compile(r"\(\s*([^()]{2,14}?)\s*\)")
_PARENTHESIS_OR_DASH: Final = re.compile(r"[(\-–—:]")
_ABBREVIATION: Final = re.compile(r"[A-ZÉÈ](?:[A-ZÉÈ0-9]|\.(?=[A-ZÉÈ]))+\.?")


def is_shouting(text: str) -> bool:
    """Whether a text holds capitals and no small letter."""
    return text.isupper()


def display_name(name: str, short: str | None = None) -> str:
    """A name as it is read: « LES ATELIERS DE LA NAVETTE » becomes « Les Ateliers de la Navette ».

    Only a name wholly in capitals is changed: one that its people wrote with small letters is
    theirs. Known acronyms, groups of consonants, words with digits, roman numerals and `short` (the
    sigle that the register gives) stay in capitals. Accents are never invented; lost apostrophes
    after D and L come back.
    """
    tidy = " ".join(name.split())
    if not is_shouting(tidy):
        return tidy
    kept = {short.upper()} if short else set()
    spelt = _LOST_APOSTROPHE.sub(r"\1’", tidy.replace("'", "’"))
    if len(spelt) <= _REMEMBERED and spelt.replace(" ", "").isalnum():
        return _plain_name(spelt.split(" "), kept)
    found = acronym_of(tidy)
    if found is not None:
        kept.add(found)
    tidy = spelt
    return _WORD.sub(lambda match: _cased(match, tidy, kept), tidy)


def _plain_name(words: list[str], kept: set[str]) -> str:
    """A name of letters, digits and spaces only, as most are: no word has to look at the marks around it."""
    return " ".join(
        word
        if word in kept or word in ACRONYMS
        else _plain_again(word, place == 0 or _is_article_after_form(word.lower(), words[:place]))
        for place, word in enumerate(words)
    )


def _is_article_after_form(lower: str, before: list[str]) -> bool:
    return lower in _OPENING_ARTICLES and " ".join(before) in _FORM_WORDS


def _cased(match: re.Match[str], text: str, kept: set[str]) -> str:
    word, lower = match[0], match[0].lower()
    before, after = text[: match.start()], text[match.end() :]
    starts = _starts(before, lower)
    if after.startswith("’") and lower in _ELIDED_BEFORE_NOUN | _ELIDED_BEFORE_VERB:
        return word.capitalize() if starts else lower
    if before.endswith("’"):
        first = (_WORD.findall(before) or [""])[-1].lower()
        if lower == "s" or first == "aujourd" or first in _ELIDED_BEFORE_VERB:
            return lower
        if first not in _ELIDED_BEFORE_NOUN:
            return word.capitalize()
    if before.endswith(".") or after.startswith("."):
        # A.D.M.R. is spelt letter by letter; a point after a longer word is a full stop.
        return word if len(word) == 1 else _plain(word, starts)
    if word in kept or word in ACRONYMS:
        return word
    if any(c.isdigit() for c in word):
        return _numbered(word)
    return _plain(word, starts)


def _starts(before: str, lower: str) -> bool:
    """Whether a word opens the name, or is the article that opens it after a legal form (« SARL Le 42 »)."""
    if not _WORD.search(before) or before.endswith(("(", ": ", "- ", "/ ")):
        return True
    return _is_article_after_form(lower, [before.strip()])


def _plain(word: str, starts: bool) -> str:
    lower = word.lower()
    if lower in SMALL_WORDS and not starts and len(word) > 1:
        return lower
    if len(word) > 1 and (_ROMAN.fullmatch(word) or not (_VOWEL.search(word) or lower in ("st", "ste", "mr", "dr"))):
        return word
    return word.capitalize()


@lru_cache(maxsize=16_384)
def _plain_again(word: str, starts: bool) -> str:
    return _numbered(word) if any(c.isdigit() for c in word) else _plain(word, starts)


def _numbered(word: str) -> str:
    return word.lower() if _ORDINAL.fullmatch(word) else word


def display_address(address: str) -> str:
    """An address line as it is read: « 12 B AV DE LA LIBERATION » becomes « 12 B avenue de la Liberation »."""
    tidy = " ".join(address.split())
    if not is_shouting(tidy):
        return tidy
    words = tidy.split(" ")
    place = next((i for i, word in enumerate(words) if not word[0].isdigit() and word not in _NUMBER_SUFFIXES), None)
    if place is None:
        return tidy
    head = [word.lower() if len(word) > 1 else word for word in words[:place]]
    street = " ".join(words[place:])
    # The same streets come back again and again in a territory's lists.
    read = _street_again(street) if len(street) <= _REMEMBERED else _street(street)
    return " ".join([*head, read])


def _street(written: str) -> str:
    """A street without its number: « AV DE LA LIBERATION » becomes « avenue de la Liberation »."""
    kind, _, name = written.partition(" ")
    street = STREET_TYPES.get(kind)
    if street is None:
        return display_name(written)
    # A word stands before the name, so that its first article stays small (« rue de la… »).
    return f"{street} {display_name(f'RUE {name}').removeprefix('Rue').strip()}".strip()


_street_again: Final = lru_cache(maxsize=16_384)(_street)


def acronym_of(name: str) -> str | None:
    """The acronym a name carries beside its words: in parentheses, or before or after a dash; None when none does.

    It is believed when its letters are the initials of the other words, in order (small words may
    be skipped), or when it stands alone in capitals in a name that does not shout.
    """
    if not _PARENTHESIS_OR_DASH.search(name):
        return None
    parts: list[str] = _PARENTHESIS.findall(name)
    around = _PARENTHESIS.sub(" ", name)
    dashed = re.split(r"\s[-–—:]\s", name)
    if len(dashed) == 2:
        pairs = [(dashed[0].strip(), dashed[1]), (dashed[1].strip(), dashed[0])]
    else:
        pairs = []
    for candidate, rest in [*((part, around) for part in parts), *pairs]:
        if not _ABBREVIATION.fullmatch(candidate):
            continue
        letters = candidate.replace(".", "")
        if 2 <= len(letters) <= 10 and (_are_initials(letters, rest) or not is_shouting(name)):
            return letters
    return None


def _are_initials(letters: str, name: str) -> bool:
    """Whether the letters are taken in order from the words, one or more from each word that counts."""
    words = [word.upper() for word in _WORD.findall(name)]
    if len(words) < 2:
        return False
    position = 0
    for word in words:
        if position < len(letters) and word[0] == letters[position]:
            position += 1
        elif word.lower() not in SMALL_WORDS:
            return False
    return position == len(letters)
