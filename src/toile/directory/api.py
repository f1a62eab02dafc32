"""The directory's public API: structures found by the list's own question, one structure, its thread, the facets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from toile.directory.listed import ORGANISATIONS
from toile.directory.models import Organisation
from toile.directory.queries.reuse import Beside, approvals_of, beside, cluster, one, suggested
from toile.directory.rules.accessibility import accessibility_of
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import approval_kind
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.ess import VERDICTS
from toile.directory.rules.sources import SOURCES
from toile.kernel.api import MOST_ROWS, absolute, cursor_for, position_of
from toile.kernel.errors import NotVisible
from toile.kernel.lists.asking import DEEPEST, asked_from, query_of
from toile.kernel.lists.choices import facets_of
from toile.thread.queries import timeline

MOST_FACTS: Final = 50
MOST_VALUES: Final = 200

Value = Annotated[str, Field(max_length=60)]
Values = Annotated[list[Value], Field(max_length=60)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Nombre de structures, 100 au plus")]
Cursor = Annotated[str, Query(max_length=200, description="Le « next » de la réponse précédente, tel quel")]

router = Router(tags=["Structures"])


# --- What is asked ---------------------------------------------------------------------------------------------------


class Question(Schema):
    """The list's question, with the parameters of its page: an address of `/annuaire/` is asked here unchanged."""

    q: str = Field("", max_length=200, description="Mots : nom, sigle, activité, numéro ; fautes de frappe tolérées")
    ou: str = Field("", max_length=100, description="Lieu : commune, quartier, périmètre")
    famille: Values = Field([], description="Codes de familles, voir les facettes")
    commune: Values = Field([], description="Codes de communes (COG)")
    activite: Values = Field([], description="Codes d’activités, voir les facettes")
    taille: Values = Field([], description="Codes de tailles, voir les facettes")
    agrement: Values = Field([], description="Codes d’agréments, voir les facettes")
    etape: Values = Field([], description="Étapes de vie ; sans elle, ce qui a cessé n’est pas donné")
    ess: Values = Field([], description="Appartenance à l’ESS : yes, no ou unknown")
    partout: Literal["", "0", "1"] = Field("", description="1 : aussi hors du territoire")
    sans_point: Literal["", "0", "1"] = Field("", description="1 : seulement celles sans point sur la carte")
    pres: str = Field("", max_length=60, pattern=r"^(-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?)?$", description="lon,lat")
    rayon: Literal["", "1", "2", "5", "10", "20", "50"] = Field("", description="Rayon en kilomètres, avec pres ou ou")
    boite: str = Field(
        "", max_length=120, pattern=r"^(-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3})?$", description="ouest,sud,est,nord"
    )
    tri: Literal["", "pertinence", "distance", "nom"] = Field("", description="Ordre ; par nom si rien n’est dit")


# --- What is answered ------------------------------------------------------------------------------------------------


class Coded(Schema):
    """A code that never changes, and its French label."""

    code: str
    label: str


class Place(Schema):
    """A commune: its code (COG) and its name."""

    code: str
    name: str


class Membership(Schema):
    """Whether it is of the ESS: yes, no or unknown; the rule that says so."""

    verdict: str
    label: str
    rule: str


class ApprovalTold(Schema):
    """An agreement or a label; `until` is its last day, null where unknown."""

    kind: str
    label: str
    until: date | None


class SourceTold(Schema):
    """A source that spoke of it, under which licence, and the last day it did; empty licence: not said."""

    code: str
    label: str
    licence: str
    on: date


class OrganisationTold(Schema):
    """A structure. Null or an empty list is « unknown », never « none »."""

    id: UUID
    url: str = Field(description="Sa page, en français")
    name: str
    legal_name: str | None
    acronym: str | None
    siren: str | None
    sirets: list[str] = Field(description="Établissements ouverts, 20 au plus, siège d’abord")
    rna: str | None
    family: Coded = Field(description="Classe d’affichage")
    ess: Membership
    stage: Coded
    invention: Coded | None = Field(description="Ce qui est inventé ou tiré d’un document, sinon null")
    description: str | None
    legal_form: str | None
    address: str | None
    postal_code: str | None
    city: str | None
    commune: Place | None
    point: tuple[float, float] | None = Field(description="Longitude, latitude (WGS84)")
    distance: float | None = Field(None, description="Mètres depuis le point demandé")
    activities: list[Coded]
    approvals: list[ApprovalTold]
    website: str | None
    opening_hours: str | None = Field(description="Forme d’OpenStreetMap")
    accessibility: dict[str, str]
    changed_at: datetime
    confirmed_on: date | None = Field(description="Dernier jour où elle a répondu que sa fiche est juste")
    sources: list[SourceTold]


