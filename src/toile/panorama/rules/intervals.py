"""Numbers known within bounds: the arithmetic that carries an interval from classes of size to shares and quotients."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from toile.kernel.figures import Figure

Number = Decimal | int


class Interval(NamedTuple):
    """A central value and the bounds it lies between, `low <= central <= high`; an exact number has three equal parts.

    Operations are those of interval arithmetic: the result holds every value that the operands allow when they move
    freely; two operands that share a part give bounds wider than need be, never narrower.
    """

    low: Decimal
    central: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """Whether its bounds meet."""
        return self.low == self.high

    def plus(self, other: Interval) -> Interval:
        """The sum."""
        return Interval(self.low + other.low, self.central + other.central, self.high + other.high)

    def minus(self, other: Interval) -> Interval:
        """The difference."""
        return Interval(self.low - other.high, self.central - other.central, self.high - other.low)

    def times(self, other: Interval) -> Interval:
        """The product."""
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), self.central * other.central, max(corners))

    def over(self, other: Interval) -> Interval | None:
        """The quotient; None when the divisor may be zero: nothing can then be said."""
        if other.low <= 0 <= other.high:
            return None
        corners = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return _ordered(min(corners), self.central / other.central, max(corners))

    def capped(self, least: Number, most: Number) -> Interval:
        """The same, kept between two bounds that it cannot pass in truth (a share: 0 and 100)."""
        return Interval(*(min(max(part, Decimal(least)), Decimal(most)) for part in self))


def exactly(value: Number) -> Interval:
    """A number without doubt."""
    number = Decimal(value)
    return Interval(number, number, number)


def bounds_of(figure: Figure) -> Interval:
    """What a figure that is told says: its value within its bounds, or exactly."""
    assert figure.value is not None
    if figure.low is None or figure.high is None:
        return exactly(figure.value)
    return Interval(figure.low, figure.value, figure.high)


ZERO = exactly(0)


def total(parts: list[Interval]) -> Interval:
    """The sum of all; zero when there is none."""
    result = ZERO
    for part in parts:
        result = result.plus(part)
    return result


def _ordered(low: Decimal, central: Decimal, high: Decimal) -> Interval:
    """Bounds that hold the central value whatever the last digit of a division."""
    return Interval(min(low, central), central, max(high, central))
