"""The map of one perimeter: on the territory, on its own communes, or its outline alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ..models import Commune, Perimeter
from ..rules.drawing import STEP
from ..rules.outlines import corners, frame_of, path_in
from .home import communes_of_home
from .map_words import side_of
from .maps import MapDrawing, commune_map

WIDE = 0.15
"""The share of the territory's width from which a polygon is drawn over it rather than alone."""


def perimeter_map(perimeter: Perimeter, members: Sequence[Commune]) -> MapDrawing | None:
    """A perimeter on the territory's communes, on its own, or its outline alone where it is small or elsewhere.

    4 queries at most.
    """
    around = communes_of_home()
    codes = {commune.code for commune in members}
    title = _("Carte du périmètre %(name)s") % {"name": perimeter.name}
    said = _("Contour indicatif.") if perimeter.indicative else ""
    if members:
        ground = around if codes <= {commune.code for commune in around} else members
        return commune_map(
            communes=ground, highlight=codes, polygon=perimeter.polygon, title=title, provenance=said, table=False
        )
    if perimeter.polygon is None:
        return None
    if around and _is_wide(perimeter.polygon, around):
        return commune_map(communes=around, polygon=perimeter.polygon, title=title, provenance=said, table=False)
    return _outline_alone(perimeter.polygon, title, said)


def _is_wide(polygon: Mapping[str, Any], around: Sequence[Commune]) -> bool:
    """Whether a polygon is large enough to be seen on the map of these communes."""
    lons = [commune.lon for commune in around if commune.lon is not None]
    extent = [lon for lon, _lat in corners(polygon)]
    return bool(lons) and (max(extent) - min(extent)) >= WIDE * (max(lons) - min(lons))


def _outline_alone(polygon: Mapping[str, Any], title: str, said: str) -> MapDrawing:
    frame = frame_of([polygon])
    side = side_of(frame.scale * STEP)
    return MapDrawing(
        id="carte", kind="outline", view_box=f"0 0 {frame.width} {frame.height}", title=title, unit="", shapes=(),
        labels=(), pins=(), outline=path_in(frame, polygon), legend=(),
        caption=_("Un carreau ≈ %(side)s.") % {"side": side}, rows=(), zeros=0, total=None, provenance=said,
    )  # fmt: skip
