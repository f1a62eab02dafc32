"""Two people who change one page at the same time: on which fields they meet, where each change stands by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toile.directory.rules.undoing import unit_of


def same(one: object, other: object) -> bool:
    """Whether two values of a field say the same: an empty text is no value, the order of a list says nothing."""
    if isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) == set(map(str, other))
    return (one or "") == (other or "")


def meeting(seen: Mapping[str, Any], now: Mapping[str, Any], mine: Mapping[str, Any]) -> list[str]:
    """The fields that both wrote, each under the name of those it is told with, in the order of `mine`.

    seen: the page as this person read it; now: as it is; mine: what they changed, by field. Nobody is asked about what
    both wrote alike, nor about what one of them only wrote.
    """
    theirs = {unit_of(name) for name, value in now.items() if not same(seen.get(name), value)}
    units: dict[str, bool] = {}
    for name, value in mine.items():
        unit = unit_of(name)
        units[unit] = units.get(unit, False) or not same(value, now.get(name))
    return [unit for unit, differs in units.items() if differs and unit in theirs]
