"""The part of the ground that a map frames: zoom, pan, and the surroundings it never leaves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from toile.kernel.lists.asked import Box

from .drawing import HEIGHT, METRES_PER_DEGREE, WIDTH, Drawing, Drawn, Frame

SMALLEST: Final = 400.0
"""The least width shown, in metres: some houses of a street."""
AROUND: Final = 2.0
"""How far a map goes beyond its territory: this many times its width and height."""
ROOM: Final = 0.12
"""The room left on each side of a group that is zoomed to, as a share of its extent."""
DECIMALS: Final = 5
"""Corners are written to the fifth decimal, about one metre."""
STEPS: Final[Mapping[str, tuple[float, float]]] = {
    "north": (0.0, 0.5),
    "south": (0.0, -0.5),
    "west": (-0.5, 0.0),
    "east": (0.5, 0.0),
}
"""The four ways to move, in widths eastwards and heights northwards."""


def box_of(frame: Frame) -> Box:
    """The ground that a frame shows."""
    across = frame.width * frame.scale / 2 / _metres_east(frame.lat0)
    up = frame.height * frame.scale / 2 / METRES_PER_DEGREE
    return Box(frame.lon0 - across, frame.lat0 - up, frame.lon0 + across, frame.lat0 + up)


def frame_of(box: Box, width: int = WIDTH, height: int = HEIGHT) -> Frame:
    """The smallest frame that shows all of `box`, and at least `SMALLEST` metres; itself for the box of a frame."""
    lon0, lat0 = (box.west + box.east) / 2, (box.south + box.north) / 2
    across = (box.east - box.west) * _metres_east(lat0)
    up = (box.north - box.south) * METRES_PER_DEGREE
    return Frame(lon0, lat0, max(across / width, up / height, SMALLEST / width), width, height)


def _metres_east(lat: float) -> float:
    return METRES_PER_DEGREE * math.cos(math.radians(lat))


def readable(box: Box) -> bool:
    """Whether a box is a piece of the Earth away from the poles: finite, in order, neither empty nor inside out."""
    known = all(math.isfinite(side) for side in (box.west, box.south, box.east, box.north))
    return known and -180 <= box.west <= box.east <= 180 and -85 <= box.south <= box.north <= 85


def around(box: Box) -> Box:
    """`box` with some room on each side, more than its corners lose when written."""
    across = max((box.east - box.west) * ROOM, 2 * 10**-DECIMALS)
    up = max((box.north - box.south) * ROOM, 2 * 10**-DECIMALS)
    return Box(box.west - across, box.south - up, box.east + across, box.north + up)


def zoomed(frame: Frame, by: float) -> Frame:
    """The same middle, `by` times closer (below 1: farther)."""
    return Frame(frame.lon0, frame.lat0, frame.scale / by, frame.width, frame.height)


def moved(frame: Frame, step: tuple[float, float]) -> Frame:
    """The same scale, moved by a share of the width eastwards and of the height northwards: see `STEPS`."""
    east, north = step
    lat0 = frame.lat0 + north * frame.height * frame.scale / METRES_PER_DEGREE
    return Frame(
        frame.lon0 + east * frame.width * frame.scale / _metres_east(frame.lat0),
        lat0,
        frame.scale,
        frame.width,
        frame.height,
    )


def surroundings(home: Frame) -> Frame:
    """The most that a map of `home` shows."""
    return zoomed(home, 1 / AROUND)


def within(frame: Frame, limits: Frame) -> Frame:
    """`frame` brought back inside `limits`: no farther than them, no closer than `SMALLEST` metres, moved inside."""
    scale = min(max(frame.scale, SMALLEST / frame.width), limits.scale)
    edges = box_of(limits)
    lat0 = _between(frame.lat0, frame.height * scale / 2 / METRES_PER_DEGREE, edges.south, edges.north)
    lon0 = _between(frame.lon0, frame.width * scale / 2 / _metres_east(lat0), edges.west, edges.east)
    return Frame(lon0, lat0, scale, frame.width, frame.height)


def _between(middle: float, half: float, low: float, high: float) -> float:
    """A middle moved so that `half` on each side stays between `low` and `high`; theirs when there is no room."""
    if 2 * half >= high - low:
        return (low + high) / 2
    return min(max(middle, low + half), high - half)


def written(box: Box) -> str:
    """A box as the address says it: west, south, east, north."""
    return ",".join(f"{side:.{DECIMALS}f}" for side in (box.west, box.south, box.east, box.north))


_PLACE = re.compile(r"([MHV])(-?\d+)(?: (-?\d+))?")
OUTSIDE: Final = 8
"""How far beyond the paper a path may go, in its units: its edges are cut there, out of sight."""


def reframed(drawing: Drawing, frame: Frame) -> tuple[Drawn, ...]:
    """The cells of a drawing seen through another frame, those out of sight left out; ValueError for a mosaic.

    Their paths are orthogonal, so that pressing each coordinate between the edges cuts them exactly. A cell whose
    anchor is out of sight gets another where it is seen, if it is seen enough.
    """
    if drawing.frame is None:
        raise ValueError("a mosaic has no ground to frame")
    lon, lat = drawing.frame.lon0, drawing.frame.lat0
    ox, oy = frame.to_view(lon, lat)
    across = drawing.frame.scale / frame.scale * _metres_east(frame.lat0) / _metres_east(lat)
    down = drawing.frame.scale / frame.scale
    mx, my = drawing.width / 2, drawing.height / 2

    def x_of(x: float) -> int:
        return round(min(max(ox + (x - mx) * across, -OUTSIDE), frame.width + OUTSIDE))

    def y_of(y: float) -> int:
        return round(min(max(oy + (y - my) * down, -OUTSIDE), frame.height + OUTSIDE))

    def place(found: re.Match[str]) -> str:
        letter, first, second = found.groups()
        if letter == "M":
            return f"M{x_of(int(first))} {y_of(int(second))}"
        return f"H{x_of(int(first))}" if letter == "H" else f"V{y_of(int(first))}"

    seen = []
    for shape in drawing.shapes:
        d = _PLACE.sub(place, shape.d)
        xs = [int(n) for n in re.findall(r"[MH](-?\d+)", d)]
        ys = [int(n) for n in re.findall(r"(?:V|M-?\d+ )(-?\d+)", d)]
        left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        if left < right and top < bottom and left < frame.width and right > 0 and top < frame.height and bottom > 0:
            anchor = (ox + (shape.anchor[0] - mx) * across, oy + (shape.anchor[1] - my) * down)
            if not (0 <= anchor[0] <= frame.width and 0 <= anchor[1] <= frame.height):
                anchor = _seen_middle(d, frame) or anchor
            seen.append(Drawn(shape.code, d, anchor))
    return tuple(seen)


def _seen_middle(d: str, frame: Frame) -> tuple[float, float] | None:
    """A point well inside an orthogonal path, among some points of the paper; None when none of them is in it."""
    walls: list[tuple[int, int, int]] = []
    for ring in d.split("z")[:-1]:
        x = top = y = 0
        for letter, first, second in _PLACE.findall(ring):
            if letter == "M":
                x, y = int(first), int(second)
                top = y
            elif letter == "H":
                x = int(first)
            else:
                walls.append((x, y, int(first)))
                y = int(first)
        walls.append((x, y, top))
    spots = [
        (frame.width * i / 12, frame.height * j / 8)
        for j in range(1, 8)
        for i in range(1, 12)
        if sum(min(a, b) <= frame.height * j / 8 < max(a, b) for wall, a, b in walls if wall < frame.width * i / 12) % 2
    ]
    if not spots:
        return None
    middle = (sum(x for x, _y in spots) / len(spots), sum(y for _x, y in spots) / len(spots))
    return min(spots, key=lambda spot: (math.dist(spot, middle), spot))
