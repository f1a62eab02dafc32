"""The public API, version 1: each room's router under one address, one OpenAPI document, and the page that tells it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.directory.api import router as directory
from toile.directory.rules.sources import SOURCES
from toile.kernel.api import FRESH_SECONDS, MOST_ROWS, ROOT, PublicAPI, absolute
from toile.kernel.lists.asking import DEEPEST
from toile.panorama.api import router as panorama
from toile.territory.api import router as territory

api: Final = PublicAPI(
    title="Toile",
    version="v1",
    description=(
        "Les structures de l’économie sociale et solidaire d’un territoire, ses communes, ses périmètres, ses chiffres."
        " Lecture seule, sans clé. Chaque structure dit de quelles sources elle vient, et sous quelle licence."
    ),
)
api.add_router("", directory)
api.add_router("", territory)
api.add_router("/panorama", panorama)

EXAMPLES: Final = (
    (_("Vingt structures du territoire, par nom"), "organisations"),
    (_("Celles qui parlent de réemploi, dix à la fois"), "organisations?q=r%C3%A9emploi&limit=10"),
    (_("Les associations en activité"), "organisations?famille=association&etape=active"),
    (_("À moins de deux kilomètres d’un point, de la plus proche à la plus lointaine"),
     "organisations?pres=4.39,45.44&rayon=2&tri=distance"),
    (_("Les facettes et leurs codes"), "organisations/facets"),
    (_("Des noms pendant la frappe"), "suggest?q=ate"),
    (_("Les communes du territoire"), "communes"),
    (_("Les périmètres que le paramètre « ou » connaît"), "perimeters"),
)  # fmt: skip
"""What the page shows to try, and a test asks: a sentence, and an address after `/api/v1/`."""


def reuse(request: HttpRequest) -> HttpResponse:
    """`/api/`: what can be reused, under which licence, how to ask, within which bounds. No statement of its own."""
    document = api.get_openapi_schema()
    context: dict[str, Any] = {
        "root": absolute(ROOT),
        "openapi": absolute(reverse("api:openapi-json")),
        "examples": [(told, absolute(ROOT + address)) for told, address in EXAMPLES],
        "operations": [
            {
                "path": path,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": ", ".join(each["name"] for each in operation["parameters"] if each["in"] == "query"),
            }
            for path, operations in document["paths"].items()
            for operation in operations.values()
        ],
        "sources": sorted(SOURCES.values(), key=lambda source: -source.rank),
        "most": MOST_ROWS,
        "deepest": DEEPEST,
        "pace": settings.TOILE_API_PER_MINUTE,
        "fresh": FRESH_SECONDS,
    }
    return render(request, "directory/reuse.html", context)
