"""An edition told to search engines as a data set (schema.org, as JSON-LD)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from toile.kernel.json_ld import in_script
from toile.kernel.lists.files import as_json
from toile.panorama.models import Edition

LICENCES = {"Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}


def dataset_of(edition: Edition, absolute: Callable[[str], str]) -> SafeString:
    """A `Dataset`: its title, its territory, the year, the version, where to take it. No statement."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": edition.title,
        "description": edition.introduction or edition.title,
        "url": absolute(reverse("panorama:edition", args=[edition.pk])),
        "spatialCoverage": edition.perimeter_name,
        "version": str(edition.version),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": absolute(reverse("api:figures", args=[edition.pk])),
            }
        ],
    }
    licences = {source.get("licence", "") for source in edition.said_of_sources}
    if len(licences) == 1 and (licence := LICENCES.get(licences.pop())):
        told["license"] = licence
    if edition.year:
        told["temporalCoverage"] = f"{edition.year}-12-31"
    if edition.published_at:
        told["datePublished"] = edition.published_at.date().isoformat()
    if edition.publisher:
        told["creator"] = {"@type": "Organization", "name": edition.publisher}
    return in_script(as_json(told))
