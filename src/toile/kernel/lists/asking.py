"""Reading the address of a list: whatever bytes it holds, it is a question, and what was left out is said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from .asked import Asked, Box, Near
from .declaring import ListPage

RADII: Final = (1, 2, 5, 10, 20, 50)
"""The kilometres one may ask around a point."""
RADIUS: Final = 5
PAGE_SIZE: Final = 20
DEEPEST: Final = 10_000
"""Beyond this rank nobody reads a list: they narrow it."""
LONGEST: Final = {"q": 200, "ou": 100, "pres": 60, "boite": 120, "rayon": 4, "tri": 20, "vue": 10}
MOST_VALUES, LONGEST_VALUE = 60, 60
YES: Final = frozenset({"1", "on", "oui", "true"})


def query_of(page: ListPage[Any], data: QueryDict) -> QueryDict:
    """The address' query with what this list knows of it, in one order, bounded, nothing empty; no page number.

    Two addresses that ask the same have the same: it is what a kept search holds and what each link starts from.
    """
    kept = QueryDict(mutable=True)
    facets = [facet.parameter for facet in page.facets]
    flags = [flag.parameter for flag in page.flags]
    for parameter in ("q", "ou", "pres", "rayon", "boite", *facets, *flags, "tri", "vue"):
        if parameter in facets:
            values = [value for value in data.getlist(parameter)[:MOST_VALUES] if len(value) <= LONGEST_VALUE]
        elif parameter in flags:
            values = ["1" for value in data.getlist(parameter)[-1:] if value in YES]
        else:
            values = [_text(data.get(parameter, ""), LONGEST[parameter])]
        values = [value for value in dict.fromkeys(values) if value and value.isprintable()]
        if values:
            kept.setlist(parameter, values)
    return kept


def address(query: QueryDict, changes: Mapping[str, str | None]) -> str:
    """The query, changed, as a relative address: `?…`, or `?` alone when nothing is left of it."""
    changed = query.copy()
    for parameter, value in changes.items():
        if value is None:
            changed.pop(parameter, None)
        else:
            changed[parameter] = value
    return f"?{changed.urlencode()}"


def without(query: QueryDict, parameter: str, value: str) -> str:
    """The query without one value of a repeated parameter, as a relative address."""
    changed = query.copy()
    changed.setlist(parameter, [other for other in query.getlist(parameter) if other != value])
    return f"?{changed.urlencode()}"


def asked_from(page: ListPage[Any], data: QueryDict) -> tuple[Asked, tuple[str, ...]]:
    """The question that an address asks, and a sentence for each part of it that was left out.

    The statements of `page.spot` where a radius or the order of distance needs the middle of a place, else none.
    """
    query = query_of(page, data)
    left: list[str] = []
    if len(data.get("q", "")) > LONGEST["q"]:
        left.append(_("Votre recherche est longue : seuls ses 200 premiers signes sont lus."))
    place = query.get("ou", "")
    near, radius = _near(query, left), _radius(query, left)
    if near is None and place and (radius or _wants(page, query) == "near"):
        middle = page.spot(place).middle if page.spot else None
        if middle is None:
            left.append(
                _("Le centre de « %(place)s » est inconnu : la distance est laissée de côté.") % {"place": place}
            )
        else:
            near = Near(*middle, 1000.0 * (radius or RADII[-1]))
            # A radius goes beyond the place; the order of distance alone stays in it.
            if radius:
                place = ""
            else:
                left.append(_("Rangé par distance : ce dont le lieu exact est inconnu n’est pas montré."))
    sort = _sort(page, query, bool(near), left)
    return Asked(
        words=query.get("q", ""),
        place=place,
        facets={
            facet.name: frozenset(query.getlist(facet.parameter)) for facet in page.facets if facet.parameter in query
        },
        flags=frozenset(flag.name for flag in page.flags if flag.parameter in query),
        near=near,
        box=_box(query, left),
        sort=sort,
    ), tuple(left)


def page_number(data: QueryDict) -> int:
    """The page asked, from 1 to the deepest; 1 for whatever is no number."""
    written = data.get("page", "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 1
    return max(1, min(number, DEEPEST // PAGE_SIZE))


def _text(value: str, longest: int) -> str:
    """The words alone: what cannot be printed (controls, marks that turn the direction of text) becomes a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value[: longest * 4]).split())[:longest]


def _numbers(written: str, count: int) -> tuple[float, ...] | None:
    """The finite numbers of « 4.39,45.44 »; None when it is anything else."""
    try:
        found = tuple(float(part) for part in written.split(","))
    except ValueError:
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


def _on_earth(lon: float, lat: float) -> bool:
    """Whether a point may be somewhere; (0, 0) is what is written for « unknown » (domain L5)."""
    return abs(lon) <= 180 and abs(lat) <= 90 and (abs(lon) > 1e-6 or abs(lat) > 1e-6)


def _near(query: QueryDict, left: list[str]) -> Near | None:
    if "pres" not in query:
        return None
    point = _numbers(query.get("pres", ""), 2)
    if point is None or not _on_earth(*point):
        left.append(_("La position demandée n’existe pas : elle est laissée de côté."))
        return None
    lon, lat = point
    return Near(lon, lat, 1000.0 * (_radius(query, []) or RADIUS))


def _radius(query: QueryDict, left: list[str]) -> int | None:
    written = query.get("rayon", "")
    if not written:
        return None
    if written in map(str, RADII):
        return int(written)
    left.append(_("Ce rayon n’est pas proposé : il est laissé de côté."))
    return None


def _box(query: QueryDict, left: list[str]) -> Box | None:
    if "boite" not in query:
        return None
    sides = _numbers(query.get("boite", ""), 4)
    if sides is not None:
        west, south, east, north = sides
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return Box(west, south, east, north)
    left.append(_("Le cadre demandé sur la carte n’existe pas : il est laissé de côté."))
    return None


def _wants(page: ListPage[Any], query: QueryDict) -> str:
    """What the order asked needs."""
    return next((sort.needs for sort in page.sorts if sort.value == query.get("tri", "")), "")


def _sort(page: ListPage[Any], query: QueryDict, near: bool, left: list[str]) -> str:
    if "tri" not in query:
        return ""
    chosen = next((sort for sort in page.sorts if sort.value == query["tri"]), None)
    if chosen is None:
        left.append(_("Cet ordre n’existe pas : la liste garde le sien."))
        return ""
    met = {"": True, "words": "q" in query, "near": near}[chosen.needs]
    return chosen.code if met else ""
