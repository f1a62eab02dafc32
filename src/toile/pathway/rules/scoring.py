"""How much a followed firm's signals call for a call, and how much for a talk of growth: two scores, never netted.

A score orders calls and decides nothing (domain H8). It is a pure function of the signals and of a day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from toile.pathway.rules.signals import Band, Family, Level, Side, Signal, Weights, weights


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one live signal brings: `points` of its weight are left after `age` days."""

    signal: Signal
    level: Level
    age: int
    points: float


@dataclass(frozen=True, slots=True)
class Missing:
    """A family that nothing tells today. age: days since it was last said, None when it never was."""

    family: Family
    age: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What the risk would be if this family's risk were taken away, all else alike."""

    family: Family
    risk: float
    band: Band


@dataclass(frozen=True, slots=True)
class Decay:
    """What time alone does to the risk, which is no recovery.

    in_30_days: the risk then, nothing else changing. days_to_calmer: days (not whole) until it falls under `under`, the
    start of its band; both None in the lowest band, and days_to_calmer None when what is left never fades.
    """

    in_30_days: float
    under: float | None
    days_to_calmer: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """Risk and potential of one firm on one day, each in [0, 100], with everything that explains them.

    contributions: the largest first, of both sides; known: the levels that weigh nothing; set_aside: what is contested.
    """

    on: date
    risk: float
    potential: float
    risk_band: Band
    potential_band: Band
    contributions: tuple[Contribution, ...]
    known: tuple[Signal, ...]
    set_aside: tuple[Signal, ...]
    missing: tuple[Missing, ...]
    what_would_change: tuple[Change, ...]
    decay: Decay
    warning: str

    def of(self, side: Side) -> tuple[Contribution, ...]:
        """The contributions to one side."""
        return tuple(one for one in self.contributions if one.level.side == side)


def score(signals: Iterable[Signal], on: date, scale: Weights | None = None) -> Score:
    """Both scores on that day: min(100, Σ weight · 2^(−age ÷ half-life)), one live signal for each family.

    The latest signal of a family counts (of those said on one day, the one given last), unless it is over; those that
    are set aside or dated after `on` count as not said. Raises UnknownSignal. Source: domain H6.
    """
    scale = scale or weights()
    given = [(signal, scale.level(signal.code)) for signal in signals]
    said = [(signal, level) for signal, level in given if signal.on <= on and not signal.set_aside]
    latest = {level.family: (signal, level) for signal, level in sorted(said, key=lambda each: each[0].on)}
    live = [(signal, level) for signal, level in latest.values() if signal.until is None or signal.until > on]
    contributions = tuple(
        sorted(
            (
                Contribution(signal, level, (on - signal.on).days, _left(level, (on - signal.on).days))
                for signal, level in live
                if level.side != "none"
            ),
            key=attrgetter("points"),
            reverse=True,
        )
    )
    risks = [one for one in contributions if one.level.side == "risk"]
    risk, potential = (_total(contributions, side, scale) for side in ("risk", "potential"))
    return Score(
        on,
        risk,
        potential,
        scale.band("risk", risk),
        scale.band("potential", potential),
        contributions,
        tuple(signal for signal, level in live if level.side == "none"),
        tuple(signal for signal, _ in given if signal.set_aside and signal.on <= on),
        _missing({code: signal for code, (signal, _) in latest.items()}, on, scale),
        tuple(_without(one, risks, scale) for one in risks),
        _decay(risks, scale),
        scale.warning,
    )


def _left(level: Level, age: float) -> float:
    """The points of a level said that many days ago."""
    return level.weight if level.half_life is None else level.weight * 2 ** (-age / level.half_life)


def _total(contributions: Iterable[Contribution], side: str, scale: Weights) -> float:
    return min(scale.most, math.fsum(one.points for one in contributions if one.level.side == side))


def _missing(latest: dict[str, Signal], on: date, scale: Weights) -> tuple[Missing, ...]:
    """The families that should be known and are not, or no longer."""
    found = []
    for family in scale.families.values():
        if family.known_days is None:
            continue
        signal = latest.get(family.code)
        age = (on - signal.on).days if signal else None
        if age is None or age > family.known_days:
            found.append(Missing(family, age))
    return tuple(found)


def _without(taken: Contribution, risks: list[Contribution], scale: Weights) -> Change:
    risk = _total([one for one in risks if one is not taken], "risk", scale)
    return Change(scale.families[taken.level.family], risk, scale.band("risk", risk))


def _decay(risks: list[Contribution], scale: Weights) -> Decay:
    def after(days: float) -> float:
        return min(scale.most, math.fsum(_left(one.level, one.age + days) for one in risks))

    under = scale.band("risk", after(0)).start
    if not under:
        return Decay(after(30), None, None)
    if math.fsum(one.points for one in risks if one.level.half_life is None) >= under:
        return Decay(after(30), under, None)
    # The risk only goes down: a bisection finds the day, once a day far enough has been found by doubling.
    low, high = 0.0, 1.0
    while after(high) >= under:
        low, high = high, high * 2
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if after(middle) >= under else (low, middle)
    return Decay(after(30), under, high)
