"""Linked tables as arrays: the cells, the sums between them, and the parts that fall into pieces without a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from toile.panorama.rules.secrecy.relations import Relation, is_whole
from toile.panorama.rules.secrecy.rule import Counted, SecrecyRule, margin, primary

K = TypeVar("K", bound=Hashable)
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROOT_PRICE = 1e4
LEVEL_PRICE = 8.0


class Incoherent(ValueError):
    """Parts exceed their total, or tables are not of the same units: they can be neither protected nor published."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a total has beyond its parts: a cell that nobody prints and that everybody can compute."""

    of: Hashable
    number: int


@dataclass(frozen=True)
class Linked(Generic[K]):
    """One set of linked cells; every array has one entry for each of `keys`.

    floor: how far a value can fall before one of those told with it is negative. need: the margin that a hidden value
    must be able to move by, up, and down as far as its floor. price: what hiding it costs the reader. known: False for
    a sum that no cell shows. hidden: secret by itself or not published. wanted: must be protected.
    """

    keys: tuple[Hashable, ...]
    cells: tuple[Counted | None, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    floor: Floats
    need: Floats
    price: Floats
    known: Flags
    hidden: Flags
    wanted: Flags


def linked_tables(counted: Mapping[K, Counted], relations: Iterable[Relation[K]], rule: SecrecyRule) -> list[Linked[K]]:
    """The tables in which something is secret, each whole; cells of no unit are left out: they are publicly zero.

    Raises Incoherent when the parts of a relation exceed their total.
    """
    cells: dict[Hashable, Counted | None] = {key: cell for key, cell in counted.items() if cell.units}
    sums: list[tuple[Hashable, list[Hashable]]] = []
    for number, relation in enumerate(relations):
        parts: list[Hashable] = [part for part in relation.parts if part not in counted or counted[part].units]
        total = counted.get(relation.total)
        known = total is not None and all(part in counted for part in relation.parts)
        rest = _rest(relation, counted) if known else None
        if rest is not None:
            cells[left := Remainder(relation.total, number)] = rest
            parts.append(left)
        if total is None:
            cells.setdefault(relation.total, None)
        if total is None or total.units:
            sums.append((relation.total, parts))
    return [_arrays(keys, cells, own, rule) for keys, own in _pieces(cells, sums) if _anything(keys, cells, rule)]


def _rest(relation: Relation[K], counted: Mapping[K, Counted]) -> Counted | None:
    """What the parts leave of the total; of unknown units, so as secret as one."""
    total, parts = counted[relation.total], [counted[part] for part in relation.parts]
    value, low, high = (
        getattr(total, name) - sum((getattr(part, name) for part in parts), Decimal(0))
        for name in ("value", "floor", "ceiling")
    )
    if min(value, low, high) < 0:
        raise Incoherent(f"{relation.total}: its parts exceed it")
    return Counted(value, 1, value, low, high, published=False) if max(value, low, high) > 0 else None


def _anything(keys: Sequence[Hashable], cells: Mapping[Hashable, Counted | None], rule: SecrecyRule) -> bool:
    return any((cell := cells[key]) is not None and primary(cell, rule) for key in keys)


def _pieces(
    cells: Mapping[Hashable, Counted | None], sums: Sequence[tuple[Hashable, list[Hashable]]]
) -> list[tuple[list[Hashable], list[tuple[Hashable, list[Hashable]]]]]:
    """Cells joined by sums, piece by piece, in the order of the cells."""
    leader: dict[Hashable, Hashable] = {key: key for key in cells}

    def find(key: Hashable) -> Hashable:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for total, parts in sums:
        for part in parts:
            leader[find(part)] = find(total)
    keys: dict[Hashable, list[Hashable]] = defaultdict(list)
    own: dict[Hashable, list[tuple[Hashable, list[Hashable]]]] = defaultdict(list)
    for key in cells:
        keys[find(key)].append(key)
    for total, parts in sums:
        own[find(total)].append((total, parts))
    return [(members, own[top]) for top, members in keys.items()]


def _arrays(
    keys: Sequence[Hashable],
    cells: Mapping[Hashable, Counted | None],
    sums: Sequence[tuple[Hashable, list[Hashable]]],
    rule: SecrecyRule,
) -> Linked[Any]:
    place = {key: number for number, key in enumerate(keys)}
    mine = tuple(cells[key] for key in keys)
    numbered = tuple((place[total], tuple(place[part] for part in parts)) for total, parts in sums)
    secret = np.array([cell is not None and primary(cell, rule) is not None for cell in mine])
    return Linked(
        keys=tuple(keys),
        cells=mine,
        sums=numbered,
        floor=np.array([np.inf if cell is None else float(cell.floor) for cell in mine]),
        need=np.array([0.0 if cell is None else float(margin(cell, rule)) for cell in mine]),
        price=_prices(keys, mine, numbered),
        known=np.array([cell is not None for cell in mine]),
        hidden=secret | np.array([cell is None or not cell.published for cell in mine]),
        wanted=secret,
    )


def _prices(
    keys: Sequence[Hashable], cells: Sequence[Counted | None], sums: Sequence[tuple[int, tuple[int, ...]]]
) -> Floats:
    """What hiding each cell costs: little for a small one, more for each level of sums below it, most for a whole.

    The whole of a territory is one wherever it lies: inside another, its total is still what everybody asks first.
    """
    level, inner = np.zeros(len(cells)), np.zeros(len(cells), dtype=bool)
    for _ in range(4):
        for total, parts in sums:
            level[total] = max(level[total], 1 + max((level[part] for part in parts), default=0))
            inner[list(parts)] = True
    values = np.array([0.0 if cell is None else float(cell.value) for cell in cells])
    # The rank breaks ties, so that equal tables are protected alike whatever the solver does.
    prices = (1 + np.log2(1 + values)) * LEVEL_PRICE ** np.minimum(level, 4)
    whole = (level > 0) & ~inner | np.array([is_whole(key) for key in keys])
    return np.where(whole, ROOT_PRICE, 1) * prices * (1 + 1e-6 * np.arange(len(cells)))
