"""Maps of communes ready for `territory/map.html`: real contours where imported, schematic cells, or a mosaic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.kernel.typography import french_number

from ..models import Commune, Contour
from ..rules.cells import cells
from ..rules.classes import Class, class_of, classes
from ..rules.drawing import Drawing, Point
from ..rules.labels import LETTER, Box, Label, Name, place_labels
from ..rules.mosaic import mosaic
from ..rules.outlines import corners, outlines, path_in
from .home import communes_of_home
from .map_words import AROUND, INSIDE, PLAIN, SECRET, UNKNOWN, Legend, Row, caption_of, legend_of, table_of

PIN = (16, 18, 16, 22)
"""The room a pin takes, left, above, right and below its point."""
ENOUGH = 0.5
"""The share of communes whose centre must be known for cells to be drawn rather than a mosaic."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place to mark with the number of its line in the list. name, url: what is there, and its page."""

    number: int
    lon: float
    lat: float
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PlacedPin:
    """A pin on the paper."""

    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One commune on the map. css: its class; count None: unknown, or not counted here; label: what a link says."""

    code: str
    name: str
    d: str
    css: str
    count: int | None
    label: str
    url: str | None

    @property
    def pattern(self) -> str:
        """The threads drawn over it when it is not told."""
        return {UNKNOWN: "inconnu", SECRET: "secret"}.get(self.css, "")


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """A map, its legend, its caption and the table behind it. kind: `contours`, `cells` or `mosaic`.

    zeros: how many communes the table gathers in its last line. total: None where a count is unknown or none is given.
    provenance: where the counts come from, a sentence after the caption. No rows: no table behind the map.
    """

    id: str
    kind: str
    view_box: str
    title: str
    unit: str
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    pins: tuple[PlacedPin, ...]
    outline: str
    legend: tuple[Legend, ...]
    caption: str
    rows: tuple[Row, ...]
    zeros: int
    total: int | None
    provenance: str = ""

    @property
    def has_unknown(self) -> bool:
        """Whether the map needs the hatching of the unknown."""
        return any(shape.css == UNKNOWN for shape in self.shapes)

    @property
    def has_secret(self) -> bool:
        """Whether it needs the crossed threads of what a rule hides."""
        return any(shape.css == SECRET for shape in self.shapes)


CountLabel = Callable[[int], str]
"""How a count is said: 4 -> « 4 structures »."""


def structures(count: int) -> str:
    """« 4 structures »."""
    return ngettext("%(count)s structure", "%(count)s structures", count) % {"count": french_number(count)}


def commune_map(
    counts: Mapping[str, int | None] | None = None,
    *,
    communes: Sequence[Commune] | None = None,
    highlight: Collection[str] | None = None,
    polygon: Mapping[str, Any] | None = None,
    pins: Iterable[Pin] = (),
    url: Callable[[str], str] | None = None,
    say: CountLabel = structures,
    unit: str = "",
    title: str = "",
    provenance: str = "",
    table: bool = True,
    map_id: str = "carte",
) -> MapDrawing | None:
    """Draw communes (by default the territory's), or None where there is none.

    counts: code -> number; a commune left out counts zero, one at None is unknown; None: nothing is counted and the
    map shows the communes, those of `highlight` apart. polygon: an outline drawn above. url: the page of a commune,
    for those that count something. unit: the column's title in the table. provenance: a sentence after the caption.
    table: whether the page needs the table behind the map (not where it lists the communes itself). At most 3 queries
    (2 once drawn).
    """
    drawn = communes_of_home() if communes is None else list(communes)
    if not drawn:
        return None
    kind, drawing, source = draw(drawn, polygon)
    known = classes(value for value in counts.values() if value is not None) if counts is not None else ()
    shapes = tuple(
        shape_of(commune, drawing, counts, known, highlight, url, say)
        for commune in drawn
        if commune.code in drawing.by_code
    )
    placed = tuple(_placed(drawing, pins))
    rows, zeros, total = table_of(drawn, counts, url) if table else ((), 0, None)
    return MapDrawing(
        id=map_id,
        kind=kind,
        view_box=f"0 0 {drawing.width} {drawing.height}",
        title=title or _("Carte des communes"),
        unit=unit or (_("Structures") if counts is not None else _("Habitants")),
        shapes=shapes,
        labels=_labels(drawn, drawing, counts, highlight, placed),
        pins=placed,
        outline=path_in(drawing.frame, polygon) if polygon and drawing.frame else "",
        legend=legend_of(known, counts, drawn, highlight),
        caption=caption_of(kind, drawing, len(drawn), source, polygon is not None),
        rows=rows,
        zeros=zeros,
        total=total,
        provenance=provenance,
    )


def draw(communes: Sequence[Commune], polygon: Mapping[str, Any] | None) -> tuple[str, Drawing, str]:
    """The kind of drawing, the drawing, and what the contours say of their source."""
    codes = [commune.code for commune in communes]
    contours = list(
        Contour.objects.filter(commune__in=codes)
        .order_by("commune_id")
        .values_list("commune_id", "digest", "vintage", "source")
    )
    extent = tuple(corners(polygon)) if polygon else ()
    if len(contours) == len(codes):
        told = sorted(
            {
                ", ".join(filter(None, [source, vintage and _("millésime %(year)s") % {"year": vintage}]))
                for *_key, vintage, source in contours
            }
        )
        return "contours", _outlines(tuple(row[:2] for row in contours), extent), " ; ".join(told)
    points = tuple(sorted((c.code, c.lon, c.lat) for c in communes if c.lon is not None and c.lat is not None))
    if len(points) >= ENOUGH * len(codes):
        return "cells", _cells(points, extent), ""
    return "mosaic", mosaic(codes), ""


@lru_cache(maxsize=64)
def _cells(points: tuple[tuple[str, float, float], ...], extent: tuple[Point, ...]) -> Drawing:
    return cells({code: (lon, lat) for code, lon, lat in points}, around=extent)


@lru_cache(maxsize=16)
def _outlines(digests: tuple[tuple[str, str], ...], extent: tuple[Point, ...]) -> Drawing:
    """The drawing of the contours of these digests; the digests make it safe to keep."""
    held = Contour.objects.filter(commune__in=[code for code, _digest in digests])
    around = [{"type": "Polygon", "coordinates": [extent]}] if extent else []
    return outlines(dict(held.values_list("commune_id", "geometry")), around)


def shape_of(
    commune: Commune,
    drawing: Drawing,
    counts: Mapping[str, int | None] | None,
    known: Sequence[Class],
    highlight: Collection[str] | None,
    url: Callable[[str], str] | None,
    say: CountLabel,
) -> Shape:
    """One commune of a drawing, in the class of its count. url: the page of those that count something."""
    d = drawing.by_code[commune.code].d
    if counts is None:
        css = PLAIN if highlight is None else INSIDE if commune.code in highlight else AROUND
        return Shape(commune.code, commune.name, d, css, None, commune.name, None)
    count = counts.get(commune.code, 0)
    if count is None:
        return Shape(
            commune.code, commune.name, d, UNKNOWN, None, _("%(name)s : inconnu") % {"name": commune.name}, None
        )
    label = _("%(name)s : %(count)s") % {"name": commune.name, "count": say(count)}
    page = url(commune.code) if url and count else None
    return Shape(commune.code, commune.name, d, class_of(count, known), count, label, page)


def _placed(drawing: Drawing, pins: Iterable[Pin]) -> Iterable[PlacedPin]:
    if drawing.frame is None:
        return
    for pin in pins:
        if drawing.frame.shows(pin.lon, pin.lat):
            x, y = drawing.frame.to_view(pin.lon, pin.lat)
            yield PlacedPin(pin.number, round(x), round(y))


def _labels(
    communes: Sequence[Commune],
    drawing: Drawing,
    counts: Mapping[str, int | None] | None,
    highlight: Collection[str] | None,
    pins: Sequence[PlacedPin],
) -> tuple[Label, ...]:
    """Names of the largest communes that count something, or that are set apart, clear of the pins."""
    obstacles: list[Box] = [(p.x - PIN[0], p.y - PIN[1], p.x + PIN[2], p.y + PIN[3]) for p in pins]
    names = []
    for commune in communes:
        shape = drawing.by_code.get(commune.code)
        shown = (
            counts.get(commune.code, 0) != 0 if counts is not None else highlight is None or commune.code in highlight
        )
        if shape is not None and shown:
            names.append(Name(commune.code, commune.name, *shape.anchor, float(commune.population or 0)))
    if drawing.frame is None:
        return labels_in_squares(names, drawing)
    return place_labels(names, obstacles, width=drawing.width, height=drawing.height)


def labels_in_squares(names: Sequence[Name], drawing: Drawing) -> tuple[Label, ...]:
    """The names of a mosaic: one that left its square would name its neighbour."""
    side = 2 * drawing.shapes[0].anchor[0]
    fitting = [name for name in names if len(name.text) * LETTER <= side]
    return place_labels(fitting, most=len(names), width=drawing.width, height=drawing.height)
