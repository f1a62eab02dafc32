"""The list's question put to the database: who asks gets exactly what the index would give, to the letter of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from toile.directory.models import Organisation
from toile.directory.models.organisations import Organisations, Stage, Whereabouts
from toile.directory.queries.where import Where
from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.fold import fold
from toile.kernel.lists import Asked, Near
from toile.kernel.readers import Reader
from toile.kernel.sphere import box_around, metres_between

MOST_WORDS: Final = 12
MOST_POINTS: Final = 20_000
EVERYWHERE, UNPLACED = "everywhere", "unplaced"
"""The boxes to tick: also what is elsewhere; only what has no point on the map."""


def _sizes(chosen: frozenset[str]) -> Q:
    return Q(staff_band__in=[band for size in chosen for band in SIZE_CLASSES.get(size, ())])


def _having(path: str, chosen: frozenset[str]) -> Any:
    return Organisation.objects.filter(**{f"{path}__in": chosen}).values("pk")


Condition = Callable[[frozenset[str]], Q]
FACETS: Final[Mapping[str, tuple[str, Condition]]] = {
    "families": ("display_class", lambda chosen: Q(display_class__in=chosen)),
    "communes": ("main__commune_id", lambda chosen: Q(main__commune__in=chosen)),
    "activities": ("activities__code", lambda chosen: Q(pk__in=_having("activities__code", chosen))),
    "sizes": ("staff_band", _sizes),
    "approvals": ("approvals__kind", lambda chosen: Q(pk__in=_having("approvals__kind", chosen))),
    "stages": ("stage", lambda chosen: Q(stage__in=chosen)),
    "verdicts": ("ess_verdict", lambda chosen: Q(ess_verdict__in=chosen)),
}
"""Name of a facet → where its values are, and what choosing some of them asks."""
SEVERAL: Final = frozenset({"activities", "approvals"})
"""The facets of which an organisation may have several values."""


def base(reader: Reader, asked: Asked, place: Where | None = None) -> Organisations:
    """What the reader may see of what was asked, facets aside; `place`: what « Où ? » was read as."""
    rows = Organisation.objects.visible_to(reader).structures()
    if EVERYWHERE not in asked.flags:
        rows = rows.filter(whereabouts=Whereabouts.INSIDE)
    if not asked.chosen("verdicts"):
        rows = rows.filter(listed=True)
    if not asked.chosen("stages"):
        rows = rows.exclude(stage=Stage.CEASED)
    for word in words_of(asked.words):
        rows = rows.filter(folded__contains=word)
    if place is not None and place.communes:
        rows = rows.filter(main__commune__in=place.communes)
    if place is not None and place.only is not None:
        rows = rows.filter(pk__in=place.only)
    if UNPLACED in asked.flags:
        rows = rows.filter(main__lon__isnull=True)
    if asked.box is not None:
        box = asked.box
        rows = rows.filter(main__lon__range=(box.west, box.east), main__lat__range=(box.south, box.north))
    if asked.near is not None:
        rows = rows.filter(pk__in=list(distances(asked.near)))
    return rows


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search, at most 12 of them, each once."""
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def distances(near: Near) -> dict[UUID, float]:
    """Metres from the point to each organisation within the circle, of at most 20,000 looked at. 1 statement."""
    west, south, east, north = box_around(near.lon, near.lat, near.metres)
    placed = Organisation.objects.filter(main__lon__range=(west, east), main__lat__range=(south, north))
    found = {
        pk: metres
        for pk, lon, lat in placed.order_by("pk").values_list("pk", "main__lon", "main__lat")[:MOST_POINTS]
        if lon is not None
        and lat is not None
        and (metres := metres_between(near.lon, near.lat, lon, lat)) <= near.metres
    }
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def narrowed(rows: Organisations, asked: Asked, without: str = "") -> Organisations:
    """`rows` under the chosen facets, leaving out the facet `without`."""
    for name, (_path, condition) in FACETS.items():
        chosen = asked.chosen(name)
        if chosen and name != without:
            rows = rows.filter(condition(chosen))
    return rows


