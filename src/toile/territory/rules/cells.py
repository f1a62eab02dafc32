"""The schematic cells « en escalier »: where no contour is known, each commune is a cell cut along the squares.

Drawn as style.md section 4 asks: a view box of 830 × 480, squares of 10, one orthogonal path for each commune.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from statistics import median

from .drawing import HEIGHT, STEP, WIDTH, Drawing, Drawn, Point, distance, frame_around

Square = tuple[int, int]
Corner = tuple[int, int]

REACH = 1.45
"""A cell reaches this many times the median distance between neighbouring centres."""
LONELY_RADIUS = 3_000.0
"""The reach of the only centre of a map, in metres."""
SMALLEST_RADIUS = 200.0
AROUND = ((0, -1), (1, 0), (0, 1), (-1, 0))


def cells(
    points: Mapping[str, Point],
    radius: float | None = None,
    around: Iterable[Point] = (),
    width: int = WIDTH,
    height: int = HEIGHT,
    step: int = STEP,
) -> Drawing:
    """Cut one cell for each commune of `points` (code -> centre).

    Each square goes to the nearest centre within `radius` metres (by default `REACH` times the median distance to the
    nearest neighbour). A cell grows from its own square, so it is in one piece; what the cells enclose is filled.
    `around` are other points to keep in view. The same points give the same drawing whatever their order.
    Raises ValueError for no point, or more points than squares.
    """
    columns, rows = width // step, height // step
    if len(points) > columns * rows:
        raise ValueError(f"{len(points)} centres for {columns * rows} squares")
    reach = radius if radius is not None else default_radius(points.values())
    frame = frame_around([*points.values(), *around], reach * 1.05, width, height)
    centres = {}
    for code in sorted(points):
        x, y = frame.to_view(*points[code])
        centres[code] = (x / step - 0.5, y / step - 0.5)
    owner = _grow(centres, reach / (frame.scale * step), columns, rows)
    squares: dict[str, set[Square]] = {code: set() for code in centres}
    for square, code in owner.items():
        squares[code].add(square)
    shapes = tuple(Drawn(code, path_of(own, step), anchor_of(own, step)) for code, own in squares.items())
    return Drawing(frame, shapes, frame.scale * step, width, height)


def default_radius(points: Iterable[Point]) -> float:
    """How far a cell reaches from its centre, in metres: see `REACH`."""
    known = list(points)
    if len(known) < 2:
        return LONELY_RADIUS
    nearest = [min(distance(a, b) for j, b in enumerate(known) if i != j) for i, a in enumerate(known)]
    return max(REACH * median(nearest), SMALLEST_RADIUS)


def _grow(centres: Mapping[str, Point], reach: float, columns: int, rows: int) -> dict[Square, str]:
    """Which commune owns each square; distances in squares."""
    owner = _seeds(centres, columns, rows)
    front: list[tuple[float, str, Square]] = []

    def spread(code: str, square: Square, limit: float, within: set[Square] | None = None) -> None:
        cx, cy = centres[code]
        for dx, dy in AROUND:
            near = (square[0] + dx, square[1] + dy)
            if near in owner or not (0 <= near[0] < columns and 0 <= near[1] < rows):
                continue
            away = (near[0] - cx) ** 2 + (near[1] - cy) ** 2
            if away <= limit and (within is None or near in within):
                heapq.heappush(front, (away, code, near))

    def settle(limit: float, within: set[Square] | None = None) -> None:
        for square, code in list(owner.items()):
            spread(code, square, limit, within)
        while front:
            _, code, square = heapq.heappop(front)
            if square not in owner:
                owner[square] = code
                spread(code, square, limit, within)

    settle(reach**2)
    enclosed = _enclosed(owner, columns, rows)
    if enclosed:
        settle(float("inf"), enclosed)
    return owner


def _seeds(centres: Mapping[str, Point], columns: int, rows: int) -> dict[Square, str]:
    """The square each commune grows from: its centre's, or the nearest free one when two centres share it."""
    owner: dict[Square, str] = {}
    for code, (cx, cy) in centres.items():
        home = (min(max(round(cx), 0), columns - 1), min(max(round(cy), 0), rows - 1))
        if home in owner:
            free = ((i, j) for i in range(columns) for j in range(rows) if (i, j) not in owner)
            home = min(free, key=lambda s: ((s[0] - cx) ** 2 + (s[1] - cy) ** 2, s))
        owner[home] = code
    return owner


def _enclosed(owner: Mapping[Square, str], columns: int, rows: int) -> set[Square]:
    """The free squares that no path of free squares joins to the edge of the paper."""
    free = {(i, j) for i in range(columns) for j in range(rows)} - owner.keys()
    reached = [s for s in free if s[0] in (0, columns - 1) or s[1] in (0, rows - 1)]
    free.difference_update(reached)
    while reached:
        i, j = reached.pop()
        for dx, dy in AROUND:
            near = (i + dx, j + dy)
            if near in free:
                free.remove(near)
                reached.append(near)
    return free


def path_of(squares: set[Square], step: int = STEP) -> str:
    """The SVG path around `squares`, closed, all its segments horizontal or vertical; holes wind the other way."""
    return "".join(_subpath(loop, step) for loop in _loops(squares))


def _loops(squares: set[Square]) -> Iterator[list[Corner]]:
    """The corners of each outline, clockwise outside (y grows downwards), anticlockwise around holes."""
    onward: dict[Corner, list[Corner]] = {}
    for i, j in sorted(squares):
        ring = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
        for side, (dx, dy) in enumerate(AROUND):
            if (i + dx, j + dy) not in squares:
                onward.setdefault(ring[side], []).append(ring[(side + 1) % 4])
    while onward:
        start = min(onward)
        loop, here, heading = [start], start, (1, 0)
        while True:
            nexts = onward[here]
            right = (here[0] - heading[1], here[1] + heading[0])
            there = right if right in nexts else nexts[0]
            nexts.remove(there)
            if not nexts:
                del onward[here]
            heading, here = (there[0] - here[0], there[1] - here[1]), there
            if here == start:
                break
            loop.append(here)
        yield loop


def _subpath(loop: list[Corner], step: int) -> str:
    """`M…H…V…z` for one outline, whose first corner is a true one; straight runs are one segment."""
    words = [f"M{loop[0][0] * step} {loop[0][1] * step}"]
    for before, here, after in zip(loop, loop[1:], [*loop[2:], loop[0]], strict=False):
        across = before[1] == here[1]
        if across != (here[1] == after[1]):
            words.append(f"H{here[0] * step}" if across else f"V{here[1] * step}")
    return "".join(words) + "z"


def anchor_of(squares: set[Square], step: int = STEP) -> tuple[float, float]:
    """The middle of the square deepest inside a cell: where its name is written."""
    core = set(squares)
    while True:
        inner = {s for s in core if all((s[0] + dx, s[1] + dy) in core for dx, dy in AROUND)}
        if not inner:
            break
        core = inner
    mx, my = sum(s[0] for s in core) / len(core), sum(s[1] for s in core) / len(core)
    i, j = min(core, key=lambda s: ((s[0] - mx) ** 2 + (s[1] - my) ** 2, s))
    return (i + 0.5) * step, (j + 0.5) * step
