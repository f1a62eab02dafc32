"""What a map is made of before it is a page: the frame that projects the ground, the shapes, their anchors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]
"""Longitude, latitude in degrees (WGS84), in GeoJSON's order (RFC 7946)."""

WIDTH, HEIGHT, STEP = 830, 480, 10
"""The view box of the maps and the side of one square of the point paper, in its units (style.md, section 4)."""

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Frame:
    """An equirectangular projection at the mean latitude: metres east and south of a corner, then view-box units.

    lon0, lat0: the point drawn at the middle of the view box. scale: metres in one unit.
    """

    lon0: float
    lat0: float
    scale: float
    width: int = WIDTH
    height: int = HEIGHT

    def to_view(self, lon: float, lat: float) -> tuple[float, float]:
        """The place of a point in the view box, x to the right and y downwards."""
        east = (lon - self.lon0) * METRES_PER_DEGREE * math.cos(math.radians(self.lat0))
        north = (lat - self.lat0) * METRES_PER_DEGREE
        return self.width / 2 + east / self.scale, self.height / 2 - north / self.scale

    def shows(self, lon: float, lat: float) -> bool:
        """Whether a point falls inside the view box."""
        x, y = self.to_view(lon, lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


@dataclass(frozen=True, slots=True)
class Drawn:
    """One commune on the paper: its SVG path, and where a name can be written inside it."""

    code: str
    d: str
    anchor: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map without its figures. `frame` is None when places on the paper say nothing of the ground (a mosaic).

    metres_per_square: the side of a square of the point paper on the ground, 0 where it means nothing.
    """

    frame: Frame | None
    shapes: tuple[Drawn, ...]
    metres_per_square: float = 0
    width: int = WIDTH
    height: int = HEIGHT
    by_code: Mapping[str, Drawn] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {shape.code: shape for shape in self.shapes})


def distance(a: Point, b: Point) -> float:
    """Metres between two points near each other (equirectangular; under 0.5 % of error within a department)."""
    east = (a[0] - b[0]) * METRES_PER_DEGREE * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, (a[1] - b[1]) * METRES_PER_DEGREE)


def frame_around(points: Iterable[Point], margin: float = 0, width: int = WIDTH, height: int = HEIGHT) -> Frame:
    """The frame that shows all `points` with `margin` metres around them. Raises ValueError when there is none."""
    known = list(points)
    if not known:
        raise ValueError("a frame needs at least one point")
    west, east = min(p[0] for p in known), max(p[0] for p in known)
    south, north = min(p[1] for p in known), max(p[1] for p in known)
    lon0, lat0 = (west + east) / 2, (south + north) / 2
    across = (east - west) * METRES_PER_DEGREE * math.cos(math.radians(lat0)) + 2 * margin
    down = (north - south) * METRES_PER_DEGREE + 2 * margin
    return Frame(lon0, lat0, max(across / width, down / height, 0.1), width, height)
