"""Figures of several origins in one edition: a published one wins over an estimate, invented and real never mix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toile.kernel.figures import Cell, Figure, FigureSource, Status

Key = tuple[str, Cell]


class PublishedTwice(ValueError):
    """Two published tables tell the same cell differently: a person must choose. `one`, `other`: the figures."""

    def __init__(self, one: Figure, other: Figure) -> None:
        super().__init__(f"{one.indicator} {one.cell}")
        self.one, self.other = one, other


@dataclass(frozen=True, slots=True)
class Merged:
    """figures: one for each cell. estimates: those computed here that a published figure replaces."""

    figures: tuple[Figure, ...]
    estimates: tuple[Figure, ...]


def merge(computed: Iterable[Figure], published: Sequence[Figure]) -> Merged:
    """One figure for each cell, the published one where there is one (project rule: a published table wins).

    A computed figure that was hidden or unknown gives way too: what is published already is no secret of ours. A cell
    that a table leaves empty publishes nothing: it stands only where nothing is computed.
    Raises `PublishedTwice` when two published figures of one cell differ; said twice alike, the first stands.
    """
    told: dict[Key, Figure] = {}
    empty: dict[Key, Figure] = {}
    for figure in published:
        key = (figure.indicator, figure.cell)
        if figure.status is Status.UNKNOWN:
            empty.setdefault(key, figure)
            continue
        other = told.setdefault(key, figure)
        if other is not figure and (other.value, other.low, other.high) != (figure.value, figure.low, figure.high):
            raise PublishedTwice(other, figure)
    figures: list[Figure] = []
    replaced: list[Figure] = []
    for figure in computed:
        key = (figure.indicator, figure.cell)
        (replaced if key in told else figures).append(figure)
        empty.pop(key, None)
    unsaid = [figure for key, figure in empty.items() if key not in told]
    return Merged((*figures, *told.values(), *unsaid), tuple(figure for figure in replaced if figure.estimated))


def mixes(sources: Iterable[FigureSource]) -> bool:
    """Whether invented data stand beside real ones: such an edition is refused, for no page could tell them apart."""
    return len({source.simulated for source in sources}) > 1
