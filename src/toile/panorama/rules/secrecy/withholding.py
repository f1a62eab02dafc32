"""Figures as secrecy lets them be told: what is secret, and what would give it away, is withheld with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from toile.kernel.figures import Cell, Figure, Status, hidden
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.secrecy.rule import Secret, secrecy_rule

Secrets = Mapping[str, Mapping[Cell, Secret]]
"""Indicator → the cells that are secret, and why."""


def withhold(figures: Iterable[Figure], secrets: Secrets, alone: Secrets | None = None) -> Iterator[Figure]:
    """The same figures in the same order; a hidden one has neither value nor interval.

    secrets: indicator → what `protect` found for its cells. Whatever else is computed from jobs (indicators declared
    `secret`: shares, quotients, shifts, concentration) is hidden where one of these is: a share and its denominator
    give the jobs. What is computed from two years is hidden when either is secret. Unknown figures stay unknown.
    alone: figures that are secret and from which nothing else is computed.
    """
    over_time = secrecy_rule().over_time
    in_year = {cell for found in secrets.values() for cell in found}
    in_any_year = {_undated(cell) for cell in in_year}
    for figure in figures:
        because: str | None = secrets.get(figure.indicator, {}).get(figure.cell)
        if because is None and figure.indicator not in secrets and indicators()[figure.indicator].secret:
            dated = figure.indicator not in over_time
            secret = figure.cell in in_year if dated else _undated(figure.cell) in in_any_year
            because = "secret_derived" if secret else (alone or {}).get(figure.indicator, {}).get(figure.cell)
        yield _hidden(figure, because) if because and figure.status is Status.OK else figure


def _hidden(figure: Figure, because: str) -> Figure:
    return hidden(figure.indicator, figure.cell, figure.unit, because, *figure.sources, query=figure.query)


def _undated(cell: Cell) -> Cell:
    return cell._replace(year=0)
