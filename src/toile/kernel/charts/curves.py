"""Figures that move with time, from left to right: a few curves on one scale, or one small drawing for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from toile.kernel.figures import Figure

from .chart import SLIM, WIDE, Chart, Row, one_unit
from .lettering import SIZE, coordinate
from .panels import Panel, together
from .series import Frame, Series, steps_to

MOST = 4
"""Curves in one drawing; above, small multiples (style.md, section 4)."""


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """One to four curves on one scale from zero; on a phone, one below the other.

    breaks: the last time before each break of the series: nothing is joined across it. below: the title of the times.
    whole: the top of the scale when it is known (100 for a survival).
    """

    series: tuple[Series, ...]
    breaks: tuple[int, ...] = ()
    below: str = ""
    whole: float = 0

    def __post_init__(self) -> None:
        one_unit(self.figures())
        if len(self.series) > self.most():
            raise ValueError(f"{len(self.series)} curves in one drawing: use Multiples beyond {MOST}")

    def most(self) -> int:
        """How many curves one drawing takes."""
        return MOST

    def figures(self) -> Sequence[Figure]:
        return [figure for series in self.series for _at, figure in series.points]

    def columns(self) -> tuple[str, ...]:
        if len(self.series) == 1:
            return (self.words.axis, self.words.what)
        return (self.words.axis, *(series.label for series in self.series))

    def rows(self) -> tuple[Row, ...]:
        held = [dict(series.points) for series in self.series]
        absent = _("inconnu")
        return tuple(
            Row(str(at), tuple(self.tell(points[at]) if at in points else absent for points in held))
            for at in self.frame().times
        )

    def frame(self, steps: int = 5) -> Frame:
        """The scale that its curves share, from zero, in at most so many steps."""
        figures = self.figures()
        most = max((float(figure.high or figure.value or 0) for figure in figures), default=0)
        scale = steps_to(self.whole or most, steps)
        times = tuple(sorted({at for series in self.series for at, _figure in series.points}))
        return Frame(times, scale[-1], scale, one_unit(figures), self.breaks, self.tell)

    def drawn(self, slim: bool) -> str:
        if slim and len(self.series) > 1:
            return self._compose(self._panels(SLIM), 1, slim)
        across, down = (SLIM, 260) if slim else (WIDE, 300)
        return self._compose([together(self.series, self.frame(), across, down)], 1, slim)

    def _panels(self, width: float) -> list[Panel]:
        """A small drawing for each series, all on one scale."""
        frame = self.frame(steps=2)
        return [together((one,), frame, width, 185, title=one.label) for one in self.series]

    def _compose(self, panels: list[Panel], columns: int, slim: bool) -> str:
        """The panels side by side, in rows of `columns`."""
        across = SLIM if slim else WIDE
        step = across / columns
        placed = [
            (coordinate(place % columns * step), coordinate(place // columns * panel.height), panel.body)
            for place, panel in enumerate(panels)
        ]
        height = math.ceil(len(panels) / columns) * panels[0].height
        context = {
            "chart": self,
            "slim": slim,
            "width": across,
            "height": coordinate(height + (SIZE + 4 if self.below else 0)),
            "panels": placed,
            "foot": coordinate(height + SIZE - 2),
        }
        return render_to_string("kernel/charts/curves.html", context).strip()


@dataclass(frozen=True, kw_only=True)
class Multiples(Curves):
    """The same small drawing for each of many series, all on one scale so that they compare."""

    def most(self) -> int:
        return 24

    def drawn(self, slim: bool) -> str:
        columns = 1 if slim else 2 if len(self.series) == 4 else 3
        width = (SLIM if slim else WIDE) / columns - (0 if slim else 8)
        return self._compose(self._panels(width), columns, slim)
