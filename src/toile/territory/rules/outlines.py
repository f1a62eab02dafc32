"""Real contours drawn on the same paper as the cells: GeoJSON polygons in, SVG paths out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .drawing import HEIGHT, STEP, WIDTH, Drawing, Drawn, Frame, Point, frame_around

Ring = Sequence[Sequence[float]]
MARGIN = 0.02
"""Room left around the contours, as a share of their extent."""


def rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Every ring of a GeoJSON Polygon or MultiPolygon (RFC 7946). Raises ValueError for another geometry."""
    if geometry.get("type") == "Polygon":
        yield from geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon
    else:
        raise ValueError(f"not a polygon: {geometry.get('type')!r}")


def corners(geometry: Mapping[str, Any]) -> Iterator[Point]:
    """Every (longitude, latitude) of a polygon."""
    for ring in rings(geometry):
        for position in ring:
            yield position[0], position[1]


def frame_of(geometries: Iterable[Mapping[str, Any]], width: int = WIDTH, height: int = HEIGHT) -> Frame:
    """The frame that shows all `geometries`. Raises ValueError when there is none."""
    tight = frame_around((point for geometry in geometries for point in corners(geometry)), 0, width, height)
    return Frame(tight.lon0, tight.lat0, tight.scale * (1 + 2 * MARGIN), width, height)


def outlines(
    geometries: Mapping[str, Mapping[str, Any]],
    around: Iterable[Mapping[str, Any]] = (),
    width: int = WIDTH,
    height: int = HEIGHT,
    step: int = STEP,
) -> Drawing:
    """Draw the contours of `geometries` (code -> Polygon or MultiPolygon), in the order of codes.

    around: other polygons to keep in view.
    """
    frame = frame_of([*geometries.values(), *around], width, height)
    shapes = []
    for code in sorted(geometries):
        d = path_in(frame, geometries[code])
        shapes.append(Drawn(code, d, middle(frame, geometries[code])))
    return Drawing(frame, tuple(shapes), frame.scale * step, width, height)


def path_in(frame: Frame, geometry: Mapping[str, Any]) -> str:
    """The SVG path of a polygon in `frame`, on whole units: neighbours that share a border keep sharing it.

    A ring smaller than the units of the paper is drawn as the one square it falls in rather than lost.
    """
    words = []
    for ring in rings(geometry):
        points: list[tuple[int, int]] = []
        for position in ring:
            x, y = frame.to_view(position[0], position[1])
            spot = (round(x), round(y))
            if not points or points[-1] != spot:
                points.append(spot)
        if len(points) > 1 and points[0] == points[-1]:
            points.pop()
        if len(points) > 2:
            words.append(_relative(points))
    if not words:
        x, y = (round(value) for value in middle(frame, geometry))
        words.append(f"M{x} {y}h1v1h-1z")
    return "".join(words)


def _relative(points: Sequence[tuple[int, int]]) -> str:
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points))
    return f"M{points[0][0]} {points[0][1]}l{steps}z".replace(" -", "-")


def middle(frame: Frame, geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The centre of mass of the largest ring, in the view box: where the name is written."""
    best, best_area = (0.0, 0.0), -1.0
    for ring in rings(geometry):
        spots = [frame.to_view(position[0], position[1]) for position in ring]
        area = moment_x = moment_y = 0.0
        for (ax, ay), (bx, by) in pairwise([*spots, spots[0]]):
            cross = ax * by - bx * ay
            area += cross
            moment_x += (ax + bx) * cross
            moment_y += (ay + by) * cross
        if abs(area) > best_area:
            best_area = abs(area)
            flat = (sum(s[0] for s in spots) / len(spots), sum(s[1] for s in spots) / len(spots))
            best = (moment_x / (3 * area), moment_y / (3 * area)) if abs(area) > 1e-6 else flat
    return best
