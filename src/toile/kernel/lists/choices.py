"""What a list page offers to choose and to take away: facets with their counts, pills, orders, radii."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.kernel.typography import NO_BREAK, french_number

from .asked import Asked
from .asking import RADII, RADIUS, address, without
from .declaring import FacetShown, ListPage, Sort

OPEN_VALUES = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: what a box shows and sends, and the address where it is ticked or no longer."""

    value: str
    label: str
    count: int
    chosen: bool
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its parameter, its title, and its values, those chosen first."""

    parameter: str
    name: str
    title: str
    choices: list[Choice]
    folded: bool

    @property
    def shown(self) -> list[Choice]:
        """The values that are seen at once."""
        return self.choices[:OPEN_VALUES]

    @property
    def hidden(self) -> list[Choice]:
        """The others."""
        return self.choices[OPEN_VALUES:]


@dataclass(frozen=True, slots=True)
class Pill:
    """One thing asked, and the address without it."""

    label: str
    url: str


def facets_of(page: ListPage[Any], asked: Asked, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """The facets that have something to offer. The statements of the facets' labels."""
    shown = (_facet(facet, asked.chosen(facet.name), counts.get(facet.name, {})) for facet in page.facets)
    return [facet for facet in shown if facet.choices]


def _facet(facet: FacetShown, chosen: frozenset[str], counts: Mapping[str, int]) -> Facet:
    values = dict.fromkeys([*counts, *sorted(chosen)])
    labels = facet.labels(values.keys())
    choices = [
        Choice(value, _label(labels, value), counts.get(value, 0), value in chosen, value if facet.glyph else "")
        for value in values
        if value in labels or value in chosen
    ]
    if facet.glyph:
        choices = [Choice(c.value, c.label, c.count, c.chosen, c.glyph if c.value in labels else "") for c in choices]
    if facet.by_count:
        choices.sort(key=lambda choice: (not choice.chosen, -choice.count, choice.label))
    return Facet(facet.parameter, facet.name, str(facet.title), choices, facet.folded and not chosen)


def _label(labels: Mapping[str, Any], value: str) -> str:
    """The label; the value itself between « » where nothing is called so, that it may be seen and taken away."""
    return str(labels[value]) if value in labels else _("« %(value)s », inconnu") % {"value": value}


def pills_of(page: ListPage[Any], query: QueryDict, asked: Asked, facets: list[Facet]) -> list[Pill]:
    """Everything asked, each with the address that no longer asks it."""
    pills = []
    if "q" in query:
        pills.append(Pill(f"«{NO_BREAK}{query['q']}{NO_BREAK}»", address(query, {"q": None})))
    place, near = query.get("ou", ""), asked.near
    if place and near and not asked.place:
        told = _("à moins de %(km)s km de %(place)s") % {"km": round(near.metres / 1000), "place": place}
        pills.append(Pill(told, address(query, {"ou": None, "rayon": None})))
    elif place:
        pills.append(Pill(_("lieu : %(place)s") % {"place": place}, address(query, {"ou": None, "rayon": None})))
    if near and "pres" in query:
        told = _("à moins de %(km)s km de la position choisie") % {"km": round(near.metres / 1000)}
        pills.append(Pill(told, address(query, {"pres": None, "rayon": None})))
    if asked.box:
        pills.append(Pill(_("dans le cadre de la carte"), address(query, {"boite": None})))
    for facet in facets:
        pills += [Pill(c.label, without(query, facet.parameter, c.value)) for c in facet.choices if c.chosen]
    pills += [Pill(str(f.pill), address(query, {f.parameter: None})) for f in page.flags if f.name in asked.flags]
    return pills


def in_words(page: ListPage[Any], query: QueryDict, asked: Asked) -> str:
    """The question in one line, « « réemploi », lieu : Saint-Étienne, En activité »; empty when nothing is asked."""
    return ", ".join(pill.label for pill in pills_of(page, query, asked, facets_of(page, asked, {})))


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a select."""

    value: str
    label: str
    chosen: bool


def orders_of(page: ListPage[Any], query: QueryDict, asked: Asked) -> list[Option]:
    """The orders that mean something for this question; the list's own comes first, under an empty value."""
    offered = [sort for sort in page.sorts if _is_met(sort, query)]
    own = next((sort for sort in offered if sort.needs == "words"), offered[-1] if offered else None)
    return [
        Option("" if sort is own else sort.value, str(sort.label), sort.code == (asked.sort or (own and own.code)))
        for sort in offered
    ]


def _is_met(sort: Sort, query: QueryDict) -> bool:
    return {"": True, "words": "q" in query, "near": "pres" in query or "ou" in query}[sort.needs]


def radii_of(query: QueryDict, asked: Asked) -> list[Option]:
    """The radii, where a point or a place is asked; « dans ce lieu » for a place without one."""
    if "pres" not in query and "ou" not in query:
        return []
    around = "pres" in query
    chosen = query.get("rayon") or (str(RADIUS) if around else "")
    options = [Option(str(km), _("à moins de %(km)s km") % {"km": km}, str(km) == chosen) for km in RADII]
    return options if around else [Option("", _("dans ce lieu"), not (asked.near and not asked.place)), *options]


def distance_words(metres: float) -> str:
    """« à 400 m », « à 1,2 km », « à 11 km »: as precise as the point is worth."""
    if metres < 950:
        return _("à %(n)s m") % {"n": max(50, round(metres / 50) * 50)}
    kilometres = metres / 1000
    return _("à %(n)s km") % {"n": french_number(round(kilometres, 1 if kilometres < 9.95 else None))}


def filters_words(count: int) -> str:
    """« 2 filtres »."""
    return ngettext("%(n)s filtre", "%(n)s filtres", count) % {"n": count}
