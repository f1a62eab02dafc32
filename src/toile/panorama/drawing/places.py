"""The communes of an edition: its maps, their bars, and the families of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from toile.kernel.charts import Bars, Chart, Line
from toile.kernel.charts.chart import Row
from toile.kernel.figures import Cell, Figure
from toile.panorama.rules.drawn import BASE, of_commune
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.told import tell
from toile.territory.models import Commune
from toile.territory.queries import MapDrawing, figure_map

from .breakdowns import MOST, Asked, bars_of
from .findings import of_largest, of_spread
from .held import Held, Said, drawable, largest_first

FILLS = {
    "c1": "var(--s0)",
    "c2": "var(--s1)",
    "c3": "var(--s2)",
    "c4": "var(--s3)",
    "hatch": "url(#inconnu)",
    "secret": "url(#secret)",
}
"""What the classes of a map are painted with in a file, as the sheet does in a page."""
MAPPED = (("communes-map", "share_of_employment"), ("communes-counts-map", "employer_establishments"))


@dataclass(frozen=True, kw_only=True)
class CommuneMap(Chart):
    """A figure by commune, on the ground. `lines`: its table, the largest first."""

    template: ClassVar[str] = "panorama/drawing/map.html"

    lines: tuple[Line, ...]
    drawing: MapDrawing

    def figures(self) -> Sequence[Figure]:
        return [line.figure for line in self.lines]

    def rows(self) -> tuple[Row, ...]:
        return tuple(map(self.row_of, self.lines))

    def drawn(self, slim: bool) -> str:
        """The map for a file, its legend below; a page draws it with links (`template`)."""
        _left, _top, across, down = self.drawing.view_box.split()
        legend = [
            {
                "fill": FILLS[line.css],
                "text": line.text,
                "y": int(down) + 30 + 32 * place,
                "words": int(down) + 48 + 32 * place,
            }
            for place, line in enumerate(self.drawing.legend)
        ]
        context = {
            "chart": self,
            "width": across,
            "height": int(down) + 26 + 32 * len(legend),
            "down": down,
            "shapes": [(shape.d, FILLS[shape.css]) for shape in self.drawing.shapes],
            "legend": legend,
        }
        return render_to_string("panorama/drawing/map_file.html", context).strip()

    def drawings(self) -> dict[str, Any]:
        """A page draws it with links, in one width: its names grow on a phone."""
        return {"map": self.drawing}


def maps(held: Held) -> Iterator[Chart]:
    """The share of employment and the employer establishments of each commune. At most 5 statements."""
    for key, indicator in MAPPED:
        found = held.along(indicator, "commune")
        if drawable(list(found.values())):
            chart = _map(held, key, indicator, found)
            if chart is not None:
                yield chart


def _map(held: Held, key: str, indicator: str, found: Mapping[str, Figure]) -> CommuneMap | None:
    known = indicators()[indicator]
    unit = next(iter(found.values())).unit

    def say(bound: Decimal) -> str:
        return tell(Figure(indicator, Cell(held.edition.perimeter), unit, bound))

    drawing = figure_map(
        found,
        title=_("Carte : %(name)s, commune par commune") % {"name": _(known.short_fr)},
        say=say,
        told=tell,
        communes=list(Commune.objects.filter(code__in=found).order_by("name", "code")),
        url=lambda code: f"{BASE}communes/{code}/",
        map_id=key,
    )
    if drawing is None:
        return None
    ordered = largest_first(dict(found), held.names, "commune")
    return CommuneMap(
        key=key,
        words=held.words(
            of_spread(_(known.short_fr), list(found.values())),
            indicator,
            _("Commune"),
            Said(by=_("par commune"), note=drawing.caption),
        ),
        lines=tuple(held.line("commune", code, figure) for code, figure in ordered),
        drawing=drawing,
        total=held.whole(indicator),
        links=held.links(indicator),
        tell=tell,
    )


def bars(held: Held) -> Iterator[Chart]:
    """The communes that have the most employer establishments."""
    indicator = "employer_establishments"
    found = held.along(indicator, "commune")
    if not drawable(list(found.values())):
        return
    ordered = largest_first(found, held.names, "commune")
    (first, largest), cut = ordered[0], len(ordered) - MOST
    note = _("Les %(count)s autres communes sont dans le tableau de l’indicateur.") % {"count": cut} if cut > 0 else ""
    finding = of_largest(held.names.of("commune", first), largest, held.whole(indicator))
    yield Bars(
        key="communes-bars",
        words=held.words(
            finding, indicator, _("Commune"), Said(by=_("par commune"), total=held.whole(indicator), note=note)
        ),
        lines=tuple(held.line("commune", code, figure) for code, figure in ordered[:MOST]),
        total=held.whole(indicator),
        links=held.links(indicator),
        tell=tell,
    )


def sheets(held: Held) -> Iterator[Chart]:
    """The families of each commune that the edition breaks down."""
    communes = sorted({figure.cell.commune for figure in held.figures} - {""})
    for commune in communes:
        asked = Asked(of_commune(commune), "employer_establishments", "family", _("par famille"), _("Famille"))
        chart = bars_of(held, asked, commune)
        if chart is not None:
            yield chart
