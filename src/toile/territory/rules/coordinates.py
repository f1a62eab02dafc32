"""Coordinates: missing, plausible or suspicious (domain L5)."""

from __future__ import annotations

import math
from enum import StrEnum

BOXES: dict[str, tuple[float, float, float, float]] = {
    "métropole": (-5.3, 41.2, 9.7, 51.2),
    "Guadeloupe, Saint-Martin, Saint-Barthélemy": (-63.2, 15.7, -60.9, 18.2),
    "Martinique": (-61.3, 14.3, -60.7, 15.0),
    "Guyane": (-54.7, 2.0, -51.5, 6.0),
    "La Réunion": (55.1, -21.5, 55.9, -20.8),
    "Mayotte": (44.9, -13.1, 45.4, -12.5),
    "Saint-Pierre-et-Miquelon": (-56.6, 46.6, -56.0, 47.2),
    "Wallis-et-Futuna": (-178.4, -14.5, -176.0, -13.1),
    "Polynésie française": (-155.0, -28.0, -134.0, -7.5),
    "Nouvelle-Calédonie": (158.0, -23.0, 172.2, -17.5),
}
"""West, south, east, north of each part of France, in degrees, rounded outwards."""


class Place(StrEnum):
    """What a pair of coordinates is worth."""

    MISSING = "missing"
    FRANCE = "france"
    SUSPICIOUS = "suspicious"


def judge(lon: float | None, lat: float | None) -> Place:
    """(0, 0) and blanks are missing; outside France's boxes is suspicious, to be checked, never an error (L5)."""
    if lon is None or lat is None or (lon == 0 and lat == 0):
        return Place.MISSING
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return Place.MISSING
    inside = any(w <= lon <= e and s <= lat <= n for w, s, e, n in BOXES.values())
    return Place.FRANCE if inside else Place.SUSPICIOUS
