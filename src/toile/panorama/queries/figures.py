"""Reading the figures of an edition, filtered by their cell, with their sources: never a bare number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db.models import Q, QuerySet

from toile.kernel.figures import Figure, FigureSource
from toile.panorama.models import Edition
from toile.panorama.models import Value as Row

MOST_FIGURES: Final = 20_000
"""Figures that one page or file holds at most."""
BREAKDOWNS: Final = ("commune", "family", "sector", "size")
AXES: Final = ("perimeter", *BREAKDOWNS)

Chosen = str | Collection[str]
"""One value of an axis (an empty text is « all »), or several."""


def sources_of(edition: Edition) -> list[FigureSource]:
    """The sources of its figures, in the order that `Value.sources` counts. No statement."""
    return [FigureSource(**said) for said in edition.said_of_sources]


def rows_of(edition: Edition, **chosen: Chosen) -> QuerySet[Row]:
    """The rows of its figures; chosen: `indicator` or an axis of `AXES` → the value or values kept."""
    rows = edition.values.all()
    for axis, values in chosen.items():
        rows = rows.filter(**({axis: values} if isinstance(values, str) else {f"{axis}__in": values}))
    return rows


def as_figures(edition: Edition, rows: Iterable[Row]) -> list[Figure]:
    """The same rows as figures, which pages and files take."""
    sources, name = sources_of(edition), str(edition.pk)
    return [row.as_figure(sources, name) for row in rows]


def figures_of(edition: Edition, *, start: int = 0, most: int = MOST_FIGURES, **chosen: Chosen) -> list[Figure]:
    """The figures of an edition, in their own order, from `start`. 1 statement."""
    return as_figures(edition, rows_of(edition, **chosen)[start : start + most])


def figures_of_several(editions: Collection[Edition]) -> Mapping[Edition, list[Figure]]:
    """The figures of small editions (those of others), at most 20,000 in all. 1 statement."""
    by_key = {edition.pk: edition for edition in editions}
    found: dict[Edition, list[Row]] = {edition: [] for edition in editions}
    for row in Row.objects.filter(edition__in=by_key)[:MOST_FIGURES]:
        found[by_key[row.edition_id]].append(row)
    return {edition: as_figures(edition, rows) for edition, rows in found.items()}


def values_of_axis(edition: Edition, indicator: str, axis: str) -> list[str]:
    """What an axis holds for an indicator, all included (an empty text), sorted. 1 statement."""
    return sorted(rows_of(edition, indicator=indicator).order_by().values_list(axis, flat=True).distinct())


def indicators_of(edition: Edition) -> list[str]:
    """The codes of the indicators that the edition has figures of, sorted. 1 statement."""
    return sorted(edition.values.order_by().values_list("indicator", flat=True).distinct())


def overview_of(edition: Edition, indicator: str) -> list[Figure]:
    """The figures of an indicator along one axis at a time: cells crossed are left out. 1 statement."""
    alone = Q()
    for kept in BREAKDOWNS:
        alone |= Q(**{axis: "" for axis in BREAKDOWNS if axis != kept})
    own = Q(perimeter=edition.perimeter, year=edition.year or 0) & alone
    total = Q(**dict.fromkeys(BREAKDOWNS, ""))
    return as_figures(edition, rows_of(edition, indicator=indicator).filter(own | total)[:MOST_FIGURES])
