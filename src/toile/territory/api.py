"""The territory's public API: its communes and its perimeters."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from toile.territory.queries import communes_of_home, perimeters
from toile.territory.queries.boxes import boxes, boxes_of_perimeters

MOST_PERIMETERS: Final = 500

router = Router(tags=["Territoire"])
Bounds = tuple[float, float, float, float]


class CommuneTold(Schema):
    """A present commune of the territory. Null is « unknown »."""

    code: str = Field(description="Code officiel géographique, cinq signes")
    name: str
    postal_codes: list[str]
    population: int | None
    point: tuple[float, float] | None = Field(description="Son centre : longitude, latitude (WGS84)")
    bounds: Bounds | None = Field(description="Ouest, sud, est, nord, là où son contour est connu")


class Communes(Schema):
    """All the communes of the territory, in the French order of names."""

    count: int
    items: list[CommuneTold]


class PerimeterTold(Schema):
    """A named part of the ground: whole communes, a polygon, or both. indicative: no text sets its limit."""

    code: str
    name: str
    aliases: list[str]
    kind: str
    indicative: bool
    definition: str
    source: str
    communes: list[str] = Field(description="Codes des communes entières")
    bounds: Bounds | None = Field(description="Ouest, sud, est, nord, là où tout son sol est connu")


class Perimeters(Schema):
    """The perimeters, at most 500, in the French order of names; `count` says how many there are."""

    count: int
    items: list[PerimeterTold]


@router.get(
    "/communes", response=Communes, url_name="communes", operation_id="communes", summary="Les communes du territoire"
)
def communes(request: HttpRequest) -> Any:
    """Les communes actuelles de l’intercommunalité que sert ce site."""
    found = communes_of_home()
    known = boxes([commune.code for commune in found])
    return {
        "count": len(found),
        "items": [
            {
                "code": commune.code,
                "name": commune.name,
                "postal_codes": commune.postal_codes,
                "population": commune.population,
                "point": (commune.lon, commune.lat) if commune.lon is not None else None,
                "bounds": known.get(commune.code),
            }
            for commune in found
        ],
    }


@router.get(
    "/perimeters",
    response=Perimeters,
    url_name="perimeters",
    operation_id="perimeters",
    summary="Les périmètres nommés",
)
def perimeters_told(request: HttpRequest) -> Any:
    """Les périmètres que le paramètre « ou » connaît : nom, autres noms, communes."""
    every = perimeters()
    found = every[:MOST_PERIMETERS]
    known = boxes_of_perimeters(found)
    return {
        "count": len(every),
        "items": [
            {
                "code": perimeter.code,
                "name": perimeter.name,
                "aliases": perimeter.aliases,
                "kind": perimeter.kind,
                "indicative": perimeter.indicative,
                "definition": perimeter.definition,
                "source": perimeter.source,
                "communes": sorted(commune.code for commune in perimeter.communes.all()),
                "bounds": known.get(perimeter.code),
            }
            for perimeter in found
        ],
    }
