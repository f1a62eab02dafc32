"""The drawings of an edition: their blocks of HTML for its pages, and the charts themselves for its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from toile.kernel.charts import Chart
from toile.kernel.figures import Figure
from toile.panorama.models import Edition
from toile.panorama.queries.naming import names_of

from . import breakdowns, compared, places, times
from .held import Held

Told = Callable[[int, int], None]


def charts(edition: Edition, figures: Sequence[Figure]) -> dict[str, Chart]:
    """Key (`rules.drawn`) → chart, for those that the figures allow: one that would show nothing is left out.

    6 statements at most, whatever the number of communes.
    """
    communes = {figure.cell.commune for figure in figures} - {""}
    held = Held(edition, figures, names_of(edition, communes))
    return {chart.key: chart for chart in _each(held)}


def draw(edition: Edition, figures: Sequence[Figure], tell: Told = lambda _done, _total: None) -> dict[str, str]:
    """Key → the block of HTML of each drawing: finding, chart, source, links, table. tell: done, in all.

    The same figures give the same text whoever asks and whatever the edition's identifier: its links begin with
    `rules.drawn.BASE`, and no date is in it but those of the figures and of their sources.
    """
    kept = charts(edition, figures)
    drawn = {}
    for done, (key, chart) in enumerate(kept.items(), 1):
        drawn[key] = str(chart.html())
        tell(done, len(kept))
    return drawn


def _each(held: Held) -> Iterator[Chart]:
    yield from places.maps(held)
    yield from breakdowns.breakdowns(held)
    yield from places.bars(held)
    yield from times.times(held)
    yield from compared.comparisons(held)
    yield from compared.contributions(held)
    yield from places.sheets(held)
