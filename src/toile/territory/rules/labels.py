"""Which names are written on a map, and where, so that none covers another nor leaves the paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .drawing import HEIGHT, WIDTH

SHIFTS = ((0, 0), (0, 24), (0, -24), (30, 0), (-30, 0), (0, 44), (0, -44))
"""Where a name is tried, around its place, in units of the paper."""
LETTER, LINE = 9.8, 22
"""Width of a letter and height of a line on the paper, at the 19 units of `.map .wide text`."""
EDGE, DESCENT = 4, 6
"""Room kept at the edge of the paper; how far a line goes below the letters' foot."""
PHONE = 29 / 19
"""How much larger the names are drawn on a phone."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that could be written: the heaviest are placed first."""

    code: str
    text: str
    x: float
    y: float
    weight: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name written, centred on x, its baseline on y; `minor` ones leave a phone's map."""

    code: str
    text: str
    x: int
    y: int
    minor: bool


Box = tuple[float, float, float, float]


def place_labels(
    names: Iterable[Name],
    obstacles: Sequence[Box] = (),
    most: int = 7,
    width: int = WIDTH,
    height: int = HEIGHT,
    on_phone: Sequence[Box] | None = None,
) -> tuple[Label, ...]:
    """Place at most `most` names, heaviest first, clear of `obstacles` (left, top, right, bottom) and of each other.

    on_phone: the same obstacles as a phone draws them, when larger.
    """
    taken = list(obstacles)
    phone = list(obstacles if on_phone is None else on_phone)
    placed: list[Label] = []
    for name in sorted(names, key=lambda n: (-n.weight, n.code)):
        if len(placed) == most:
            break
        spot = _first_free(name, taken, width, height)
        if spot is None:
            continue
        box, large = _box(name.text, spot, 1), _box(name.text, spot, PHONE)
        minor = large[0] < 0 or large[2] > width or any(_overlap(large, other) for other in phone)
        taken.append(box)
        if not minor:
            phone.append(large)
        placed.append(Label(name.code, name.text, round(spot[0]), round(box[3] - DESCENT), minor))
    return tuple(placed)


def _first_free(name: Name, taken: Sequence[Box], width: int, height: int) -> tuple[float, float] | None:
    """The first of a name's places that is free, its middle; None when none is."""
    for across, down in SHIFTS:
        spot = _inside(name.text, name.x + across, name.y + down, width, height)
        if spot is not None and not any(_overlap(_box(name.text, spot, 1), other) for other in taken):
            return spot
    return None


def _inside(text: str, x: float, y: float, width: int, height: int) -> tuple[float, float] | None:
    """A middle pushed back so that the name stays on the paper, on a phone too if it can; None when it is too long."""
    for size in (PHONE, 1):
        half, line = len(text) * LETTER * size / 2 + EDGE, LINE * size / 2 + EDGE
        if 2 * half <= width:
            return min(max(x, half), width - half), min(max(y, line), height - line)
    return None


def _box(text: str, spot: tuple[float, float], size: float) -> Box:
    """The room a name takes around its middle."""
    half, line = len(text) * LETTER * size / 2, LINE * size / 2
    return spot[0] - half, spot[1] - line, spot[0] + half, spot[1] + line


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