class Page(Schema):
    """One page. `next` goes on, null at the end; `remarks`: what of the question was left out, and why."""

    count: int
    limit: int
    next: str | None
    remarks: list[str]
    items: list[OrganisationTold]


class FacetValue(Coded):
    """A value of a facet and how many structures have it, the facet's own filter left out."""

    count: int


class FacetTold(Schema):
    """A facet: the parameter that asks it, its title, its 200 most frequent values, and how many there are."""

    parameter: str
    title: str
    total: int
    values: list[FacetValue]


class Facets(Schema):
    """The facets of a question."""

    count: int
    remarks: list[str]
    facets: list[FacetTold]


class FactTold(Schema):
    """One moment of a structure's thread, its sentence without markup."""

    id: int
    kind: str
    label: str
    sentence: str
    happened_at: datetime
    recorded_at: datetime
    backdated: bool
    fictional: bool


class Thread(Schema):
    """Moments, the latest first; `next` goes on, null at the end."""

    limit: int
    next: str | None
    items: list[FactTold]


class Suggestion(Schema):
    """A structure whose name is being typed."""

    id: UUID
    url: str
    name: str
    acronym: str | None
    commune: str | None


class Suggestions(Schema):
    """At most ten, the nearest first."""

    items: list[Suggestion]


# --- Operations ------------------------------------------------------------------------------------------------------


@router.get(
    "/organisations",
    response=Page,
    url_name="organisations",
    operation_id="organisations",
    summary="Chercher des structures",
)
def organisations(request: HttpRequest, question: Query[Question], limit: Limit = 20, cursor: Cursor = "") -> Any:
    """La question de la page « Annuaire », avec les mêmes paramètres ; à la suite par « next », 10 000 au plus."""
    canonical = query_of(ORGANISATIONS, request.GET).urlencode()
    start = position_of(cursor, canonical)
    asked, remarks = asked_from(ORGANISATIONS, request.GET)
    limit = min(limit, DEEPEST - start)
    found = ORGANISATIONS.find(request.reader, asked, start, limit, whole=True)
    end = start + limit
    more = end < min(found.count, DEEPEST)
    aside = beside(found.rows)
    return {
        "count": found.count,
        "limit": limit,
        "next": cursor_for(canonical, end) if more else None,
        "remarks": remarks,
        "items": [_told(row, aside[row.pk], found.distances.get(row.pk)) for row in found.rows],
    }


@router.get(
    "/organisations/facets", response=Facets, url_name="facets", operation_id="facets", summary="Compter par facette"
)
def facets(request: HttpRequest, question: Query[Question]) -> Any:
    """Les facettes de la même question, chacune comptée sans son propre filtre."""
    asked, remarks = asked_from(ORGANISATIONS, request.GET)
    found = ORGANISATIONS.find(request.reader, asked, 0, 0)
    return {
        "count": found.count,
        "remarks": remarks,
        "facets": [
            {
                "parameter": facet.parameter,
                "title": facet.title,
                "total": len(facet.choices),
                "values": [
                    {"code": choice.value, "label": str(choice.label), "count": choice.count}
                    for choice in facet.choices[:MOST_VALUES]
                ],
            }
            for facet in facets_of(ORGANISATIONS, asked, found.facets)
        ],
    }


@router.get(
    "/organisations/{uuid:pk}",
    response=OrganisationTold,
    url_name="organisation",
    operation_id="organisation",
    summary="Une structure",
    openapi_extra={"responses": {308: {"description": "Réunie à une autre"}}},
)
def organisation(request: HttpRequest, pk: UUID) -> Any:
    """Une structure par son identifiant ; 308 vers celle à laquelle elle a été réunie."""
    found = _found(request, pk)
    if found.canonical_id != found.pk:
        return _moved("api:organisation", found)
    return _told(found, beside([found])[found.pk], None)


