"""The squares of the world map by which points are gathered: Web-Mercator tiles cut in four, level after level."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from toile.kernel.lists.asked import Box, Group

from .coordinates import Place, judge
from .drawing import HEIGHT, WIDTH

LEVELS: Final = (9, 11, 13, 15, 17, 19)
"""From squares of about 55 km to squares of about 50 m at 45° of latitude: each shows sixteen of the next."""
USUAL: Final = 13
"""The level for a whole territory, where no box was asked: squares of about 3.5 km."""
ACROSS: Final = 3.5
"""A box is shown at the level nearest to 2 ** ACROSS = 11 squares across: between 6 and 23."""
LIMIT: Final = math.degrees(math.atan(math.sinh(math.pi)))
"""The latitude where the world's square ends, 85.05°."""


def cell(lon: float, lat: float, level: int) -> str:
    """The square of a point (WGS84 degrees) at a level, `level-column-row`; what is nearer the poles is at the edge."""
    column, row = _corner(lon, lat, level)
    return f"{level}-{column}-{row}"


def _corner(lon: float, lat: float, level: int) -> tuple[int, int]:
    side = 2**level
    column = min(side - 1, max(0, math.floor((lon + 180) / 360 * side)))
    bounded = max(-LIMIT, min(LIMIT, lat))
    row = min(side - 1, max(0, math.floor((1 - math.asinh(math.tan(math.radians(bounded))) / math.pi) / 2 * side)))
    return column, row


def bounds(square: str) -> Box:
    """The ground of a square, in degrees; its west and north edges are its own."""
    level, column, row = map(int, square.split("-"))
    side = 2**level

    def parallel(line: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * line / side))))

    return Box(column / side * 360 - 180, parallel(row + 1), (column + 1) / side * 360 - 180, parallel(row))


def cells_of(lon: float | None, lat: float | None) -> dict[int, str]:
    """The square of a point at each level; none for a point that cannot be trusted, which no map then shows (L5)."""
    if lon is None or lat is None or judge(lon, lat) is not Place.FRANCE:
        return {}
    finest = LEVELS[-1]
    column, row = _corner(lon, lat, finest)
    # A square holds those of the finer levels: each level up is half the number.
    return {level: f"{level}-{column >> finest - level}-{row >> finest - level}" for level in LEVELS}


def level_for(box: Box | None) -> int:
    """The level at which a map of `box` shows some tens of squares; without a box, that of a territory."""
    if box is None:
        return USUAL
    tall = (box.north - box.south) * WIDTH / HEIGHT / math.cos(math.radians(_within((box.south + box.north) / 2)))
    span = max(box.east - box.west, tall)
    if not math.isfinite(span) or span <= 0:
        return LEVELS[-1] if span == 0 else USUAL
    wanted = math.log2(360 / span) + ACROSS
    return min(LEVELS, key=lambda level: abs(level - wanted))


def _within(lat: float) -> float:
    return max(-LIMIT, min(LIMIT, lat))


def groups_of(points: Iterable[tuple[float, float]], level: int) -> list[Group]:
    """Points gathered by square, in the order of squares: how many, their mean, the box that holds them.

    A point that cannot be trusted is in no group: see `cells_of`.
    """
    squares: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for lon, lat in points:
        if judge(lon, lat) is Place.FRANCE:
            squares[cell(lon, lat, level)].append((lon, lat))
    groups = []
    for _square, held in sorted(squares.items()):
        lons, lats = [lon for lon, _ in held], [lat for _, lat in held]
        box = (min(lons), min(lats), max(lons), max(lats))
        groups.append(Group(len(held), math.fsum(lons) / len(held), math.fsum(lats) / len(held), box))
    return groups
