"""The list of structures, declared: its columns, facets and orders, what a line shows, its map."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from toile.directory import listed_letters, listed_news  # noqa: F401 -- declared with the rest
from toile.directory.list_map import map_of
from toile.directory.models import Organisation
from toile.directory.models.organisations import Stage
from toile.directory.permissions import ADD, CAMPAIGN
from toile.directory.queries.exporting import organisations_in_batches
from toile.directory.queries.listing import find_organisations, newer_organisations
from toile.directory.queries.spots import spot
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import ApprovalKind, approval_kind
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.ess import VERDICTS
from toile.directory.rules.staff import SIZE_LABELS, staff_label
from toile.kernel.lists import Asked, Column, Entry, FacetShown, Flag, Found, ListPage, Sort, declare
from toile.kernel.lists.asking import query_of
from toile.kernel.lists.beside import Beside
from toile.kernel.lists.beside import declared as beside_lists
from toile.kernel.lists.declaring import Address, Label, labels_among
from toile.kernel.permissions import holds
from toile.kernel.typography import french_number
from toile.territory.queries import commune_names
from toile.territory.subjects import commune_subject
from toile.thread.follow_block import follow_block

SEVERAL: Final = " ; "
LONGEST: Final = 180
"""Signs of a description that a line shows."""


def _approvals(values: Collection[str]) -> Mapping[str, Label]:
    return {value: approval_kind(value).full for value in values if value}


def _found(count: int, total: int) -> str:
    if not count:
        return _("Aucune structure trouvée sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s structure trouvée sur %(total)s", "%(shown)s structures trouvées sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


class Tagged(NamedTuple):
    """What the tags of a line say, and nothing else of it: so few combinations that each is rendered once."""

    ess_verdict: str
    stage: str
    whereabouts: str
    invention: str
    display_class: str
    approvals: tuple[ApprovalKind, ...]


@lru_cache(maxsize=1024)
def _tags(o: Tagged, language: str | None) -> SafeString:
    shown = {"o": o, "shown_as": BY_GLYPH[o.display_class], "approvals": o.approvals}
    return render_to_string("directory/tags.html", shown)


def _told(row: Organisation) -> Mapping[str, Any]:
    """What a line shows beside the row's own fields."""
    kinds = dict.fromkeys(approval_kind(approval.kind) for approval in row.approvals.all())
    shown = (row.ess_verdict, row.stage, row.whereabouts, row.invention, row.display_class)
    said = row.description
    return {
        "said": said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…",
        "staff": staff_label(row.staff_band) if row.staff_band else "",
        "tags": _tags(Tagged(*shown, tuple(kinds)[:3]), get_language()),
        "title": row.name,
        "note": row.get_invention_display() if row.invention else "",
    }


def _entry(row: Organisation) -> Entry:
    title = f"{row.name} ({row.get_invention_display()})" if row.invention else row.name
    return Entry(row.pk.urn, title, row.get_absolute_url(), row.description, row.changed_at)


def _point(row: Organisation) -> tuple[float, float] | None:
    place = row.main
    return (place.lon, place.lat) if place and place.lon is not None and place.lat is not None else None


def _place(field: str) -> Callable[[Organisation], Any]:
    """The value of a field of its main place; None without a place."""
    return lambda row: getattr(row.main, field) or None if row.main else None


def _commune(field: str) -> Callable[[Organisation], str | None]:
    return lambda row: getattr(row.main.commune, field) if row.main and row.main.commune else None


def _activities(row: Organisation) -> str:
    known = taxonomy().activities
    return SEVERAL.join(known[each.code].label_fr for each in row.activities.all() if each.code in known)


def _kinds(row: Organisation) -> str:
    return SEVERAL.join(dict.fromkeys(approval_kind(approval.kind).full for approval in row.approvals.all()))


def _map(found: Found[Organisation], asked: Asked, address: Address) -> str:
    return map_of(
        found,
        asked,
        address,
        name=lambda row: row.name,
        point=_point,
        title=_("Carte des structures trouvées. Chaque repère et chaque commune est un lien."),
        unplaced_url="" if asked.box else address({"sans_point": "1", "vue": None}),
    )


