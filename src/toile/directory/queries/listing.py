"""The public list: rows, facets whose counts leave out their own filter, and counts by commune."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, CharField, Count, F, IntegerField, Prefetch, Q, Value, When
from django.db.models.functions import Cast

from toile.directory.models import Approval, Organisation
from toile.directory.models.organisations import Organisations, Stage, Whereabouts
from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.fold import fold
from toile.kernel.readers import Reader

PAGE_SIZE = 20
DEEPEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked of the list; empty means nothing asked, never a default written out.

    words: folded words to find, all of them. communes, families, activities, sizes, approvals, stages, verdicts: values
    of the facets. area: communes of the place asked; inside: organisations in its polygon; None when no place was
    asked. everywhere: also what is not on the home territory.
    """

    words: tuple[str, ...] = ()
    communes: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    approvals: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    verdicts: frozenset[str] = frozenset()
    area: frozenset[str] | None = None
    inside: frozenset[UUID] | None = None
    everywhere: bool = False
    sort: str = "name"


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search, at most 12 of them, each once."""
    return tuple(dict.fromkeys(fold(text).split()))[:12]


def _sizes(chosen: frozenset[str]) -> Q:
    bands = [band for size in chosen for band in SIZE_CLASSES.get(size, ())]
    return Q(staff_band__in=bands)


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


SHOWN: Final = (
    "name", "description", "display_class", "ess_rule", "ess_verdict", "stage", "whereabouts", "invention",
    "staff_band", "canonical", "main__city", "main__commune__name",
)  # fmt: skip
"""What one line of the list is made of."""
SEVERAL: Final = frozenset({"activities", "approvals"})
"""The facets of which an organisation may have several values."""


def _having(path: str, chosen: frozenset[str]) -> Any:
    return Organisation.objects.filter(**{f"{path}__in": chosen}).values("pk")


def base(reader: Reader, asked: Asked) -> Organisations:
    """What the reader may see of what was asked, facets aside."""
    rows = Organisation.objects.visible_to(reader).structures()
    if not asked.everywhere:
        rows = rows.filter(whereabouts=Whereabouts.INSIDE)
    if not asked.verdicts:
        rows = rows.filter(listed=True)
    if not asked.stages:
        rows = rows.exclude(stage=Stage.CEASED)
    for word in asked.words:
        rows = rows.filter(folded__contains=word)
    if asked.area is not None:
        rows = rows.filter(main__commune__in=asked.area)
    return rows if asked.inside is None else rows.filter(pk__in=asked.inside)


def matching(reader: Reader, asked: Asked, *, without: str = "") -> Organisations:
    """The rows that match, leaving out the facet `without`."""
    return _narrowed(base(reader, asked), asked, without)


def _narrowed(rows: Organisations, asked: Asked, without: str = "") -> Organisations:
    for name, (_path, condition) in FACETS.items():
        chosen: frozenset[str] = getattr(asked, name)
        if chosen and name != without:
            rows = rows.filter(condition(chosen))
    return rows


def _same_base(one: Asked, other: Asked) -> bool:
    """Whether both ask the same, the facets that `base` leaves aside not counted."""
    return all(
        getattr(one, each.name) == getattr(other, each.name)
        for each in fields(Asked)
        if each.name in ("stages", "verdicts") or each.name not in (*FACETS, "sort")
    )


@dataclass(slots=True)
class Listing:
    """One page of the list, its facets and the total. `facets`: name → value → count."""

    rows: list[Organisation]
    count: int
    total: int
    page: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return min(DEEPEST_PAGE, max(1, -(-self.count // PAGE_SIZE)))


def listing(reader: Reader, asked: Asked, *, page: int = 1) -> Listing:
    """One page: 5 statements at most, whatever the number of rows: facets and counts, rows with their place, approvals.

    A page beyond the last is the last.
    """
    found = base(reader, asked)
    facets = _facets(reader, asked, found)
    count = facets.pop("count")[""]
    total = facets.pop("total")[""]
    page = max(1, min(page, DEEPEST_PAGE, -(-count // PAGE_SIZE) or 1))
    rows = _sorted(_narrowed(found, asked), asked).select_related("main__commune").only(*SHOWN)
    rows = rows.prefetch_related(Prefetch("approvals", Approval.objects.order_by("kind", "source")))
    shown = list(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return Listing(shown, count, total, page, facets)


def _sorted(rows: Organisations, asked: Asked) -> Organisations:
    if asked.sort == "relevance" and asked.words:
        whole = Q(sort_name__startswith=" ".join(asked.words))
        named = Q()
        for word in asked.words:
            named &= Q(sort_name__contains=word)
        nearness = Case(When(whole, then=0), When(named, then=1), default=2, output_field=IntegerField())
        return rows.order_by(nearness, "sort_name", "pk")
    return rows.order_by("sort_name", "pk")


def counted(name: str, rows: Organisations, path: str | None) -> Any:
    """Rows (name, value, number of organisations) for each value at `path`, or in all without one: part of a union."""
    value = Cast(F(path), CharField(max_length=60)) if path else Value("", CharField())
    grouped = rows.order_by().annotate(facet=Value(name, CharField()), value=value).values("facet", "value")
    return grouped.annotate(n=Count("pk", distinct=True)).values_list("facet", "value", "n")


def _facets(reader: Reader, asked: Asked, rows: Organisations) -> dict[str, dict[str, int]]:
    """Every facet's counts, the number found and the number there is, in 2 statements.

    What an organisation has one of is counted together, in one pass over what matches; a facet that was chosen leaves
    out its own filter, and what it has several of is counted apart: those share the second statement.
    """
    matched = _narrowed(rows, asked)
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    together = [name for name in FACETS if name not in SEVERAL and not getattr(asked, name)]
    apart = [name for name in FACETS if name not in together]
    whole = Asked(everywhere=asked.everywhere)
    every = rows if _same_base(asked, whole) else base(reader, whole)
    parts = [counted("total", every, None)] + [
        counted(name, _narrowed(rows, asked, name), FACETS[name][0]) for name in apart
    ]
    count = 0
    paths = ("display_class", *(FACETS[name][0] for name in together))
    for _glyph, *values, n in matched.order_by().values_list(*paths).annotate(n=Count("pk")):
        count += n
        for name, value in zip(together, values, strict=True):
            found[name][value or ""] = found[name].get(value or "", 0) + n
    found |= {"count": {"": count}, "total": {"": 0}}
    for name, value, n in parts[0].union(*parts[1:], all=True):
        found[name][value or ""] = n
    found["sizes"] = _by_size(found["sizes"])
    return found


def _by_size(bands: Mapping[str, int]) -> dict[str, int]:
    return {
        size: counted
        for size, members in SIZE_CLASSES.items()
        if (counted := sum(bands.get(band, 0) for band in members))
    }


def by_commune(reader: Reader) -> dict[str, int]:
    """Listed structures of the home territory by commune, for the home page's map. 1 statement."""
    rows = base(reader, Asked()).order_by().values_list("main__commune_id").annotate(n=Count("pk"))
    return {code: n for code, n in rows if code}


def near(reader: Reader, commune: str, *, limit: int = 4) -> Sequence[Organisation]:
    """Some structures of a commune, for the home page. 1 statement."""
    rows = base(reader, Asked()).filter(main__commune=commune) if commune else base(reader, Asked())
    return list(rows.select_related("main__commune").order_by("sort_name", "pk")[:limit])
