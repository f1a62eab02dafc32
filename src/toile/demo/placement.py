"""Where the invented organisations are: communes drawn by population, points near the middle of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, radians, sin, sqrt
from random import Random
from typing import Any, Final

from toile.demo.town import Commune

_METRES_PER_DEGREE: Final = 111_320.0
_RADIUS: Final = 1_400.0  # metres around the middle of the commune
_SMALL: Final = 3.0  # below this expected number, a commune is served by chance


def places(rng: Random, total: int, communes: Sequence[Commune]) -> list[Commune]:
    """Where the organisations are: in proportion to population, by chance in the small communes (some have none)."""
    whole = sum(commune.population for commune in communes)
    expected = {commune.code: total * commune.population / whole for commune in communes}
    sure = [
        commune
        for commune in communes
        if expected[commune.code] >= _SMALL
        for _ in range(round(expected[commune.code]))
    ][:total]
    small = [commune for commune in communes if expected[commune.code] < _SMALL] or list(communes)
    # More than in proportion: the larger villages have visibly more, and several small ones nothing.
    chance = rng.choices(small, weights=[commune.population**1.6 for commune in small], k=total - len(sure))
    drawn = sure + chance
    rng.shuffle(drawn)
    return drawn


def near(rng: Random, commune: Commune) -> tuple[float, float]:
    """A point (lon, lat) at most 1.4 km from the middle of the commune, evenly spread over the disc."""
    distance, angle = _RADIUS * sqrt(rng.random()), 2 * pi * rng.random()
    lat = commune.lat + distance * sin(angle) / _METRES_PER_DEGREE
    lon = commune.lon + distance * cos(angle) / (_METRES_PER_DEGREE * cos(radians(commune.lat)))
    return round(lon, 5), round(lat, 5)


def home(row: Mapping[str, Any], communes: Sequence[Commune], rng: Random) -> Commune:
    """The commune a row names when the territory has it, else one drawn by population."""
    named = [commune for commune in communes if commune.code == row.get("commune")]
    return named[0] if named else rng.choices(communes, weights=[c.population for c in communes])[0]