ORGANISATIONS: Final = declare(
    ListPage(
        code="organisations",
        title=gettext_lazy("Annuaire de l’ESS"),
        route="directory:list",
        file="annuaire-ess",
        columns=[
            Column("nom", gettext_lazy("Structure"), lambda row: row.name, in_table=True),
            Column("famille", gettext_lazy("Famille"), lambda row: BY_GLYPH[row.display_class].label_fr, in_table=True),
            Column("commune", gettext_lazy("Commune"), _commune("name"), in_table=True),
            Column(
                "salaries",
                gettext_lazy("Salariés"),
                lambda row: staff_label(row.staff_band) if row.staff_band else None,
                in_table=True,
            ),
            Column("annee_salaries", gettext_lazy("Année des salariés"), lambda row: row.staff_year),
            Column("description", gettext_lazy("Description"), lambda row: row.description or None),
            Column("activites", gettext_lazy("Activités"), lambda row: _activities(row) or None),
            Column("agrements", gettext_lazy("Agréments et labels"), lambda row: _kinds(row) or None),
            Column("ess", gettext_lazy("Appartenance à l’ESS"), lambda row: VERDICTS.get(row.ess_verdict)),
            Column("etape", gettext_lazy("Étape de vie"), lambda row: row.get_stage_display()),
            Column("nature", gettext_lazy("Réelle ou inventée"), lambda row: row.get_invention_display()),
            Column("forme_juridique", gettext_lazy("Forme juridique"), lambda row: row.legal_form or None),
            Column("siren", gettext_lazy("SIREN"), lambda row: row.siren),
            Column("siret", gettext_lazy("SIRET"), _place("siret")),
            Column("rna", gettext_lazy("Numéro RNA"), lambda row: row.rna or None),
            Column("naf", gettext_lazy("Code NAF"), lambda row: row.naf or None),
            Column("adresse", gettext_lazy("Adresse"), _place("address")),
            Column("code_postal", gettext_lazy("Code postal"), _place("postal_code")),
            Column("code_commune", gettext_lazy("Code de la commune"), _commune("code")),
            Column("longitude", gettext_lazy("Longitude"), lambda row: (_point(row) or (None, None))[0]),
            Column("latitude", gettext_lazy("Latitude"), lambda row: (_point(row) or (None, None))[1]),
            Column("creation", gettext_lazy("Création"), lambda row: row.created_on),
            Column("site", gettext_lazy("Site"), lambda row: row.website or None),
            Column("identifiant", gettext_lazy("Identifiant dans l’annuaire"), lambda row: str(row.pk)),
        ],
        facets=[
            FacetShown(
                "famille",
                "families",
                gettext_lazy("Famille"),
                labels_among({glyph: shown.label_fr for glyph, shown in BY_GLYPH.items()}),
                glyph=True,
            ),
            FacetShown("commune", "communes", gettext_lazy("Commune"), commune_names),
            FacetShown(
                "activite",
                "activities",
                gettext_lazy("Activité"),
                labels_among({code: activity.label_fr for code, activity in taxonomy().activities.items()}),
            ),
            FacetShown(
                "taille", "sizes", gettext_lazy("Taille"), labels_among(SIZE_LABELS), by_count=False, folded=True
            ),
            FacetShown("agrement", "approvals", gettext_lazy("Agrément"), _approvals, folded=True),
            FacetShown("etape", "stages", gettext_lazy("Étape de vie"), labels_among(dict(Stage.choices)), folded=True),
            FacetShown("ess", "verdicts", gettext_lazy("Appartenance à l’ESS"), labels_among(VERDICTS), folded=True),
        ],
        sorts=[
            Sort("relevance", "pertinence", gettext_lazy("pertinence"), needs="words"),
            Sort("distance", "distance", gettext_lazy("distance"), needs="near"),
            Sort("name", "nom", gettext_lazy("nom")),
        ],
        flags=[
            Flag(
                "partout",
                "everywhere",
                gettext_lazy("Chercher partout, pas seulement ici"),
                gettext_lazy("partout, pas seulement ici"),
            ),
            Flag(
                "sans_point",
                "unplaced",
                gettext_lazy("Seulement celles sans point sur la carte"),
                gettext_lazy("sans point sur la carte"),
            ),
        ],
        find=find_organisations,
        newer=newer_organisations,
        batches=organisations_in_batches,
        entry=_entry,
        found=_found,
        point=_point,
        spot=spot,
        draw=_map,
        row_template="directory/row.html",
        told=_told,
        wider={("ess", "unknown"): gettext_lazy("Parmi celles dont l’appartenance à l’ESS est inconnue")},
        schema="Organization",
        hint=gettext_lazy(
            "Écrivez une commune, un quartier ou un périmètre, par exemple « Firminy » ou « Crêt de Roc »."
        ),
        nothing_yet=gettext_lazy("L’annuaire est vide : une personne de l’équipe peut y importer une liste."),
    )
)


def _aside(request: HttpRequest, page: ListPage[Any], words: str) -> dict[str, Any] | None:
    if page is not ORGANISATIONS:
        return None
    asks = holds(request.reader, CAMPAIGN.code)
    campaign = reverse("directory:campaign_new") if asks else ""
    query = query_of(page, request.GET).urlencode()
    return {
        "can_add": holds(request.reader, ADD.code),
        "campaign": f"{campaign}?{query}" if campaign and query else campaign,
    }


def _follow(request: HttpRequest, page: ListPage[Any], words: str) -> dict[str, Any] | None:
    """« Suivre » a commune, beside the list of what is there, when the question names one alone. 2 statements."""
    codes = request.GET.getlist("commune") if page is ORGANISATIONS else []
    # PostgreSQL refuses to be asked about some signs that an address may hold.
    name = commune_names(codes).get(codes[0]) if len(codes) == 1 and codes[0].isalnum() else None
    return {"name": name, "follow": follow_block(request, commune_subject(codes[0]))} if name else None


beside_lists.append(Beside("directory/list_follow.html", _follow, order=40))
beside_lists.append(Beside("directory/list_aside.html", _aside, order=90))
