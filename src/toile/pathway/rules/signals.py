"""What is noticed of a young firm that is followed, with its weight and how fast it fades, read from signals.toml.

Source: domain H6; the weights are ours and unvalidated, and `Weights.warning` says so wherever a score is shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

from toile.kernel.errors import UserError

SIGNALS_TOML: Final = Path(__file__).with_name("signals.toml")

Side = Literal["risk", "potential", "none"]
Origin = Literal["check_in", "event", "adviser", "accounts", "directory"]
ORIGINS: Final[tuple[Origin, ...]] = ("check_in", "event", "adviser", "accounts", "directory")


@dataclass(frozen=True, slots=True)
class Level:
    """One answer of a family.

    weight: points on the day it is said. half_life: days after which they are halved; None: they do not fade.
    A level of side `none` weighs nothing: it is knowledge that replaces what was said before.
    """

    code: str
    family: str
    side: Side
    weight: float
    half_life: float | None
    wording: str
    sources: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The answers to one question, of which only the latest counts.

    known_days: how long an answer tells how things are; None for an event, whose absence is no missing data.
    solved: what would take its risk away; solved_by: the level that says so, None when the signal is closed instead.
    """

    code: str
    label: str
    question: str
    levels: tuple[Level, ...]
    known_days: int | None
    missing: str
    solved: str
    solved_by: str | None


@dataclass(frozen=True, slots=True)
class Band:
    """What a score calls for, from `start` points on. within_days: the delay of the call, None when none is due."""

    side: Side
    code: str
    start: float
    label: str
    todo: str
    within_days: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole scale: families, bands, the most that a score reaches, and what must be said beside it."""

    version: str
    families: Mapping[str, Family]
    levels: Mapping[str, Level]
    bands: tuple[Band, ...]
    most: float
    warning: str
    fading: str
    source: str

    def level(self, code: str) -> Level:
        """The level of that code; UnknownSignal when there is none."""
        try:
            return self.levels[code]
        except KeyError:
            raise UnknownSignal(code, self.levels) from None

    def band(self, side: Side, points: float) -> Band:
        """The band that these points of this side fall in."""
        return [band for band in self.bands if band.side == side and band.start <= points][-1]

    def said_by(self, origin: Origin) -> tuple[Level, ...]:
        """The levels that this origin may say, in the order of the file."""
        return tuple(level for level in self.levels.values() if origin in level.sources)


class UnknownSignal(UserError):
    """A code that the scale does not have."""

    def __init__(self, code: str, known: Iterable[str]) -> None:
        super().__init__(f"« {code} » n’est pas un signal connu. Les codes : {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class Signal:
    """A level that somebody said of a firm.

    on: the day it was true. until: the day it was over, None while it lasts. set_aside: the firm contests it and nobody
    has answered yet, or it was an error: it counts as if it had not been said (RGPD art. 18.1 a).
    """

    code: str
    on: date
    until: date | None = None
    set_aside: bool = False


@cache
def weights(path: Path = SIGNALS_TOML) -> Weights:
    """Read the scale. A file that contradicts itself is loud (ValueError): it is ours, not a person's."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    families = {one["code"]: _family(one) for one in read["family"]}
    levels = {level.code: level for family in families.values() for level in family.levels}
    if len(families) != len(read["family"]) or len(levels) != sum(len(one["level"]) for one in read["family"]):
        raise ValueError("a code is declared twice in signals.toml")
    bands = tuple(
        Band(band["side"], band["code"], band["from"], band["label"], band["todo"], band.get("within_days"))
        for band in read["band"]
    )
    most, warning, fading = read["score"]["most"], read["warning"], read["fading"]
    return Weights(read["version"], families, levels, bands, most, warning, fading, read["source"])


def _family(read: Mapping[str, Any]) -> Family:
    levels = tuple(
        Level(
            level["code"],
            read["code"],
            level["side"],
            float(level.get("weight", 0)),
            level.get("half_life"),
            level["wording"],
            tuple(cast("list[Origin]", level["sources"])),
        )
        for level in read["level"]
    )
    for level in levels:
        if (level.side == "none") != (level.weight == 0) or not set(level.sources) <= set(ORIGINS):
            raise ValueError(f"the level {level.code} contradicts itself")
    solved_by = read.get("solved_by")
    if solved_by and solved_by not in {level.code for level in levels if level.side == "none"}:
        raise ValueError(f"the family {read['code']} is solved by no level of its own")
    return Family(
        read["code"],
        read["label"],
        read["question"],
        levels,
        read.get("known_days"),
        read.get("missing", ""),
        read.get("solved", ""),
        solved_by,
    )
