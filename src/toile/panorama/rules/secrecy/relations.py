"""Which published cells add up to which others: what a reader can subtract, along every axis and grouping at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Final, Generic, NamedTuple, TypeVar

from toile.kernel.figures import Cell
from toile.panorama.rules.sectors import division_sectors

K = TypeVar("K", bound=Hashable)

AXES: Final = ("commune", "family", "sector", "size")


class Relation(NamedTuple, Generic[K]):
    """A cell that is the sum of others."""

    total: K
    parts: tuple[K, ...]


def relations(
    cells: Iterable[Cell],
    overlaps: Mapping[str, Collection[str]] | None = None,
    nested: Mapping[str, Collection[str]] | None = None,
) -> list[Relation[Cell]]:
    """Every sum that cells of one indicator obey, in a fixed order.

    - along an axis on which a cell is « all »: it is the sum of its parts on this axis; NAF sections and ESS sectors
      are two groupings of the same units, each with its own sum;
    - overlaps: ESS sector → NAF sections that share units with it (those of sectors.toml when not given): the sections
      and sectors that share units with no others add up to the same, even when it is one and one;
    - nested: perimeter → the disjoint perimeters within it (what they leave out is the reader's remainder);
    - a commune is the same cell in every perimeter that shows it.

    A sum that no cell shows is in the relations too (without its cell in `cells`), where several of them share it. Each
    table is given whole: a cell that is not among `cells` has no unit, or the table that has it is not given.
    """
    given = set(cells)
    ordered = sorted(given | {whole for cell in given for whole in _wholes(cell)})
    found = [
        *_along_axes(ordered),
        *_across_groupings(ordered, section_overlaps() if overlaps is None else overlaps),
        *_across_perimeters(ordered, nested or {}),
    ]
    return _telling(list(dict.fromkeys(found)), given)


def _wholes(cell: Cell) -> Iterator[Cell]:
    """The cells that hold this one: « all » on some of its axes."""
    named = [axis for axis in AXES if getattr(cell, axis)]
    for count in range(1, len(named) + 1):
        for axes in combinations(named, count):
            yield _all_on(cell, axes)


def _all_on(cell: Cell, axes: Iterable[str]) -> Cell:
    return cell._replace(**dict.fromkeys(axes, ""))  # type: ignore[arg-type]  # the axes are text, the year is not


def _telling(found: list[Relation[Cell]], given: Collection[Cell]) -> list[Relation[Cell]]:
    """The relations that link cells: one with a sum that nothing else knows says nothing."""
    while True:
        uses = Counter(cell for relation in found for cell in {relation.total, *relation.parts})
        kept = [
            relation
            for relation in found
            if all(cell in given or uses[cell] > 1 for cell in (relation.total, *relation.parts))
        ]
        if len(kept) == len(found):
            return kept
        found = kept


def _along_axes(ordered: list[Cell]) -> Iterator[Relation[Cell]]:
    parts: dict[tuple[Cell, str, bool], list[Cell]] = defaultdict(list)
    for cell in ordered:
        for axis in AXES:
            value = getattr(cell, axis)
            if value:
                parts[_all_on(cell, (axis,)), axis, axis == "sector" and is_section(value)].append(cell)
    for (total, *_), members in parts.items():
        yield Relation(total, tuple(members))


def _across_groupings(ordered: list[Cell], overlaps: Mapping[str, Collection[str]]) -> Iterator[Relation[Cell]]:
    by_context: dict[Cell, tuple[list[Cell], list[Cell]]] = defaultdict(lambda: ([], []))
    for cell in ordered:
        if cell.sector:
            by_context[cell._replace(sector="")][0 if is_section(cell.sector) else 1].append(cell)
    for context, (sections, sectors) in by_context.items():
        for left, right in _blocks(sections, sectors, overlaps):
            if len(left) == 1:
                yield Relation(left[0], tuple(right))
            elif len(right) == 1:
                yield Relation(right[0], tuple(left))
            else:
                both = context._replace(sector="+".join(cell.sector for cell in left))
                yield Relation(both, tuple(left))
                yield Relation(both, tuple(right))


def _blocks(
    sections: list[Cell], sectors: list[Cell], overlaps: Mapping[str, Collection[str]]
) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """The sections and sectors present that are joined by shared units, block by block."""
    block_of = {cell.sector: {cell.sector} for cell in (*sections, *sectors)}
    for sector in sectors:
        for section in sorted(overlaps.get(sector.sector, ())):
            if section in block_of and block_of[section] is not block_of[sector.sector]:
                block_of[sector.sector] |= block_of[section]
                for name in block_of[section]:
                    block_of[name] = block_of[sector.sector]
    done: set[int] = set()
    for cell in sections:
        block = block_of[cell.sector]
        right = [sector for sector in sectors if sector.sector in block]
        if id(block) not in done and right:
            done.add(id(block))
            yield [section for section in sections if section.sector in block], right


def _across_perimeters(ordered: list[Cell], nested: Mapping[str, Collection[str]]) -> Iterator[Relation[Cell]]:
    present = set(ordered)
    same: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in ordered:
        if cell.commune:
            same[cell._replace(perimeter="")].append(cell)
        members = [cell._replace(perimeter=inner) for inner in sorted(nested.get(cell.perimeter, ()))]
        shown = tuple(member for member in members if member in present)
        if shown and not cell.commune:
            yield Relation(cell, shown)
    for first, *others in same.values():
        for other in others:
            yield Relation(first, (other,))


@cache
def section_overlaps() -> Mapping[str, frozenset[str]]:
    """Each sector of the ESS with the NAF sections that share activities with it (sectors.toml)."""
    shared: dict[str, set[str]] = defaultdict(set)
    for section, sector in division_sectors().values():
        if section and sector:
            shared[sector].add(section)
    return {sector: frozenset(found) for sector, found in shared.items()}


def is_whole(key: Hashable) -> bool:
    """Whether a cell is all that a territory has: nothing breaks it down."""
    return isinstance(key, Cell) and not any(getattr(key, axis) for axis in AXES)


def is_section(sector: str) -> bool:
    """Whether a sector is a section of the NAF (`A` to `U`), not a sector of the ESS."""
    return len(sector) == 1 and sector.isupper()
