"""What each page of an edition is made of, read in a known number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString

from toile.kernel.figures import Cell, Figure
from toile.kernel.fold import sort_key
from toile.panorama.models import Edition, Note, Output, Placed
from toile.panorama.rules.drawn import DETAIL, MAPS, linked, of_commune
from toile.territory.queries import commune_names

from .editions import others_of
from .figures import as_figures, rows_of

MOST_COMMUNES: Final = 3_000
"""Communes of one edition that a page offers: more than the largest department has."""


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of an edition: its code, and its name (the code when the territory does not know it)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EditionPage:
    """headline: indicator → figure of the whole perimeter; drawings: key → what was drawn; notes: of the whole."""

    edition: Edition
    headline: Mapping[str, Figure]
    communes: list[Place]
    drawings: Mapping[str, SafeString]
    notes: list[Note]
    outputs: list[Output]
    others: list[Edition]


@dataclass(frozen=True, slots=True)
class CommunePage:
    """here: indicator → figure of the commune; whole: the same for the perimeter; families: jobs by family here."""

    edition: Edition
    place: Place
    here: Mapping[str, Figure]
    whole: Mapping[str, Figure]
    families: list[Figure]
    drawing: SafeString | None
    notes: list[Note]
    outputs: list[Output]


def edition_page(edition: Edition) -> EditionPage:
    """The page of an edition. 7 statements."""
    return EditionPage(
        edition,
        headline_of(edition),
        communes_of_edition(edition),
        drawings_of(edition, (*MAPS, *DETAIL)),
        list(edition.notes.filter(commune="")),
        list(edition.outputs.exclude(key__startswith="a4:")),
        others_of(edition),
    )


def headline_of(edition: Edition, perimeter: str = "") -> dict[str, Figure]:
    """Indicator → figure of the whole of a perimeter (by default the edition's own) in its year. 1 statement."""
    chosen = {"commune": "", "family": "", "sector": "", "size": ""}
    found = rows_of(edition, perimeter=perimeter or edition.perimeter, **chosen).filter(year=edition.year or 0)
    return {figure.indicator: figure for figure in as_figures(edition, found)}


def communes_of_edition(edition: Edition) -> list[Place]:
    """The communes that it has figures of, in the French order of names. 2 statements."""
    rows = edition.values.filter(perimeter=edition.perimeter).exclude(commune="").order_by()
    codes = list(rows.values_list("commune", flat=True).distinct()[:MOST_COMMUNES])
    return places(codes)


def places(codes: Collection[str]) -> list[Place]:
    """Codes of communes with their names, in the French order. 1 statement."""
    names = commune_names(codes)
    return sorted(
        (Place(code, names.get(code, code)) for code in codes), key=lambda place: (sort_key(place.name), place.code)
    )


def drawings_of(edition: Edition, keys: Collection[str]) -> dict[str, SafeString]:
    """Key (`rules.drawn`) → what was drawn at the build, its links in place, in the order asked. 1 statement."""
    placed = Placed.objects.filter(edition=edition, key__in=keys).select_related("fragment")
    found = {each.key: each.fragment.body for each in placed}
    base = reverse("panorama:edition", args=[edition.pk])
    # Safe: the build wrote it from templates.
    return {key: SafeString(linked(found[key], base)) for key in keys if key in found}


def commune_page(edition: Edition, place: Place) -> CommunePage:
    """The sheet of a commune. 6 statements."""
    chosen = {"perimeter": edition.perimeter, "commune": place.code, "sector": "", "size": ""}
    rows = as_figures(edition, rows_of(edition, **chosen).filter(year=edition.year or 0))
    return CommunePage(
        edition,
        place,
        {figure.indicator: figure for figure in rows if not figure.cell.family},
        headline_of(edition),
        [figure for figure in rows if figure.cell.family],
        drawings_of(edition, [of_commune(place.code)]).get(of_commune(place.code)),
        list(edition.notes.filter(commune__in=["", place.code])),
        list(edition.outputs.filter(key=f"a4:{place.code}")),
    )


def compared(edition: Edition, perimeters: Collection[str]) -> dict[str, dict[str, Figure]]:
    """Perimeter → indicator → figure, for the territories set side by side. 1 statement."""
    chosen = {"perimeter": list(perimeters), "commune": "", "family": "", "sector": "", "size": ""}
    found: dict[str, dict[str, Figure]] = {perimeter: {} for perimeter in perimeters}
    for figure in as_figures(edition, rows_of(edition, **chosen).filter(year=edition.year or 0)):
        found[figure.cell.perimeter][figure.indicator] = figure
    return found


def figures_by_sector(edition: Edition) -> dict[tuple[str, Cell], Figure]:
    """The figures of the whole perimeter, and of each sector of it, by indicator and cell. 1 statement."""
    chosen = {"perimeter": edition.perimeter, "commune": "", "family": "", "size": ""}
    found = as_figures(edition, rows_of(edition, **chosen).filter(year=edition.year or 0))
    return {(figure.indicator, figure.cell): figure for figure in found}
