"""What is known of a structure, and the same made ready to be compared with many others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from toile.directory.rules.matching.parameters import parameters
from toile.directory.rules.matching.words import Corpus, Name, read_name, words_of
from toile.kernel.fold import fold
from toile.kernel.identifiers import department_of

MOST_NAMES: Final = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a structure; what is not known is empty. commune: its code. point: (longitude, latitude)."""

    commune: str = ""
    commune_name: str = ""
    postal_code: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of one structure; what is empty is not known, and is no evidence.

    names: the usual one, the legal one, the trade names. acronyms: those that a source gives. sirens, rnas: of all that
    was joined into it. activities: NAF codes, dotted. website: any address of the site.
    """

    id: UUID | int | str
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    sirens: frozenset[str] = frozenset()
    rnas: frozenset[str] = frozenset()
    sirets: frozenset[str] = frozenset()
    spots: tuple[Spot, ...] = ()
    activities: frozenset[str] = frozenset()
    website: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A profile read once: what its comparisons with many others share."""

    profile: Profile
    names: tuple[Name, ...]
    sirens: frozenset[str]
    communes: frozenset[str]
    postal_codes: frozenset[str]
    points: tuple[tuple[float, float], ...]
    domain: str


@lru_cache(maxsize=4096)
def domain_of(website: str) -> str:
    """The domain that a site tells a structure by; empty for one that many share."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    hosted = any(host == shared or host.endswith(f".{shared}") for shared in parameters().shared_domains)
    return "" if hosted or "." not in host else host


def prepare(profile: Profile, known: Corpus) -> Prepared:
    """Read a profile's names and identifiers; `known` weighs the words."""
    own = {word for spot in profile.spots for word in _place_words(spot.commune_name, spot.commune)}
    read = [read_name(text, frozenset(own), known) for text in _spellings(profile.names)]
    names = list({(name.words, name.acronyms): name for name in reversed(read)}.values())[::-1]
    given = frozenset(fold(short).replace(".", "").replace(" ", "") for short in profile.acronyms if short.strip())
    if given and names:
        names[0] = replace(names[0], acronyms=names[0].acronyms | given)
    return Prepared(
        profile,
        tuple(names[:MOST_NAMES]),
        profile.sirens | {siret[:9] for siret in profile.sirets},
        frozenset(spot.commune for spot in profile.spots if spot.commune),
        frozenset(spot.postal_code for spot in profile.spots if spot.postal_code),
        tuple(spot.point for spot in profile.spots if spot.point is not None),
        domain_of(profile.website),
    )


_PARENTHESIS: Final = re.compile(r"\([^()]*\)?")


def _spellings(names: Iterable[str]) -> Iterable[str]:
    """The names, each once, and what is left of them without what they hold in parentheses."""
    for name in dict.fromkeys(names):
        if name.strip():
            yield name
            outside = _PARENTHESIS.sub(" ", name) if "(" in name else ""
            if outside.strip():
                yield outside


@lru_cache(maxsize=4096)
def _place_words(name: str, code: str) -> frozenset[str]:
    words = {*words_of(name)}
    if code:
        words.add(department_of(code).lower())
    return frozenset(words)
