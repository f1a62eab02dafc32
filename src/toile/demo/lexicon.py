"""The word lists of `names.toml`, and the French grammar that makes names and places of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from toile.kernel.fold import fold

_FILE: Final = Path(__file__).with_name("names.toml")
_OF: Final = {"m": "du {}", "f": "de la {}", "e": "de l’{}", "p": "des {}"}


@dataclass(frozen=True, slots=True)
class Activity:
    """One trade of the invented town: how often it is drawn, what it is called and how it speaks of itself.

    activities: codes of the directory, the first one being its own.
    """

    code: str
    activities: tuple[str, ...]
    naf: tuple[str, ...]
    weight: int
    families: tuple[str, ...]
    patterns: tuple[str, ...]
    names: tuple[str, ...]
    what: tuple[str, ...]
    how: tuple[str, ...]
    siae: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    what_for: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The whole of `names.toml`."""

    words: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    family_patterns: Mapping[str, tuple[str, ...]]
    activities: Mapping[str, Activity]
    fixed: tuple[Mapping[str, Any], ...]
    projects: tuple[Mapping[str, Any], ...]


@cache
def lexicon() -> Lexicon:
    """The word lists, read once."""
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    activities = (
        Activity(**{name: tuple(v) if isinstance(v, list) else v for name, v in row.items()})
        for row in data["activity"]
    )
    return Lexicon(
        words=tuple((word, gender) for word, gender in data["words"]),
        streets=tuple(data["streets"]),
        family_patterns={family: tuple(patterns) for family, patterns in data["family_patterns"].items()},
        activities={activity.code: activity for activity in activities},
        fixed=tuple(data["fixed"]),
        projects=tuple(data["project"]),
    )


def in_town(name: str) -> str:
    """« à Firminy », « au Chambon-Feugerolles », « aux Noës », « à La Ricamarie »."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    return f"aux {name[4:]}" if name.startswith("Les ") else f"à {name}"


def compose(pattern: str, word: tuple[str, str]) -> str:
    """A name made of a pattern of `names.toml` and a local word with its gender."""
    text, gender = word
    return pattern.format(of=_OF[gender].format(text), bare=text)


def describe(activity: Activity, name: str, town: str, rng: Random) -> str:
    """One sentence about what is done and how, in one of three turns; what a name announces is what is done."""
    announced = next((what for start, what in activity.what_for.items() if name.startswith(start)), activity.what)
    what, how, place = rng.choice(announced), rng.choice(activity.how), in_town(town)
    turns = (
        f"{what}, {how}.",
        f"{what} {place}, {how}.",
        f"{place[0].upper()}{place[1:]}\u00a0: {what[0].lower()}{what[1:]}, {how}.",
    )
    return rng.choices(turns, weights=(6, 3, 1))[0]


def slug(text: str) -> str:
    """A name as a key: folded, letters and digits only, joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
