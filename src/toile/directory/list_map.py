"""The map of a list of this room, beside its lines: structures, or news where they happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from toile.kernel.lists import Asked, Found
from toile.kernel.lists.declaring import Address
from toile.territory.map_html import list_map_html
from toile.territory.queries import Links, Pin, communes_of_home, list_map

Row = TypeVar("Row", bound=Any)


def map_of(
    found: Found[Row],
    asked: Asked,
    address: Address,
    *,
    name: Callable[[Row], str],
    point: Callable[[Row], tuple[float, float] | None],
    **how: Any,
) -> str:
    """The map of what was found, its pins numbered as the lines: the statements of `list_map`, and 1.

    point: where a row is (longitude, latitude), None when that is not known. how: what else `list_map` takes.
    """
    placed = ((number, row, point(row)) for number, row in enumerate(found.rows, start=1))
    pins = [Pin(number, *at, name(row), row.get_absolute_url()) for number, row, at in placed if at]

    def url(*, box: str | None = None, commune: str | None = None) -> str:
        return address({"commune": commune} if commune else {"boite": box or None, "vue": "carte"})

    drawn = list_map(
        found.groups,
        pins,
        box=asked.box,
        communes=communes_of_home(),
        counts=found.facets.get("communes", {}),
        url=Links(address({}), url),
        found=found.count,
        **how,
    )
    return list_map_html(drawn) if drawn else ""
