"""Figures in the order of their time, what may be joined by a line, and the scale that several of them share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from toile.kernel.figures import Figure, Status


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one curve, each with its place in time (a year, or years since something)."""

    label: str
    points: tuple[tuple[int, Figure], ...]

    def segments(self, breaks: Iterable[int]) -> Iterator[list[tuple[int, Figure]]]:
        """The stretches that may be joined: none across a break, nor across what is not told."""
        held: list[tuple[int, Figure]] = []
        for at, figure in self.points:
            if held and (figure.status is not Status.OK or any(held[-1][0] <= cut < at for cut in breaks)):
                yield held
                held = []
            if figure.status is Status.OK:
                held.append((at, figure))
        if held:
            yield held


@dataclass(frozen=True, slots=True)
class Frame:
    """What curves drawn together share: the times told, the top of the scale and its steps, the unit, the breaks."""

    times: tuple[int, ...]
    top: float
    steps: tuple[float, ...]
    unit: str
    breaks: tuple[int, ...]
    tell: Callable[[Figure], str]

    def short(self, figure: Figure) -> str:
        """A value on a curve: its band shows the interval, the table tells it."""
        return self.tell(figure).partition(" (")[0]

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """Between which times the series is broken."""
        return tuple((a, b) for a, b in pairwise(self.times) if any(a <= cut < b for cut in self.breaks))


def steps_to(most: float, steps: int = 5) -> tuple[float, ...]:
    """At most so many round steps from zero to at least `most`: 0, 500, 1 000, 1 500, 2 000."""
    if most <= 0:
        return (0.0, 1.0)
    size = 10.0 ** math.floor(math.log10(most / steps))
    step = next(size * by for by in (1, 2, 2.5, 5, 10) if most / (size * by) <= steps + 1e-9)
    return tuple(round(step * place, 6) for place in range(math.ceil(most / step - 1e-9) + 1))
