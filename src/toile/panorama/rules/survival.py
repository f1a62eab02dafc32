"""How long things last when some are still there: Kaplan–Meier, Greenwood's variance and a log-log band."""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

SURVIVAL_TOML: Final = Path(__file__).with_name("survival.toml")


class Observation(NamedTuple):
    """One thing followed: for how long, and whether it ended then (else it was still there, or lost from sight).

    Several alike may be given at once by their `number`. entry: how old it was when it began to be followed (left
    truncation): before that age it could not have been seen ending, and is not counted among those at risk.
    """

    time: float
    ended: bool
    number: int = 1
    entry: float = 0.0


class Step(NamedTuple):
    """The curve from this time on, until the next step.

    at_risk: followed just before it. ended: at it. censored: lost from sight at it. survival: in [0, 1], with its band.
    variance: Greenwood's; None where the survival is 0, which has none. entered: followed from just after it.
    """

    time: float
    at_risk: int
    ended: int
    censored: int
    survival: float
    low: float
    high: float
    variance: float | None
    entered: int = 0


class At(NamedTuple):
    """What the curve says at a time: survival and band, or None with the code of the reason."""

    time: float
    survival: float | None
    low: float | None
    high: float | None
    at_risk: int
    because: str = ""


@dataclass(frozen=True, slots=True)
class Survival:
    """A curve of survival, one step for each time at which something happened."""

    steps: tuple[Step, ...]
    followed: int
    """How many were followed, at whatever age that began."""

    def at(self, time: float, min_at_risk: int | None = None) -> At:
        """The survival at a time, with its band and the number still at risk then.

        Unknown, never zero, when fewer than `min_at_risk` (the declared one by default) are still followed:
        `not_followed` past the last time seen, else `too_few_at_risk`. At risk at `time` are those followed for at
        least as long.
        """
        least = parameters().min_at_risk if min_at_risk is None else min_at_risk
        at_risk = self.at_risk(time)
        if at_risk < max(least, 1):
            return At(time, None, None, None, at_risk, "too_few_at_risk" if at_risk else "not_followed")
        place = bisect_right(self.steps, time, key=lambda step: step.time)
        if not place:
            return At(time, 1.0, 1.0, 1.0, at_risk)
        step = self.steps[place - 1]
        return At(time, step.survival, step.low, step.high, at_risk)

    def at_risk(self, time: float) -> int:
        """How many were followed for at least this long."""
        place = bisect_right(self.steps, time, key=lambda step: step.time)
        if not place:
            return self.steps[0].at_risk if self.steps else 0
        step = self.steps[place - 1]
        return step.at_risk if step.time == time else step.at_risk - step.ended - step.censored + step.entered

    def median(self) -> float | None:
        """The first time at which half or fewer are left; None when the curve does not go down that far."""
        return next((step.time for step in self.steps if step.survival <= 0.5), None)


class Parameters(NamedTuple):
    """The conventions of survival.toml."""

    z: float
    confidence: float
    min_at_risk: int


@cache
def parameters(path: Path = SURVIVAL_TOML) -> Parameters:
    """Read the conventions."""
    read: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Parameters(read["band"]["z"], read["band"]["confidence"], read["limits"]["min_at_risk"])


def kaplan_meier(observations: Iterable[Observation | tuple[float, bool]]) -> Survival:
    """The curve of survival of things followed from time 0, some of them still there (right-censored).

    Times in any unit, zero or more. At a tied time those that end are counted before those lost from sight, who were
    still at risk, and those whose following begins then are at risk just after. Survival is the product of
    (1 − ended ÷ at risk); Greenwood's variance; the band is log-log, so that it stays within [0, 1]. Without censoring
    it is the share still there. Where nothing ended yet, or nothing is left, the band closes on the curve. Raises
    ValueError on a negative or unreadable time, a negative count, or a following that ends before it begins.
    """
    ended: defaultdict[float, int] = defaultdict(int)
    censored: defaultdict[float, int] = defaultdict(int)
    entered: defaultdict[float, int] = defaultdict(int)
    followed = at_risk = 0
    for given in observations:
        one = Observation(*given)
        if not (math.isfinite(one.time) and one.time >= 0) or one.number < 0:
            raise ValueError(f"{one.number} followed for {one.time}")
        if one.entry and not 0 <= one.entry < one.time:
            raise ValueError(f"followed from {one.entry} to {one.time}")
        (ended if one.ended else censored)[one.time] += one.number
        followed += one.number
        if one.entry:
            entered[one.entry] += one.number
        else:
            at_risk += one.number
    z, survival, summed = parameters().z, 1.0, 0.0
    steps = []
    for time in sorted(ended.keys() | censored.keys() | entered.keys()):
        ends, lost, new = ended.get(time, 0), censored.get(time, 0), entered.get(time, 0)
        if not ends + lost + new:
            continue
        if ends:
            survival *= (at_risk - ends) / at_risk
        if ends and survival:
            summed += ends / (at_risk * (at_risk - ends))
        low, high = _band(survival, summed, z)
        variance = survival**2 * summed if survival else None
        steps.append(Step(time, at_risk, ends, lost, survival, low, high, variance, new))
        at_risk += new - ends - lost
    return Survival(tuple(steps), followed)


def _band(survival: float, summed: float, z: float) -> tuple[float, float]:
    """The log-log band: S^exp(±z·σ), where σ² is Greenwood's sum over (ln S)²; closed where S is 0 or 1."""
    if survival in (0.0, 1.0) or not summed:
        return survival, survival
    width = z * math.sqrt(summed) / abs(math.log(survival))
    return survival ** math.exp(width), survival ** math.exp(-width)
