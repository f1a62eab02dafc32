"""The classes of a map of counts: zero, then at most four, with round bounds written in the legend (style.md, 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROUND = tuple(digit * 10**power for power in range(7) for digit in (1, 1.5, 2, 3, 5, 7.5) if digit * 10**power % 1 == 0)
CLASSES = 4


@dataclass(frozen=True, slots=True)
class Class:
    """Counts from `low` to `high` (None: and more), drawn with the style `css`."""

    css: str
    low: int
    high: int | None

    def holds(self, count: int) -> bool:
        return self.low <= count and (self.high is None or count <= self.high)


def classes(counts: Iterable[int]) -> tuple[Class, ...]:
    """The classes for `counts` (zero or more each): `c0` for zero, then up to four of growing width.

    Bounds are near the powers of the fourth root of the largest count, rounded to 1, 2, 3, 5, 10, 15, 20…: territories
    have one large town and many small communes, and equal widths would put all of them in one class.
    """
    most = max(counts, default=0)
    zero = Class("c0", 0, 0)
    if most <= 0:
        return (zero,)
    if most <= CLASSES:
        return (zero, *(Class(f"c{n}", n, n) for n in range(1, most + 1)))
    lows = [1]
    for power in range(1, CLASSES):
        target = most ** (power / CLASSES)
        bound = min((value for value in ROUND if value > lows[-1]), key=lambda value: abs(value - target) / value)
        if bound <= most:
            lows.append(int(bound))
    highs: list[int | None] = [low - 1 for low in lows[1:]]
    return (
        zero,
        *(Class(f"c{n}", low, high) for n, (low, high) in enumerate(zip(lows, [*highs, None], strict=True), 1)),
    )


def class_of(count: int, known: Iterable[Class]) -> str:
    """The style of `count` among `known` classes; ValueError when none holds it."""
    for item in known:
        if item.holds(count):
            return item.css
    raise ValueError(f"no class holds {count}")
