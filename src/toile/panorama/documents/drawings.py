"""Charts on paper: the drawing of a chart for print, said in words for who does not see it."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from toile.directory.rules.display import DISPLAY_CLASSES
from toile.kernel.charts import Bars, Chart, Line, Target, Words
from toile.kernel.documents.parts import Drawing, Picture
from toile.kernel.figures import Cell, Status, unknown
from toile.kernel.typography import french_number, plural_form
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.told import tell

from .material import Material
from .tables import FAMILIES
from .telling import simulated_mark, sources_said

COUNTED: Final = "employer_establishments"
ROOM: Final = 1.06

_GROUND = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 \1 \2"')


def on_paper(chart: Chart, *, slim: bool = False) -> Picture:
    """A chart as a part of a document: its finding as title, its figures one by one in the alternative text."""
    figures = chart.figures()
    told = " ; ".join(f"{row.name} : {', '.join(row.cells)}" for row in chart.rows())
    return Picture(
        Drawing(roomy(chart.svg(Target.PRINT, slim=slim)), f"{chart.words.finding.rstrip('. ')}. {told}."),
        chart.words.finding,
        chart.words.subtitle,
        " ".join(words for words in (chart.words.note, sources_said(figures)) if words),
        [simulated_mark()] if any(figure.simulated for figure in figures) else [],
    )


def roomy(svg: str) -> str:
    """The drawing on a slightly wider ground: the values at the end of bars are bold, wider than was reckoned."""
    found = _GROUND.search(svg)
    assert found is not None, "a drawing for print has a size and a view box"
    wide, down = f"{float(found[1]) * ROOM:.0f}", found[2]
    return svg.replace(found[0], f'width="{wide}" height="{down}" viewBox="0 0 {wide} {down}"', 1)


def of_families(material: Material, cell: Cell) -> Picture | None:
    """The employer establishments of one place by family, in a column; None when none of them is told."""
    unit = indicators()[COUNTED].unit
    figures = {family: material.by_cell.get((COUNTED, cell._replace(family=family))) for family in FAMILIES}
    if not any(figure is not None and figure.status is Status.OK for figure in figures.values()):
        return None
    lines = tuple(
        Line(
            material.name("family", family),
            figure or unknown(COUNTED, cell._replace(family=family), unit, "not_broken_down"),
            family=DISPLAY_CLASSES[family].glyph,
        )
        for family, figure in figures.items()
    )
    return on_paper(Bars(key="familles", words=_words(material, cell), lines=lines, tell=tell), slim=True)


def _words(material: Material, cell: Cell) -> Words:
    total = material.by_cell.get((COUNTED, cell))
    if total is None or total.value is None:
        finding = _("Établissements employeurs")
    else:
        one, many = _("%(count)s établissement employeur"), _("%(count)s établissements employeurs")
        finding = plural_form(total.value, one, many) % {"count": french_number(total.value)}
    return Words(finding, "", _("Famille"), _(indicators()[COUNTED].short_fr))
