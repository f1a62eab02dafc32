"""« Où ? » as a point: the middle of the place that a reader wrote."""

from __future__ import annotations

from django.db.models import Avg

from toile.directory.queries.where import where
from toile.kernel.lists import Spot
from toile.territory.geometry import inner_point
from toile.territory.models import Commune
from toile.territory.queries import perimeter_called


def spot(text: str) -> Spot:
    """Whether it is a place, and its middle: of its polygon, else the mean of its communes' centres. 7 statements."""
    place = where(text)
    if place.unknown or not place.label:
        return Spot(False)
    if place.inside is not None:
        perimeter = perimeter_called(text)
        return Spot(True, inner_point(perimeter.polygon) if perimeter and perimeter.polygon else None)
    middle = Commune.objects.filter(code__in=place.communes).aggregate(lon=Avg("lon"), lat=Avg("lat"))
    known = middle["lon"] is not None and middle["lat"] is not None
    return Spot(True, (middle["lon"], middle["lat"]) if known else None)
