"""The scores of many firms at once, over arrays: the same rule as `scoring.score`, without its explanations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from toile.pathway.rules.signals import Signal, Weights, weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = date.max.toordinal() + 1
"""The day, as an ordinal, on which a signal that lasts is over."""


class SignalTable(NamedTuple):
    """Signals as columns of one length. firm: from 0. level: rank in the scale's levels. on, until: ordinals."""

    firm: Ints
    level: Ints
    on: Ints
    until: Ints
    set_aside: Flags


class Scores(NamedTuple):
    """Both scores by firm, in [0, 100], and for each signal the points it brings (0 when it does not count)."""

    risk: Floats
    potential: Floats
    points: Floats


def table(firms: Iterable[tuple[int, Signal]], scale: Weights | None = None) -> SignalTable:
    """The columns of signals given one by one with the rank of their firm. Raises UnknownSignal."""
    scale = scale or weights()
    ranks = {code: rank for rank, code in enumerate(scale.levels)}
    rows = [
        (
            firm,
            ranks[scale.level(signal.code).code],
            signal.on.toordinal(),
            signal.until.toordinal() if signal.until else NEVER,
            signal.set_aside,
        )
        for firm, signal in firms
    ]
    columns = np.array(rows, np.int64).reshape(-1, 5).T
    return SignalTable(columns[0], columns[1], columns[2], columns[3], columns[4].astype(bool))


def score_many(signals: SignalTable, firms: int, on: date, scale: Weights | None = None) -> Scores:
    """Both scores of the firms of ranks 0 to `firms` − 1 on that day: what `score` says of each, to rounding.

    Source: domain H6; « the latest of its family » is the last of equal days, as in `score`.
    """
    rule = _arrays(scale or weights())
    today = on.toordinal()
    said = np.flatnonzero((signals.on <= today) & ~signals.set_aside)
    group = signals.firm[said] * rule.families + rule.family[signals.level[said]]
    order = np.lexsort((said, signals.on[said], group))
    last = np.ones(len(order), bool)
    last[:-1] = group[order][1:] != group[order][:-1]
    latest = said[order][last]
    live = latest[signals.until[latest] > today]
    points = np.zeros(len(signals.firm))
    level = signals.level[live]
    points[live] = rule.weight[level] * np.exp2(-(today - signals.on[live]) * rule.fading[level])

    def total(side: Flags) -> Floats:
        rows = live[side[level]]
        return np.minimum(rule.most, np.bincount(signals.firm[rows], points[rows], minlength=firms))

    return Scores(total(rule.risk), total(rule.potential), points)


class _Arrays(NamedTuple):
    """The scale as arrays by rank of level. fading: one over the half-life, 0 for what does not fade."""

    families: int
    family: Ints
    weight: Floats
    fading: Floats
    risk: Flags
    potential: Flags
    most: float


def _arrays(scale: Weights) -> _Arrays:
    families = {code: rank for rank, code in enumerate(scale.families)}
    levels = scale.levels.values()
    return _Arrays(
        len(families),
        np.array([families[level.family] for level in levels], np.int64),
        np.array([level.weight for level in levels]),
        np.array([1 / level.half_life if level.half_life else 0.0 for level in levels]),
        np.array([level.side == "risk" for level in levels]),
        np.array([level.side == "potential" for level in levels]),
        scale.most,
    )
