"""Whether groups end alike (log-rank), and how well a score told beforehand who would end (area under the curve)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from toile.panorama.rules.survival import Observation, kaplan_meier


class Expected(NamedTuple):
    """Of one group: how many ended, and how many would have if all groups ended alike."""

    group: str
    followed: int
    ended: int
    expected: float


@dataclass(frozen=True, slots=True)
class LogRank:
    """The comparison of two groups or more. variance: of the first group's (observed − expected).

    chi2 and p are None when nothing can be compared: no end, or one group alone.
    """

    groups: tuple[Expected, ...]
    variance: float
    degrees: int
    chi2: float | None
    p: float | None


def log_rank(groups: Mapping[str, Sequence[Observation]]) -> LogRank:
    """Whether groups end alike: observed against expected ends, χ² on groups − 1 degrees, and its p.

    At each time when some end, each group is expected its share of those at risk; hypergeometric variances are added.
    Left truncation as in the curve. Source: Mantel 1966; domain H10.
    """
    names = [name for name, ones in groups.items() if any(one.number for one in ones)]
    curves = [kaplan_meier(groups[name]) for name in names]
    ends = [{step.time: step.ended for step in curve.steps if step.ended} for curve in curves]
    times = sorted({time for each in ends for time in each})
    shape = (len(times), len(names))
    at_risk = np.array([[curve.at_risk(time) for curve in curves] for time in times], float).reshape(shape)
    ended = np.array([[each.get(time, 0) for each in ends] for time in times], float).reshape(shape)
    n, d = at_risk.sum(1), ended.sum(1)
    shares = at_risk / n[:, None]
    expected = (d[:, None] * shares).sum(0)
    spread = np.divide(d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1)
    covariance = np.diag((spread[:, None] * shares).sum(0)) - (spread[:, None] * shares).T @ shares
    apart = ended.sum(0) - expected
    told = tuple(
        Expected(name, curve.followed, int(count), float(due))
        for name, curve, count, due in zip(names, curves, ended.sum(0), expected, strict=True)
    )
    degrees = max(len(names) - 1, 0)
    variance = float(covariance[0, 0]) if names else 0.0
    if not degrees or variance <= 0:
        return LogRank(told, variance, degrees, None, None)
    chi2 = float(apart[:-1] @ np.linalg.pinv(covariance[:-1, :-1]) @ apart[:-1])
    return LogRank(told, variance, degrees, chi2, _beyond(chi2, degrees))


def _beyond(chi2: float, degrees: int) -> float:
    """The probability that a χ² law of so many degrees goes beyond: a finite sum for whole degrees."""
    half = max(chi2, 0.0) / 2
    total = math.erfc(math.sqrt(half)) if degrees % 2 else math.exp(-half)
    for power in range(degrees % 2 or 2, degrees, 2):
        total += half ** (power / 2) * math.exp(-half) / math.gamma(power / 2 + 1)
    return total


def auc(scores: Sequence[float], failed: Sequence[bool]) -> float | None:
    """How often a firm that failed was scored above one that did not, ties for half; None without one of each.

    46, 30, 25, 18, 10 with the first and third failed gives 5/6. Source: Mann and Whitney 1947; domain H6.
    """
    ends, stays = (
        np.sort(np.array([s for s, f in zip(scores, failed, strict=True) if bool(f) is side], float))
        for side in (True, False)
    )
    if not len(ends) or not len(stays):
        return None
    below, up_to = np.searchsorted(stays, ends, "left"), np.searchsorted(stays, ends, "right")
    return float((below + up_to).sum() / (2 * len(ends) * len(stays)))
