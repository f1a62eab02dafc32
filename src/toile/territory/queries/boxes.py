"""The rectangles that hold communes and perimeters, where their ground is known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from toile.territory.geometry import bounds

from ..models import Contour, Perimeter

Bounds = tuple[float, float, float, float]


def boxes(codes: Collection[str]) -> dict[str, Bounds]:
    """West, south, east, north of each of these communes that has a contour. 1 statement."""
    contours = Contour.objects.filter(commune__in=list(codes)).order_by("commune")
    return {code: bounds(geometry) for code, geometry in contours.values_list("commune_id", "geometry")}


def boxes_of_perimeters(perimeters: Sequence[Perimeter]) -> dict[str, Bounds]:
    """The same of each perimeter whose whole ground is known: its polygon and all its communes. 1 statement.

    perimeters: with their communes loaded.
    """
    members = {perimeter.code: [commune.code for commune in perimeter.communes.all()] for perimeter in perimeters}
    known = boxes({code for codes in members.values() for code in codes})
    found: dict[str, Bounds] = {}
    for perimeter in perimeters:
        parts = [known.get(code) for code in members[perimeter.code]]
        parts += [bounds(perimeter.polygon)] if perimeter.polygon else []
        whole = [part for part in parts if part is not None]
        if whole and len(whole) == len(parts):
            west, south, east, north = zip(*whole, strict=True)
            found[perimeter.code] = (min(west), min(south), max(east), max(north))
    return found
