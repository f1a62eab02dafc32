"""The public list of structures: what the index finds, loaded from the database; the database alone when it is away."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Prefetch

from toile.directory.models import Approval, Organisation
from toile.directory.models.organisations import Organisations
from toile.directory.queries import by_database, by_index
from toile.directory.queries.where import Where, where
from toile.kernel.lists import Asked, Found, Group
from toile.kernel.readers import Reader
from toile.kernel.search import IndexUnavailable
from toile.territory.rules.grid import groups_of, level_for

DEEPEST: Final = 10_000
"""Beyond this rank nobody reads a list: they narrow it."""
MOST_CHANGED, AT_ONCE = 20_000, 500
SHOWN: Final = (
    *("name", "description", "display_class", "ess_rule", "ess_verdict", "stage", "whereabouts", "invention"),
    *("staff_band", "changed_at", "canonical", "main__city", "main__commune__name", "main__lon", "main__lat"),
)
"""What one line of the list is made of."""


def find_organisations(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[Organisation]:
    """One page of structures, their facets and totals: 2 statements with the index, 4 without, up to 5 for a place.

    gather: also `groups`, for the map. whole: rows with every column, for exports.
    """
    place = where(asked.place)
    offset = min(offset, DEEPEST)
    level = level_for(asked.box) if gather else None
    try:
        return _by_index(reader, asked, place, offset, limit, level, whole=whole)
    except IndexUnavailable:
        return _by_database(reader, asked, place, offset, limit, level, whole=whole)


def _by_index(
    reader: Reader, asked: Asked, place: Where, offset: int, limit: int, level: int | None, *, whole: bool
) -> Found[Organisation]:
    gathered = "" if level is None else f"cell_{level}"
    hits = by_index.ask(reader, asked, place, gathered=gathered, offset=offset, limit=limit)
    total = hits.count if _is_whole(asked, place) else by_index.count(reader, by_database.unasked(asked))
    # What was closed since the index read it is left out here.
    found = _loaded(Organisation.objects.visible_to(reader).structures().filter(pk__in=hits.ids), whole=whole)
    by_id = {row.pk: row for row in found}
    return Found(
        rows=[by_id[pk] for pk in hits.ids if pk in by_id],
        count=hits.count,
        total=total,
        facets=hits.facets,
        groups=[
            Group(count, lon, lat, (west, south, east, north))
            for count, lon, lat, west, south, east, north in hits.groups.values()
        ],
        distances=hits.distances,
        scores=hits.scores,
    )


def _is_whole(asked: Asked, place: Where) -> bool:
    return by_database.is_unasked(asked, place) and not any(asked.facets.values())


def _by_database(
    reader: Reader, asked: Asked, place: Where, offset: int, limit: int, level: int | None, *, whole: bool
) -> Found[Organisation]:
    base = by_database.base(reader, asked, place)
    facets = by_database.facets(reader, asked, place, base)
    count, total = facets.pop("count")[""], facets.pop("total")[""]
    matched = by_database.narrowed(base, asked)
    distances = by_database.distances(asked.near) if asked.near else {}
    if asked.sort == "distance" and asked.near:
        held = set(matched.values_list("pk", flat=True))
        ids = [pk for pk in distances if pk in held][offset : offset + limit]
        by_id = {row.pk: row for row in _loaded(matched.filter(pk__in=ids), whole=whole)}
        rows = [by_id[pk] for pk in ids if pk in by_id]
    else:
        rows = list(_loaded(by_database.ordered(matched, asked), whole=whole)[offset : offset + limit])
    return Found(
        rows=rows,
        count=count,
        total=total,
        facets=facets,
        groups=() if level is None else groups_of(by_database.points(matched), level),
        distances=distances,
        tolerant=False,
    )


def _loaded(rows: Organisations, *, whole: bool) -> Organisations:
    """The rows with their place and approvals; every column and activity when `whole`. 2 statements, 3 when whole."""
    approvals = Prefetch("approvals", Approval.objects.order_by("kind", "source"))
    if whole:
        return rows.select_related("main__commune").prefetch_related(approvals, "activities")
    return rows.select_related("main__commune").only(*SHOWN).prefetch_related(approvals)


def newer_organisations(
    reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int
) -> Sequence[Organisation]:
    """Structures of the question that last changed after `since`, no later than `until`, the latest first.

    Looked for by 500 among the 20,000 last changed: 2 or 3 statements a turn, usually one turn, and 2 at the end.
    """
    place = where(asked.place)
    changed = Organisation.objects.visible_to(reader).structures().filter(changed_at__gt=since)
    if until is not None:
        changed = changed.filter(changed_at__lte=until)
    latest = changed.order_by("-changed_at", "pk").values_list("pk", flat=True)
    kept: list[UUID] = []
    for start in range(0, MOST_CHANGED, AT_ONCE):
        some = list(latest[start : start + AT_ONCE])
        among = frozenset(some) if place.only is None else frozenset(some) & place.only
        held = _held(reader, asked, Where(place.label, place.communes, among))
        kept += [pk for pk in some if pk in held]
        if len(some) < AT_ONCE or len(kept) >= limit:
            break
    rows = _loaded(Organisation.objects.visible_to(reader).filter(pk__in=kept[:limit]), whole=False)
    by_id = {row.pk: row for row in rows}
    return [by_id[pk] for pk in kept[:limit] if pk in by_id]


def _held(reader: Reader, asked: Asked, among: Where) -> Set[UUID]:
    try:
        return set(by_index.ask(reader, asked, among, limit=AT_ONCE).ids)
    except IndexUnavailable:
        return set(by_database.matching(reader, asked, among).values_list("pk", flat=True))


def by_commune(reader: Reader) -> dict[str, int]:
    """Listed structures of the home territory by commune, for the home page's map. 1 statement."""
    rows = by_database.base(reader, Asked()).order_by().values_list("main__commune_id").annotate(n=Count("pk"))
    return {code: n for code, n in rows if code}


def near(reader: Reader, commune: str, *, limit: int = 4) -> Sequence[Organisation]:
    """Some structures of a commune, for the home page. 1 statement."""
    rows = by_database.base(reader, Asked())
    if commune:
        rows = rows.filter(main__commune=commune)
    return list(rows.select_related("main__commune").order_by("sort_name", "pk")[:limit])
