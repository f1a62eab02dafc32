"""What every chart has: the words around it, its figures in a table, and its drawing for each medium and width."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toile.kernel.figures import Figure, FigureSource

from . import files
from .lettering import coordinate
from .paints import Target, finished, values
from .told import told

WIDE, SLIM = 640, 340
"""The two widths of a drawing, in its units: a column of a page, a phone."""

_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Words:
    """What is said around a chart.

    finding: the title, a sentence; subtitle: what, where, when, how many; axis and what: the titles of the table's
    first and second columns; note: what limits the figures, said under the drawing.
    """

    finding: str
    subtitle: str
    axis: str
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its name. family: whose glyph and colour it takes; ours: set apart from the others."""

    label: str
    figure: Figure
    family: str = ""
    ours: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a reader goes on from a chart: how it is computed, and its rows as CSV."""

    recompute: str = ""
    csv: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table behind. cells: one text for each column after the name."""

    name: str
    cells: tuple[str, ...]
    family: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of figures, whose kind draws it.

    key: its name in the page, of which its identifiers are made. total: the figure of the whole, the table's last line.
    tell: how the room that draws it says a figure, interval included.
    """

    template: ClassVar[str] = "kernel/charts/figure.html"

    key: str
    words: Words
    total: Figure | None = None
    links: Links = field(default_factory=Links)
    tell: Callable[[Figure], str] = told

    def figures(self) -> Sequence[Figure]:
        """All that it shows, in order."""
        raise NotImplementedError

    def columns(self) -> tuple[str, ...]:
        """The titles of the table's columns."""
        return (self.words.axis, self.words.what)

    def rows(self) -> tuple[Row, ...]:
        """The table behind the drawing: all the figures, told as in the drawing."""
        raise NotImplementedError

    def drawn(self, slim: bool) -> str:
        """The drawing, painted with tokens and names of patterns (`paints.finished`)."""
        raise NotImplementedError

    def svg(self, target: Target | str = Target.WEB, *, slim: bool = False, width: float | None = None) -> str:
        """The drawing for a medium. width: of a file, in points; by default its own units."""
        raw = finished(self.drawn(slim), target, f"{self.key}-{'e' if slim else 'l'}")
        return raw if Target(target) is Target.WEB else sized(raw, width)

    def png(self, target: Target | str = Target.LIGHT, *, slim: bool = False, scale: float = 2) -> bytes:
        """The drawing as pixels, `scale` of them to a unit, on the paper of its medium."""
        return files.png(self.svg(target, slim=slim), paper(target), scale)

    def pdf(self, *, slim: bool = False) -> bytes:
        """The drawing as a page of its own size."""
        return files.pdf(self.svg(Target.PRINT, slim=slim))

    def html(self) -> SafeString:
        """The whole block of a page: finding, both drawings (one is shown), source, links, table."""
        shared = {
            "chart": self,
            "sources": sources_of(self.figures()),
            "simulated": any(figure.simulated for figure in self.figures()),
            "all": self.tell(self.total) if self.total is not None else "",
        }
        return render_to_string(self.template, shared | self.drawings())

    def drawings(self) -> dict[str, Any]:
        """What the block of a page shows as a drawing: both widths. Safe: templates and Vega escaped their texts."""
        return {"wide": SafeString(self.svg()), "slim": SafeString(self.svg(slim=True))}

    def row_of(self, line: Line) -> Row:
        """A line in the table."""
        return Row(line.label, (self.tell(line.figure),), line.family, line.url)

    @property
    def name(self) -> str:
        """What a screen reader says of the drawing: its finding, and where the figures are."""
        return _("Graphique : %(finding)s. Les chiffres sont dans le tableau qui suit.") % {
            "finding": self.words.finding.rstrip(". ")
        }


def sized(svg: str, width: float | None) -> str:
    """A drawing with a width and a height of its own, as a file must have."""
    found = _VIEW_BOX.search(svg)
    assert found is not None, "every drawing has a view box"
    across, down = float(found[1]), float(found[2])
    scale = (width or across) / across
    size = f'width="{coordinate(across * scale)}" height="{coordinate(down * scale)}" '
    return svg[: found.start()] + size + svg[found.start() :]


def paper(target: Target | str) -> str:
    """The ground of a file's pixels."""
    return values(Target(target))["sheet"]


def sources_of(figures: Sequence[Figure]) -> tuple[FigureSource, ...]:
    """Where these figures come from, each source once."""
    return tuple(dict.fromkeys(source for figure in figures for source in figure.sources))


def one_unit(figures: Sequence[Figure]) -> str:
    """The unit of figures drawn on one scale. Raises ValueError for none, or two units: no double axis."""
    units = {figure.unit for figure in figures}
    if len(units) != 1:
        raise ValueError(f"one scale cannot show {sorted(units) or 'nothing'}")
    return units.pop()
