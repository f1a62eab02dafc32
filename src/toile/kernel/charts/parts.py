"""Two or three parts of a whole, end to end in one band; beyond three, bars compare better (style.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from toile.kernel.figures import Figure, Status

from .chart import SLIM, WIDE, Chart, Line, Row, one_unit
from .lettering import LINE, coordinate, cut
from .told import number

MOST = 3
PAINTS = ("var(--ink)", "var(--s3)", "var(--s1)")
"""From dark to light: the parts differ in grey too."""
BAND = 38
SWATCH = 25
"""What the square of a part takes before its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it is drawn: its piece of the band, and its lines below with a square of the same paint."""

    paint: str
    x: str
    width: str
    y: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Parts(Chart):
    """Parts of `total`, in the order given. What is missing to the whole is hatched: unknown, or hidden.

    Raises ValueError beyond three parts, for a whole that is not told, or for parts that exceed it.
    """

    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        one_unit([*self.figures(), *([self.total] if self.total else [])])
        if len(self.lines) > MOST:
            raise ValueError(f"{len(self.lines)} parts: bars compare more than {MOST} better")
        if self.total is None or not self.total.value or self.rest() < 0:
            raise ValueError("parts are of a whole that is told and that holds them")

    def figures(self) -> Sequence[Figure]:
        return [line.figure for line in self.lines]

    def rows(self) -> tuple[Row, ...]:
        return tuple(map(self.row_of, self.lines))

    def rest(self) -> Decimal:
        """What the whole has more than the parts that are told."""
        assert self.total is not None and self.total.value is not None
        return self.total.value - sum((figure.value or Decimal(0) for figure in self.figures()), Decimal(0))

    def share(self, value: Decimal) -> str:
        """A part in percent of the whole."""
        assert self.total is not None and self.total.value
        return number(100 * value / self.total.value, "percent")

    def drawn(self, slim: bool) -> str:
        across = SLIM if slim else WIDE
        assert self.total is not None and self.total.value
        unit = across / float(self.total.value)
        x, y, parts = 0.0, BAND + 22.0, []
        pieces = [
            (line.label, line.figure.value, self.tell(line.figure), self._paint(place, line))
            for place, line in enumerate(self.lines)
        ]
        if self.rest() and all(figure.status is Status.OK for figure in self.figures()):
            pieces.append((_("Reste, inconnu"), self.rest(), number(self.rest(), self.total.unit), "url(#inconnu)"))
        for label, value, said, paint in pieces:
            text = f"{label} : {said}" + (f", {self.share(value)}" if value and self.total.unit != "percent" else "")
            lines = cut(text, across - SWATCH)
            width = float(value or 0) * unit
            placed = tuple((coordinate(y + LINE * row), text) for row, text in enumerate(lines))
            parts.append(Part(paint, coordinate(x), coordinate(max(width - 2, 0)), coordinate(y - 13), placed))
            x, y = x + width, y + LINE * len(lines) + 6
        context = {
            "chart": self,
            "slim": slim,
            "width": across,
            "height": coordinate(y - 14),
            "parts": parts,
            "filled": coordinate(x),
            "untold": next((part.paint for part in parts if part.paint in ("url(#secret)", "url(#inconnu)")), ""),
        }
        return render_to_string("kernel/charts/parts.html", context).strip()

    def _paint(self, place: int, line: Line) -> str:
        if line.figure.status is not Status.OK:
            return "url(#secret)" if line.figure.status is Status.HIDDEN else "url(#inconnu)"
        return f"url(#{line.family})" if line.family else PAINTS[place]
