"""The list of news: its question put to the database, since there is no more of it than a database reads at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from toile.directory.models import News, OrganisationActivity
from toile.directory.models.news import NewsItems
from toile.directory.queries.by_database import MOST_POINTS, counted, words_of
from toile.directory.queries.where import Where, where
from toile.kernel.lists import Asked, Found, Near
from toile.kernel.readers import Reader
from toile.kernel.sphere import box_around, metres_between
from toile.territory.rules.grid import groups_of, level_for

CURRENT: Final = "current"
"""The box to tick: only what is not over."""
MOST_STRUCTURES: Final = 60
SHOWN: Final = (
    *("kind", "title", "text", "place", "on", "until", "lon", "lat", "state"),
    *("published_at", "changed_at", "ends_at", "commune__name", "picture"),
    *("organisation__canonical__name", "organisation__canonical__display_class", "organisation__canonical__invention"),
)
"""What a line of the list, and of every file, is made of."""


def _doing(codes: frozenset[str]) -> Q:
    return Q(organisation__canonical__in=OrganisationActivity.objects.filter(code__in=codes).values("organisation"))


def _written_for(chosen: frozenset[str]) -> Q:
    return Q(organisation__canonical__in=[found for one in chosen if (found := _identity(one))])


def _identity(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


Condition = Callable[[frozenset[str]], Q]
FACETS: Final[Mapping[str, tuple[str, Condition]]] = {
    "kinds": ("kind", lambda chosen: Q(kind__in=chosen)),
    "communes": ("commune_id", lambda chosen: Q(commune__in=chosen)),
    "families": (
        "organisation__canonical__display_class",
        lambda chosen: Q(organisation__canonical__display_class__in=chosen),
    ),
    "activities": ("organisation__canonical__activities__code", _doing),
    "structures": ("organisation__canonical", _written_for),
}
"""Name of a facet → where its values are, and what choosing some of them asks."""


def find_news(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[News]:
    """One page of published items, facets and totals: 3 statements, 1 more for the map, for a point, for a place 5.

    gather: also `groups`, for the map. whole: nothing more, a line holds all that the columns read.
    """
    rows, distances = _base(reader, asked, where(asked.place))
    matched = _narrowed(rows, asked)
    facets = _facets(reader, asked, rows)
    count, total = facets.pop("count").get("", 0), facets.pop("total").get("", 0)
    level = level_for(asked.box) if gather else None
    return Found(
        rows=_page(matched, asked, distances, offset, limit),
        count=count,
        total=total,
        facets=facets,
        groups=() if level is None else groups_of(_points(matched), level),
        distances=distances,
    )


def newer_news(reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int) -> Sequence[News]:
    """Items of the question published after `since`, no later than `until`, the latest first: 1 statement, 2 to 6 more
    for a point or a place. A correction is no news: it is not told again."""
    rows, _distances = _base(reader, asked, where(asked.place))
    rows = _narrowed(rows, asked).filter(published_at__gt=since)
    if until is not None:
        rows = rows.filter(published_at__lte=until)
    return list(lines(rows).order_by("-published_at", "pk")[:limit])


def lines(rows: NewsItems) -> NewsItems:
    """The rows with all that a line shows, in the same statement."""
    return rows.select_related("organisation__canonical", "commune", "picture").only(*SHOWN)


def _base(reader: Reader, asked: Asked, place: Where) -> tuple[NewsItems, dict[UUID, float]]:
    """What the reader may see of what was asked, facets aside; metres to each where a point was asked."""
    rows = News.objects.visible_to(reader).online()
    if CURRENT in asked.flags:
        rows = rows.filter(ends_at__gt=timezone.now())
    for word in words_of(asked.words):
        rows = rows.filter(Q(folded__contains=word) | Q(organisation__canonical__sort_name__contains=word))
    if place.communes:
        rows = rows.filter(commune__in=place.communes)
    if place.only is not None:
        rows = rows.filter(organisation__canonical__in=place.only)
    if asked.box is not None:
        box = asked.box
        rows = rows.filter(lon__range=(box.west, box.east), lat__range=(box.south, box.north))
    if asked.near is None:
        return rows, {}
    distances = _distances(rows, asked.near)
    return rows.filter(pk__in=list(distances)), distances


def _distances(rows: NewsItems, near: Near) -> dict[UUID, float]:
    """Metres from the point to each item within the circle, the nearest first. 1 statement."""
    west, south, east, north = box_around(near.lon, near.lat, near.metres)
    placed = rows.filter(lon__range=(west, east), lat__range=(south, north)).order_by("pk")
    found = {
        pk: metres
        for pk, lon, lat in placed.values_list("pk", "lon", "lat")[:MOST_POINTS]
        if lon is not None
        and lat is not None
        and (metres := metres_between(near.lon, near.lat, lon, lat)) <= near.metres
    }
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _narrowed(rows: NewsItems, asked: Asked, without: str = "") -> NewsItems:
    """`rows` under the chosen facets, leaving out the facet `without`."""
    for name, (_path, condition) in FACETS.items():
        chosen = asked.chosen(name)
        if chosen and name != without:
            rows = rows.filter(condition(chosen))
    return rows


def _facets(reader: Reader, asked: Asked, rows: NewsItems) -> dict[str, dict[str, int]]:
    """Every facet's counts, what is found (`count`) and what there is (`total`): 2 statements.

    The structures apart, the 60 that told most: their keys are not written alike by both databases.
    """
    whole = News.objects.visible_to(reader).online()
    parts: Any = [counted("count", _narrowed(rows, asked), None), counted("total", whole, None)]
    parts += [counted(n, _narrowed(rows, asked, n), path) for n, (path, _c) in FACETS.items() if n != "structures"]
    found: dict[str, dict[str, int]] = {name: {} for name in (*FACETS, "count", "total")}
    for name, value, n in parts[0].union(*parts[1:], all=True):
        if value is not None:
            found[name][value] = n
    path = FACETS["structures"][0]
    told = _narrowed(rows, asked, "structures").order_by().values_list(path).annotate(n=Count("pk"))
    found["structures"] = {str(pk): n for pk, n in told.order_by("-n", path)[:MOST_STRUCTURES]}
    return found


def _page(matched: NewsItems, asked: Asked, distances: Mapping[UUID, float], offset: int, limit: int) -> Sequence[News]:
    """One page in the order asked. 1 statement, 2 by distance."""
    if asked.sort == "distance" and asked.near:
        held = set(matched.values_list("pk", flat=True)) if limit else set()
        ids = [pk for pk in distances if pk in held][offset : offset + limit]
        by_id = {row.pk: row for row in lines(matched.filter(pk__in=ids))}
        return [by_id[pk] for pk in ids if pk in by_id]
    order = ("sort_name", "pk") if asked.sort == "name" else ("-published_at", "pk")
    return list(lines(matched).order_by(*order)[offset : offset + limit])


def _points(rows: NewsItems) -> list[tuple[float, float]]:
    """The points of the rows that have one, at most 20,000, for the map's groups. 1 statement."""
    located = rows.filter(lon__isnull=False).order_by("pk").values_list("lon", "lat")
    return [(lon, lat) for lon, lat in located[:MOST_POINTS] if lon is not None and lat is not None]
