"""Names for reading: register names in French capitals, streets in words, and the acronym a name carries."""

import re
import tomllib
from pathlib import Path
from typing import Final

_WORDS: Final = tomllib.loads(Path(__file__).with_name("naming.toml").read_text(encoding="utf-8"))
SMALL_WORDS: Final = frozenset(_WORDS["small_words"])
ACRONYMS: Final = frozenset(word for words in _WORDS["acronyms"].values() for word in words)
STREET_TYPES: Final[dict[str, str]] = _WORDS["street_types"]
_ELIDED_BEFORE_NOUN: Final = frozenset(_WORDS["elided_before_noun"])
_ELIDED_BEFORE_VERB: Final = frozenset(_WORDS["elided_before_verb"])
_FORM_WORDS: Final = frozenset(_WORDS["form_words"])
_NUMBER_SUFFIXES: Final = frozenset(("A", "B", "C", "D", "E", "F", "BIS", "TER", "QUATER"))
_ROMAN: Final = re.compile(r"(?:X{1,3}(?:I{1,3}|IV|VI{0,3}|IX)?|I{2,3}|IV|VI{1,3}|IX)")
_ORDINAL: Final = re.compile(r"\d+(?:ER|ERE|E|EME|ND|NDE)")
_WORD: Final = re.compile(r"[^\W_]+")
_VOWEL: Final = re.compile(r"[AEIOUYÀÂÄÆÉÈÊËÎÏÔÖŒÙÛÜŸ]")
_LOST_APOSTROPHE: Final = re.compile(r"\b([DL]) (?=[AEÉÈÊIOUYHÂÀÎÔŒ][^\W\d_])")
_PARENTHESIS: Final = re.compile(r"\(\s*([^()]{2,14}?)\s*\)")
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
    found = acronym_of(tidy)
    if found is not None:
        kept.add(found)
    tidy = _LOST_APOSTROPHE.sub(r"\1’", tidy.replace("'", "’"))
    return _WORD.sub(lambda match: _cased(match, tidy, kept), tidy)


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
        return lower if _ORDINAL.fullmatch(word) else word
    return _plain(word, starts)


def _starts(before: str, lower: str) -> bool:
    """Whether a word opens the name, or is the article that opens it after a legal form (« SARL Le 42 »)."""
    if not _WORD.search(before) or before.endswith(("(", ": ", "- ", "/ ")):
        return True
    return lower in ("l", "la", "le", "les") and before.strip() in _FORM_WORDS


def _plain(word: str, starts: bool) -> str:
    lower = word.lower()
    if lower in SMALL_WORDS and not starts and len(word) > 1:
        return lower
    if len(word) > 1 and (_ROMAN.fullmatch(word) or not (_VOWEL.search(word) or lower in ("st", "ste", "mr", "dr"))):
        return word
    return word.capitalize()


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
    street = STREET_TYPES.get(words[place])
    if street is None:
        return " ".join([*head, display_name(" ".join(words[place:]))])
    # A word stands before the name, so that its first article stays small (« rue de la… »).
    name = display_name(f"RUE {' '.join(words[place + 1 :])}").removeprefix("Rue").strip()
    return " ".join(part for part in (*head, street, name) if part)


def acronym_of(name: str) -> str | None:
    """The acronym a name carries beside its words: in parentheses, or before or after a dash; None when none does.

    It is believed when its letters are the initials of the other words, in order (small words may
    be skipped), or when it stands alone in capitals in a name that does not shout.
    """
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
