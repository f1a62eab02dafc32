"""The communes around one, for a small map of where something is."""

from __future__ import annotations

from ..models import Commune
from .home import communes_of_home


def communes_around(commune: Commune, *, count: int = 14) -> list[Commune]:
    """The commune and its nearest neighbours at home; alone when it is elsewhere or has no centre. 1 query."""
    home = communes_of_home()
    if commune.lon is None or commune.lat is None or commune not in home:
        return [commune]
    lon, lat = commune.lon, commune.lat

    def distance(other: Commune) -> float:
        if other.lon is None or other.lat is None:
            return float("inf")
        # A degree of longitude is about 0.7 of a degree of latitude in France.
        return ((other.lon - lon) * 0.7) ** 2 + (other.lat - lat) ** 2

    return sorted(home, key=lambda other: (distance(other), other.code))[:count]