@router.get(
    "/organisations/{uuid:pk}/thread",
    response=Thread,
    url_name="thread",
    operation_id="thread",
    summary="Le fil d’une structure",
    openapi_extra={"responses": {308: {"description": "Réunie à une autre"}}},
)
def thread(
    request: HttpRequest,
    pk: UUID,
    limit: Annotated[int, Query(ge=1, le=MOST_FACTS, description="Nombre de faits, 50 au plus")] = 20,
    cursor: Cursor = "",
) -> Any:
    """Ce qui lui est arrivé, du plus récent au plus ancien."""
    found = _found(request, pk)
    if found.canonical_id != found.pk:
        return _moved("api:thread", found)
    before = position_of(cursor, f"thread {pk}") or None
    rows = timeline(request.reader, cluster(found.pk), limit=limit + 1, before=before)
    items = rows[:limit]
    return {
        "limit": limit,
        "next": cursor_for(f"thread {pk}", items[-1].id) if len(rows) > limit else None,
        "items": [
            {
                "id": fact.id,
                "kind": fact.kind,
                "label": str(fact.label),
                "sentence": fact.text,
                "happened_at": fact.happened_at,
                "recorded_at": fact.recorded_at,
                "backdated": fact.is_backdated,
                "fictional": fact.is_fictional,
            }
            for fact in items
        ],
    }


@router.get(
    "/suggest",
    response=Suggestions,
    url_name="suggest",
    operation_id="suggest",
    summary="Proposer des noms pendant la frappe",
)
def suggest(
    request: HttpRequest, q: Annotated[str, Query(max_length=100, description="Le début d’un nom, tel que tapé")]
) -> Any:
    """Dix structures au plus, d’ici et d’ailleurs, dont le nom ressemble à ce qui est tapé."""
    words = asked_from(ORGANISATIONS, request.GET)[0].words
    rows = suggested(request.reader, words) if words else []
    return {
        "items": [
            {
                "id": row.pk,
                "url": absolute(row.get_absolute_url()),
                "name": row.name,
                "acronym": row.acronym or None,
                "commune": row.main.commune.name if row.main and row.main.commune else None,
            }
            for row in rows
        ]
    }


# --- Writing a structure ---------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: UUID) -> Organisation:
    found = one(request.reader, pk)
    if found is None:
        raise NotVisible(_("Aucune structure n’a cet identifiant, ou elle n’est pas ouverte à tous."))
    return found


def _moved(route: str, found: Organisation) -> HttpResponse:
    url = reverse(route, args=[found.canonical_id])
    # Asked again each time: a merge may be taken back.
    return HttpResponsePermanentRedirect(url, preserve_request=True, headers={"Cache-Control": "no-cache"})


def _told(row: Organisation, aside: Beside, distance: float | None) -> dict[str, Any]:
    place = row.main
    known = taxonomy().activities
    return {
        "id": row.pk,
        "url": absolute(row.get_absolute_url()),
        "name": row.name,
        "legal_name": row.legal_name or None,
        "acronym": row.acronym or None,
        "siren": row.siren,
        "sirets": aside.sirets,
        "rna": row.rna or None,
        "family": {"code": row.display_class, "label": _(BY_GLYPH[row.display_class].label_fr)},
        "ess": {"verdict": row.ess_verdict, "label": str(VERDICTS.get(row.ess_verdict, "")), "rule": row.ess_rule},
        "stage": {"code": row.stage, "label": row.get_stage_display()},
        "invention": {"code": row.invention, "label": row.get_invention_display()} if row.invention else None,
        "description": row.description or None,
        "legal_form": row.legal_form or None,
        "address": place.address or None if place else None,
        "postal_code": place.postal_code or None if place else None,
        "city": place.city or None if place else None,
        "commune": {"code": place.commune.code, "name": place.commune.name} if place and place.commune else None,
        "point": ORGANISATIONS.point(row),
        "distance": round(distance, 1) if distance is not None else None,
        "activities": [
            {"code": each.code, "label": _(known[each.code].label_fr)}
            for each in sorted(row.activities.all(), key=lambda each: each.pk)
            if each.code in known
        ],
        "approvals": [
            {"kind": each.kind, "label": approval_kind(each.kind).full, "until": each.until}
            for each in approvals_of(row)
        ],
        "website": row.website or None,
        "opening_hours": place.opening_hours or None if place else None,
        "accessibility": accessibility_of(place.accessibility) if place else {},
        "changed_at": row.changed_at,
        "confirmed_on": aside.confirmed_on,
        "sources": [
            {"code": code, "label": SOURCES[code].label, "licence": SOURCES[code].licence, "on": on}
            for code, on in aside.sources.items()
        ],
    }
