"""What a reader asked of a list, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Near:
    """A circle: WGS84 degrees, and metres around them."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the map, in WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Group:
    """Rows gathered on the map: how many, their mean point, and the rectangle that holds them."""

    count: int
    lon: float
    lat: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a list; empty means nothing asked, never a default written out.

    words: as typed. place: « Où ? » as typed. facets: name → values, any of which will do. flags: boxes ticked
    (`everywhere`). near, box: on the map. sort: a code of the list's sorts, empty for its own order.
    """

    words: str = ""
    place: str = ""
    facets: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    flags: frozenset[str] = frozenset()
    near: Near | None = None
    box: Box | None = None
    sort: str = ""

    def chosen(self, facet: str) -> frozenset[str]:
        """The values asked of a facet; empty when it was left alone."""
        return self.facets.get(facet, frozenset())
