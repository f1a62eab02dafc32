"""The public list, as a list, a table or a map of the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.forms import ListForm
from toile.directory.models.organisations import Stage
from toile.directory.queries.listing import PAGE_SIZE, Asked, Listing, listing
from toile.directory.queries.where import where
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import APPROVALS, approval_kind
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.ess import VERDICTS
from toile.directory.rules.staff import SIZE_LABELS, staff_label
from toile.territory.map_html import map_html
from toile.territory.queries import commune_map, commune_names, communes_of_home

OPEN_VALUES = 7
VIEWS = {"": "list", "carte": "map", "tableau": "table"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: what a box shows and sends."""

    value: str
    label: str
    count: int
    chosen: bool
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its parameter, its title, and its values, the most frequent first."""

    parameter: str
    title: str
    choices: list[Choice]
    folded: bool

    @property
    def shown(self) -> list[Choice]:
        return self.choices[:OPEN_VALUES]

    @property
    def hidden(self) -> list[Choice]:
        return self.choices[OPEN_VALUES:]


def listing_page(request: HttpRequest) -> HttpResponse:
    """`/annuaire/`: what is ESS here, found by words, place and facets; every choice is in the address."""
    form = ListForm(request.GET)
    form.is_valid()
    place = where(form.cleaned_data.get("ou") or "")
    asked = form.asked(request.GET, place)
    found = listing(request.reader, asked, page=form.cleaned_data.get("page") or 1)
    here = communes_of_home()
    names = {commune.code: commune.name for commune in here}
    elsewhere = (found.facets["communes"].keys() | asked.communes) - names.keys() - {""}
    if elsewhere:
        names |= commune_names(elsewhere)
    facets = _facets(found, asked, names)
    address = reverse("directory:list")
    drawn = commune_map(
        found.facets["communes"],
        communes=here,
        url=lambda code: f"{address}?commune={code}",
        title=_("Carte des structures trouvées, par commune. Chaque commune est un lien qui filtre la liste."),
    )
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "asked": asked,
        "facets": facets,
        "place": place,
        "pills": [(facet.parameter, choice) for facet in facets for choice in facet.choices if choice.chosen],
        "page": Paginator(range(found.count), PAGE_SIZE).page(found.page),
        "rows": [_line(row, number) for number, row in enumerate(found.rows, start=1)],
        "view": VIEWS.get(request.GET.get("vue", ""), "list"),
        "map": map_html(drawn) if drawn else "",
    }
    return render(request, "directory/list.html", context)


def _line(row: Any, number: int) -> dict[str, Any]:
    return {
        "organisation": row,
        "number": number,
        "shown_as": BY_GLYPH[row.display_class],
        "staff": staff_label(row.staff_band) if row.staff_band else "",
        "approvals": list(dict.fromkeys(approval_kind(approval.kind) for approval in row.approvals.all()))[:3],
    }


def _approval(code: str, found: Listing) -> str:
    """The label of an approval that is declared or that a structure has; an address may name anything else."""
    return approval_kind(code).full if code in APPROVALS or (code and code in found.facets["approvals"]) else ""


def _facets(found: Listing, asked: Asked, names: dict[str, str]) -> list[Facet]:
    activities = taxonomy().activities
    labels: list[tuple[str, str, str, Any, bool]] = [
        ("famille", "families", _("Famille"), lambda v: BY_GLYPH[v].label_fr if v in BY_GLYPH else "", False),
        ("commune", "communes", _("Commune"), lambda v: names.get(v, ""), False),
        ("activite", "activities", _("Activité"), lambda v: activities[v].label_fr if v in activities else "", False),
        ("taille", "sizes", _("Taille"), lambda v: SIZE_LABELS.get(v, ""), True),
        ("agrement", "approvals", _("Agrément"), lambda v: _approval(v, found), True),
        ("etape", "stages", _("Étape de vie"), lambda v: str(Stage(v).label) if v in Stage.values else "", True),
        ("ess", "verdicts", _("Appartenance à l’ESS"), lambda v: VERDICTS.get(v, ""), True),
    ]
    facets = []
    for parameter, name, title, label, folded in labels:
        chosen = getattr(asked, name)
        counts = found.facets[name] | dict.fromkeys(chosen - found.facets[name].keys(), 0)
        choices = [
            Choice(value, _(label(value)), n, value in chosen, value if name == "families" else "")
            for value, n in counts.items()
            if label(value)
        ]
        if name != "sizes":
            choices.sort(key=lambda choice: (not choice.chosen, -choice.count, choice.label))
        if choices:
            facets.append(Facet(parameter, title, choices, folded and not chosen))
    return facets
