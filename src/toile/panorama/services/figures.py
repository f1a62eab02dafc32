"""The figures of an edition written to its table, replaced all at once, and read back whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from typing import Final

from toile.kernel.figures import Figure, FigureSource
from toile.panorama.models import Edition, Value

PLACES: Final = Decimal("0.000001")
AT_ONCE: Final = 2000


def write_figures(edition: Edition, figures: Iterable[Figure]) -> list[FigureSource]:
    """Replace all the figures of an edition, inside an act, and note their sources on it (not saved).

    Returns the sources, in the order that `Value.sources` counts.
    """
    Value.objects.filter(edition=edition).delete()
    sources: dict[FigureSource, int] = {}
    rows = (_row(edition, figure, sources) for figure in figures)
    while some := list(islice(rows, AT_ONCE)):
        Value.objects.bulk_create(some)
    edition.said_of_sources = [asdict(source) for source in sources]
    edition.simulated = any(source.simulated for source in sources)
    return list(sources)


def read_figures(edition: Edition) -> list[Figure]:
    """All the figures of an edition, in their order. 1 statement."""
    sources, name = [FigureSource(**said) for said in edition.said_of_sources], str(edition.pk)
    return [row.as_figure(sources, name) for row in edition.values.all()]


def _row(edition: Edition, figure: Figure, sources: dict[FigureSource, int]) -> Value:
    where = figure.cell
    low, value, high = (_stored(number) for number in (figure.low, figure.value, figure.high))
    return Value(
        edition=edition,
        indicator=figure.indicator,
        perimeter=where.perimeter,
        commune=where.commune,
        family=where.family,
        sector=where.sector,
        size=where.size,
        year=where.year,
        unit=figure.unit,
        low=low,
        value=value,
        high=high,
        status=figure.status,
        because=figure.because,
        sources=[sources.setdefault(source, len(sources)) for source in figure.sources],
        query=figure.query,
    )


def _stored(number: Decimal | None) -> Decimal | None:
    """At the places of the column; the rounding keeps the order of an interval."""
    return None if number is None else number.quantize(PLACES, ROUND_HALF_EVEN)
