"""What rooms above count in each commune: the territory lists it without knowing what it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from toile.kernel.readers import Reader


@dataclass(frozen=True, slots=True)
class CommuneCounter:
    """A count by commune that a room offers.

    count: (reader, codes) -> code -> number, 0 for those it leaves out; how many queries it makes is the room's own.
    url: the page that lists what was counted in a commune. singular, plural: what is counted, « structure ».
    """

    singular: str
    plural: str
    count: Callable[[Reader, Collection[str]], Mapping[str, int]]
    url: Callable[[str], str]


_counters: list[CommuneCounter] = []


def register_commune_counter(counter: CommuneCounter) -> CommuneCounter:
    """Offer the count that the pages of the territory show; the last one registered is shown."""
    _counters[:] = [counter]
    return counter


def commune_counter() -> CommuneCounter | None:
    """The count to show, or None while no room offers one."""
    return _counters[0] if _counters else None