def matching(reader: Reader, asked: Asked, place: Where | None = None) -> Organisations:
    """The rows that match the whole question."""
    return narrowed(base(reader, asked, place), asked)


def ordered(rows: Organisations, asked: Asked) -> Organisations:
    """`rows` by name; by nearness of the words to the name first when relevance is asked."""
    words = words_of(asked.words)
    if words and asked.sort in ("", "relevance"):
        whole = Q(sort_name__startswith=" ".join(words))
        named = Q()
        for word in words:
            named &= Q(sort_name__contains=word)
        nearness = Case(When(whole, then=0), When(named, then=1), default=2, output_field=IntegerField())
        return rows.order_by(nearness, "sort_name", "pk")
    return rows.order_by("sort_name", "pk")


def counted(name: str, rows: QuerySet[Any], path: str | None) -> Any:
    """Rows (name, value, number of rows) for each value at `path`, or in all without one: part of a union."""
    value = Cast(F(path), CharField(max_length=60)) if path else Value("", CharField())
    grouped = rows.order_by().annotate(facet=Value(name, CharField()), value=value).values("facet", "value")
    return grouped.annotate(n=Count("pk", distinct=True)).values_list("facet", "value", "n")


def facets(reader: Reader, asked: Asked, place: Where, rows: Organisations) -> dict[str, dict[str, int]]:
    """Every facet's counts, the number found (`count`) and the number there is (`total`), in 2 statements.

    What an organisation has one of is counted together, in one pass over what matches; a facet that was chosen leaves
    out its own filter, and what it has several of is counted apart: those share the second statement.
    """
    matched = narrowed(rows, asked)
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    together = [name for name in FACETS if name not in SEVERAL and not asked.chosen(name)]
    apart = [name for name in FACETS if name not in together]
    whole = unasked(asked)
    every = rows if is_unasked(asked, place) else base(reader, whole)
    parts = [counted("total", every, None)] + [
        counted(name, narrowed(rows, asked, name), FACETS[name][0]) for name in apart
    ]
    count = 0
    paths = ("display_class", *(FACETS[name][0] for name in together))
    for _glyph, *values, n in matched.order_by().values_list(*paths).annotate(n=Count("pk")):
        count += n
        for name, value in zip(together, values, strict=True):
            if value is not None:
                found[name][value] = found[name].get(value, 0) + n
    found |= {"count": {"": count}, "total": {"": 0}}
    for name, value, n in parts[0].union(*parts[1:], all=True):
        if value is not None:
            found[name][value] = n
    found["sizes"] = by_size(found["sizes"])
    return found


def unasked(asked: Asked) -> Asked:
    """The same question with nothing asked but where to look: the list's whole."""
    return Asked(flags=asked.flags & {EVERYWHERE})


def is_unasked(asked: Asked, place: Where) -> bool:
    """Whether `base` answers as if nothing was asked: facets may narrow it, not those that open it wider."""
    located = place.label or asked.near or asked.box or UNPLACED in asked.flags
    return not (located or words_of(asked.words) or asked.chosen("verdicts") or asked.chosen("stages"))


def by_size(bands: Mapping[str, int]) -> dict[str, int]:
    """Counts by staff band, added up by size class; classes of none left out."""
    return {size: n for size, members in SIZE_CLASSES.items() if (n := sum(bands.get(band, 0) for band in members))}


def points(rows: Organisations) -> Iterable[tuple[float, float]]:
    """The points of the rows that have one, at most 20,000, for a map's groups. 1 statement."""
    located = rows.filter(main__lon__isnull=False).order_by("pk").values_list("main__lon", "main__lat")
    return [(lon, lat) for lon, lat in located[:MOST_POINTS] if lon is not None and lat is not None]
