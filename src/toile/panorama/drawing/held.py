"""The figures of an edition as its drawings take them: by indicator, along one axis, over time, across territories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from toile.directory.rules.display import DISPLAY_CLASSES
from toile.kernel.charts import Line, Links, Words
from toile.kernel.figures import Cell, Figure, Status
from toile.panorama.models import Edition
from toile.panorama.queries.naming import Names
from toile.panorama.rules.drawn import BASE
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.told import tell_with_unit

Axis = Literal["perimeter", "commune", "family", "sector", "size", "year"]
BREAKDOWNS: Final = ("commune", "family", "sector", "size")
BLANK: Final[dict[str, Any]] = dict.fromkeys(("perimeter", *BREAKDOWNS), "") | {"year": 0}
MOST_AXES: Final = 2
"""What is broken down further is in tables, not in drawings."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the subtitle of a chart says beside its indicator; empty: what goes without saying.

    what: of what, when it is not the indicator alone; by: « par famille »; place: a commune; when: the years; total: of
    which the chart shows the parts. note: what limits it.
    """

    what: str = ""
    by: str = ""
    place: str = ""
    when: str = ""
    total: Figure | None = None
    note: str = ""


@dataclass(frozen=True)
class Held:
    """An edition's figures, indexed once."""

    edition: Edition
    figures: Sequence[Figure]
    names: Names
    by_cell: dict[tuple[str, Cell], Figure] = field(init=False, repr=False)
    by_axis: dict[tuple[str, str, Cell], list[Figure]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_cell, by_axis = {}, defaultdict(list)
        for figure in self.figures:
            broken_down = [axis for axis in BREAKDOWNS if getattr(figure.cell, axis)]
            if len(broken_down) > MOST_AXES:
                continue
            by_cell[figure.indicator, figure.cell] = figure
            for axis in ("perimeter", "year", *broken_down):
                by_axis[figure.indicator, axis, figure.cell._replace(**{axis: BLANK[axis]})].append(figure)
        object.__setattr__(self, "by_cell", by_cell)
        object.__setattr__(self, "by_axis", dict(by_axis))

    def cell(self, commune: str = "") -> Cell:
        """The whole of the perimeter, or of one of its communes, in the edition's year."""
        return Cell(self.edition.perimeter, commune, year=self.edition.year or 0)

    def whole(self, indicator: str, commune: str = "") -> Figure | None:
        """The figure of the whole, None where the edition has none."""
        return self.by_cell.get((indicator, self.cell(commune)))

    def along(self, indicator: str, axis: Axis, commune: str = "") -> dict[str, Figure]:
        """Value of the axis → figure, the rest being the whole: what adds up to `whole`, the whole itself left out."""
        key = self.cell(commune)._replace(**{axis: BLANK[axis]})
        found = {str(getattr(figure.cell, axis)): figure for figure in self.by_axis.get((indicator, axis, key), ())}
        return {code: figure for code, figure in found.items() if code}

    def over_time(self, indicator: str, family: str = "") -> list[Figure]:
        """The figures of the whole, year after year until the edition's."""
        key = self.cell()._replace(year=0, family=family)
        found = [figure for figure in self.by_axis.get((indicator, "year", key), ()) if figure.cell.year]
        last = self.edition.year or max((figure.cell.year for figure in found), default=0)
        return sorted((f for f in found if f.cell.year <= last), key=lambda figure: figure.cell.year)

    def line(self, axis: Axis, code: str, figure: Figure, ours: bool = False) -> Line:
        """A figure with the name of its value on an axis, its family's glyph, its commune's page."""
        glyph = DISPLAY_CLASSES[code].glyph if axis == "family" and code in DISPLAY_CLASSES else ""
        url = f"{BASE}communes/{code}/" if axis == "commune" else ""
        return Line(self.names.of(axis, code), figure, glyph, ours, url)

    def links(self, indicator: str) -> Links:
        """How an indicator is computed, and its rows."""
        return Links(f"{BASE}chiffres/{indicator}/", f"{BASE}chiffres/{indicator}.csv")

    def words(self, finding: str, indicator: str, axis: str, said: Said) -> Words:
        """The words around a chart of one indicator. axis: the title of the table's first column."""
        known = indicators()[indicator]
        year = self.edition.year
        when = said.when or (_("31 décembre %(year)s") % {"year": year} if year else "")
        parts = (said.what or _(known.name_fr), said.by, said.place or self.edition.perimeter_name, when)
        subtitle = ", ".join(part for part in parts if part)
        if said.total is not None and said.total.value is not None:
            subtitle += _(" · total : %(total)s") % {"total": tell_with_unit(said.total)}
        return Words(finding, subtitle, axis, _(known.short_fr), said.note)


def drawable(figures: Sequence[Figure]) -> bool:
    """Whether a chart says something: two figures at least, one of them told."""
    return len(figures) > 1 and any(figure.status is Status.OK for figure in figures)


def largest_first(found: dict[str, Figure], names: Names, axis: str) -> list[tuple[str, Figure]]:
    """Values of an axis in the order of bars: the largest first, the hidden then the unknown at the end."""
    last = {Status.OK: 0, Status.HIDDEN: 1, Status.UNKNOWN: 2}
    return sorted(
        found.items(),
        key=lambda item: (last[item[1].status], -(item[1].value or 0), names.of(axis, item[0])),
    )
