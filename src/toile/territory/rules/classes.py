"""The classes of a map, at most four beside zero, with round bounds written in the legend (style.md, 4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

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


@dataclass(frozen=True, slots=True)
class Grade:
    """Values from `low` (included; None: less than) to `high` (left out; None: and more), drawn as `css`."""

    css: str
    low: Decimal | None
    high: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value < self.high)


def grades(values: Iterable[Decimal], at: Iterable[Decimal] = ()) -> tuple[Grade, ...]:
    """The classes for shares or quotients: four at most, holding about as many values each, between round bounds.

    at: the bounds, where the values have known ones (1 for a quotient). Bounds are rounded to 1, 2 or 5 of a power of
    ten, as coarsely as leaves them apart.
    """
    known = sorted(values)
    if not known:
        return ()
    bounds = sorted(set(at)) or _round_quantiles(known)
    return tuple(Grade(f"c{n}", low, high) for n, (low, high) in enumerate(pairwise([None, *bounds, None]), 1))


def _round_quantiles(known: list[Decimal]) -> list[Decimal]:
    """The quartiles of sorted values, rounded as coarsely as leaves them apart; fewer where values are alike."""
    quartiles = [known[min(len(known) - 1, len(known) * n // CLASSES)] for n in range(1, CLASSES)]
    spread = known[-1] - known[0]
    if spread <= 0:
        return []
    for power in range(math.floor(spread.log10()), math.floor(spread.log10()) - 4, -1):
        for digit in (5, 2, 1):
            step = Decimal(digit).scaleb(power)
            bounds = [(value / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step for value in quartiles]
            if len(set(bounds)) == len(set(quartiles)) and known[0] < bounds[0] and bounds[-1] <= known[-1]:
                return sorted(set(bounds))
    return sorted({value for value in quartiles if value > known[0]})


def grade_of(value: Decimal, known: Iterable[Grade]) -> str:
    """The style of `value` among `known` grades; ValueError when none holds it."""
    for item in known:
        if item.holds(value):
            return item.css
    raise ValueError(f"no grade holds {value}")
