"""The panorama's public API: the indicators, the editions published, the figures of one of them page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from toile.kernel.api import MOST_ROWS, BadParameter, absolute, cursor_for, position_of
from toile.kernel.errors import NotVisible
from toile.kernel.figures import Figure, FigureSource
from toile.panorama.models import Edition
from toile.panorama.queries.editions import correction_of, public_editions
from toile.panorama.queries.figures import AXES, as_figures, rows_of, sources_of
from toile.panorama.rules.indicators import Indicator
from toile.panorama.rules.indicators import indicators as declared

DEEPEST: Final = 100_000
"""How far in the figures of one edition the cursor goes."""

Code = Annotated[str, Field(max_length=60)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Nombre d’éléments, 100 au plus")]
Cursor = Annotated[str, Query(max_length=200, description="Le « next » de la réponse précédente, tel quel")]

router = Router(tags=["Panorama"])


class FigureQuestion(Schema):
    """Which figures: without a parameter, all; « * » on an axis, all but the total; « - », the total alone."""

    indicator: Code = Field("", description="Code d’un indicateur")
    perimeter: Code = Field("", description="Code du territoire : un de ceux que donne l’édition")
    commune: Code = Field("", description="Code d’une commune (COG), « * » ou « - »")
    family: Code = Field("", description="Code d’une famille, « * » ou « - »")
    sector: Code = Field("", description="Section NAF ou secteur de l’ESS, « * » ou « - »")
    size: Code = Field("", description="Tranche d’effectif, « * » ou « - »")


class IndicatorTold(Schema):
    """An indicator, as it is declared once for pages, documents and programs."""

    code: str
    name: str
    definition: str
    unit: str
    kind: str = Field(description="count : compté ; estimate : estimé ; share, ratio : rapporté ; context : reçu")
    formula: str
    axes: list[str] = Field(description="Selon quoi il est détaillé")
    limits: list[str]


class Indicators(Schema):
    """All the indicators."""

    count: int
    items: list[IndicatorTold]


class FigureSourceTold(Schema):
    """Where figures come from. simulated: invented data."""

    title: str
    publisher: str
    vintage: str
    url: str
    licence: str
    checksum: str = Field(description="SHA-256 du fichier reçu, vide s’il n’y en a pas")
    simulated: bool


class EditionTold(Schema):
    """An edition: its figures never change; a correction is another edition, that `replaced_by` names."""

    id: UUID
    url: str = Field(description="Sa page, en français")
    kind: str = Field(description="own : calculée ici ; theirs : publiée par d’autres, comme ils l’ont dit")
    title: str
    publisher: str
    perimeter: str
    perimeter_name: str
    compared: list[str] = Field(description="Codes des territoires mis à côté")
    year: int | None = Field(description="Année du 31 décembre observé, null si le document n’est pas daté")
    vintage: str
    version: int
    published_at: datetime | None
    replaced_by: UUID | None
    erratum: str = Field(description="Ce que cette version corrige, vide si rien")
    simulated: bool
    contradictions: list[str]
    checksum: str
    sources: list[FigureSourceTold]


class Editions(Schema):
    """Editions, the latest year first; `next` goes on, null at the end."""

    count: int
    limit: int
    next: str | None
    items: list[EditionTold]


class FigureTold(Schema):
    """A figure. An empty axis means « all ». Hidden and unknown ones have no value, and `because` says why."""

    indicator: str
    perimeter: str
    commune: str
    family: str
    sector: str
    size: str
    year: int
    unit: str
    low: float | None
    value: float | None
    high: float | None
    status: str = Field(description="ok, hidden (secret statistique) ou unknown (inconnu)")
    because: str
    sources: list[int] = Field(description="Rangs dans les sources de l’édition, à partir de 0")
    query: str = Field(description="Nom de la requête qui le recalcule, sur la page de méthode")


class Figures(Schema):
    """One page of figures; `next` goes on, null at the end."""

    count: int
    limit: int
    next: str | None
    simulated: bool
    items: list[FigureTold]


@router.get(
    "/indicators",
    response=Indicators,
    url_name="indicators",
    operation_id="indicators",
    summary="Les indicateurs du panorama",
)
def indicators(request: HttpRequest) -> Any:
    """Chaque indicateur avec sa définition, sa formule, son unité et ses limites."""
    return {"count": len(declared()), "items": [_indicator(each) for each in declared().values()]}


@router.get(
    "/editions", response=Editions, url_name="editions", operation_id="editions", summary="Les éditions publiées"
)
def editions(request: HttpRequest, limit: Limit = 20, cursor: Cursor = "") -> Any:
    """Calculées ici ou publiées par d’autres, corrigées comprises, l’année la plus récente d’abord."""
    start, found = position_of(cursor, "panorama editions"), public_editions().select_related("replaced_by")
    count, rows = found.count(), list(found[start : start + limit])
    more = start + limit < count
    return {
        "count": count,
        "limit": limit,
        "next": cursor_for("panorama editions", start + limit) if more else None,
        "items": [_edition(each) for each in rows],
    }


@router.get(
    "/editions/{uuid:pk}/figures",
    response=Figures,
    url_name="figures",
    operation_id="figures",
    summary="Les chiffres d’une édition",
)
def figures(
    request: HttpRequest, pk: UUID, question: Query[FigureQuestion], limit: Limit = 100, cursor: Cursor = ""
) -> Any:
    """Les chiffres d’une édition publiée, avec leur intervalle ; à la suite par « next »."""
    edition = public_editions().filter(pk=pk).first()
    if edition is None:
        raise NotVisible(_("Cette édition n’existe pas, ou n’est pas encore publiée."))
    if "\0" in "".join(question.dict().values()):
        raise BadParameter("indicator", _("Ce texte ne peut pas être un code."))
    canonical = f"{pk} {sorted(question.dict().items())}"
    start = position_of(cursor, canonical)
    rows = rows_of(edition, **_kept(question))
    for axis, value in _marks(question).items():
        rows = rows.exclude(**{axis: ""}) if value == "*" else rows.filter(**{axis: ""})
    count, end = rows.count(), start + limit
    return {
        "count": count,
        "limit": limit,
        "next": cursor_for(canonical, end) if end < min(count, DEEPEST) else None,
        "simulated": edition.simulated,
        "items": [_figure(each, sources_of(edition)) for each in as_figures(edition, rows[start:end])],
    }


def _kept(question: FigureQuestion) -> dict[str, str]:
    """The axes asked by one value."""
    return {axis: value for axis, value in question.dict().items() if value and value not in ("*", "-")}


def _marks(question: FigureQuestion) -> dict[str, str]:
    """The axes asked by « all but the total » or « the total »; an indicator has neither."""
    return {axis: value for axis, value in question.dict().items() if axis in AXES and value in ("*", "-")}


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": _(one.name_fr),
        "definition": _(one.definition_fr),
        "unit": one.unit,
        "kind": one.kind,
        "formula": _(one.formula_fr),
        "axes": list(one.axes),
        "limits": [_(limit) for limit in one.limits_fr],
    }


def _edition(one: Edition) -> dict[str, Any]:
    replaced_by = correction_of(one)
    return {
        "id": one.pk,
        "url": absolute(reverse("panorama:edition", args=[one.pk])),
        "kind": one.kind,
        "title": one.title,
        "publisher": one.publisher,
        "perimeter": one.perimeter,
        "perimeter_name": one.perimeter_name,
        "compared": one.compared,
        "year": one.year,
        "vintage": one.vintage,
        "version": one.version,
        "published_at": one.published_at,
        "replaced_by": replaced_by.pk if replaced_by else None,
        "erratum": one.erratum,
        "simulated": one.simulated,
        "contradictions": one.contradictions,
        "checksum": one.checksum,
        "sources": [_source(each) for each in sources_of(one)],
    }


def _source(one: FigureSource) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FigureSourceTold.model_fields}


def _figure(one: Figure, sources: list[FigureSource]) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        **one.cell._asdict(),
        "unit": one.unit,
        "low": one.low,
        "value": one.value,
        "high": one.high,
        "status": one.status.value,
        "because": one.because,
        "sources": [sources.index(each) for each in one.sources],
        "query": one.query,
    }
