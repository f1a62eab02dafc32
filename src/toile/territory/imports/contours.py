"""Contours and centres of communes: GeoJSON FeatureCollections with a `code` in their properties."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ..geometry import BadPolygon, read_polygon
from .report import Refusal
from .source import SourceRefused, read_json

CODE_KEYS = ("code", "code_insee", "codgeo", "insee", "INSEE_COM", "codeCommune")


@dataclass(slots=True)
class Contours:
    """The polygons of a file, by the code it gives them, in its order."""

    polygons: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    read: int = 0


def read_contours(reference: str | os.PathLike[str]) -> Contours:
    """Read a GeoJSON FeatureCollection (RFC 7946: WGS84, longitude first) of a file or an address.

    A feature without a code or a usable polygon is refused with its place. Raises `SourceRefused` for another file.
    """
    found = read_json(reference)
    features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise SourceRefused(
            _("« %(reference)s » n’est pas une FeatureCollection GeoJSON.") % {"reference": os.fspath(reference)}
        )
    contours = Contours(read=len(features))
    for line, feature in enumerate(features, 1):
        code = _code(feature)
        if code is None or code in contours.polygons:
            reason = "sans code de commune" if code is None else f"{code} : déjà donné plus haut"
            contours.refused.append(Refusal(line, "code", reason))
            continue
        try:
            contours.polygons[code] = read_polygon(feature)
        except BadPolygon as error:
            contours.refused.append(Refusal(line, "geometry", error.message))
    return contours


def _code(feature: Any) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    return next((str(properties[key]) for key in CODE_KEYS if properties.get(key)), None)
