"""The method of a points card (few binned ratios, whole points) against a logistic regression, on firms that failed.

It tests the method on large foreign firms of 2000 to 2013. It validates no weight of the follow-up's signals, which
come from no data, and nothing of it is shown to users.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np
from measuring import Measure, skipped, tell
from numpy.typing import NDArray

from toile.pathway.rules.comparison import auc

SHARED = Path(os.environ.get("TOILE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FILES = (("un an", "polish_bankruptcy_1y_ahead.csv"), ("cinq ans", "polish_bankruptcy_5y_ahead.csv"))
SEED, SPLITS, TESTED = 20261121, 20, 0.3
RATIOS, BINS, MOST_POINTS = 8, 6, 20
PLACES, LEAST_SHARE, LEAST_GAIN = 20, 0.05, 3.0
"""Where a ratio may be cut, the least share of firms in a bin, the least gain of log-likelihood that a cut brings."""
LIMIT = 0.05
STUDENT = 2.093
"""Quantile 97.5 % of Student's law with 19 degrees: twenty splits."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Card(NamedTuple):
    """Whole points: for each ratio kept, its bounds, the points of each bin, then those of a missing ratio."""

    ratios: tuple[int, ...]
    bounds: tuple[Floats, ...]
    points: tuple[Ints, ...]

    def score(self, x: Floats) -> Ints:
        parts = zip(self.ratios, self.bounds, self.points, strict=True)
        return sum((points[binned(x[:, ratio], bounds)] for ratio, bounds, points in parts), np.zeros(len(x), np.int64))


def measures() -> Iterator[Measure]:
    if not (SHARED / "failure").is_dir():
        skipped("points : perte d’AUC", f"{SHARED} manque (TOILE_SHARED_DATA)")
        return
    for horizon, file in FILES:
        x, failed = read(SHARED / "failure" / file)
        rounds = [compared(x, failed, np.random.default_rng((SEED, split))) for split in range(SPLITS)]
        losses = [full - points for points, full, _ in rounds]
        low, high = interval(losses)
        card, full = fmean(one[0] for one in rounds), fmean(one[1] for one in rounds)
        print(f"# {horizon} : {len(x)} firmes, {int(failed.sum())} faillites ; écart par tranche de score :")
        for expected, seen, count in calibration(rounds):
            print(f"#   annoncé {expected:6.2%}  constaté {seen:6.2%}  ({count} firmes d’essai)")
        name = f"points : perte d’AUC à {horizon} [{low:+.3f} ; {high:+.3f}]"
        yield Measure(name, card, full, "AUC", fmean(losses), LIMIT)


def read(path: Path) -> tuple[Floats, NDArray[np.bool_]]:
    """The ratios (NaN where missing) and whether each firm failed; a firm written twice is kept once.

    Otherwise the same firm would be in the training part and in the tested one.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        rows = list(dict.fromkeys(tuple(line[1:]) for line in lines))
    values = np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])
    return values[:, :-1], values[:, -1] == 1


def compared(x: Floats, failed: NDArray[np.bool_], draw: np.random.Generator) -> tuple[float, float, Floats]:
    """AUC on the tested part of the card, of the regression, and what the card announced there beside what came."""
    tested = np.zeros(len(x), bool)
    for side in (True, False):  # as many failures in each part as in the whole
        members = draw.permutation(np.flatnonzero(failed == side))
        tested[members[: round(TESTED * len(members))]] = True
    card = fitted_card(x[~tested], failed[~tested])
    full = regression_on_ranks(x[~tested], failed[~tested], draw)
    points = card.score(x)
    announced = fitted_chance(points[~tested], failed[~tested])(points[tested])
    of_card, of_full = auc(list(points[tested]), list(failed[tested])), auc(list(full(x[tested])), list(failed[tested]))
    assert of_card is not None
    assert of_full is not None
    return of_card, of_full, np.column_stack([announced, failed[tested]])


# --- The card ---------------------------------------------------------------------------------------------------------


def fitted_card(x: Floats, failed: NDArray[np.bool_]) -> Card:
    """At most eight ratios cut in bins, chosen one by one, then weighed together in whole points.

    A bin's evidence is the logarithm of its odds of failure over the odds of all, drawn towards zero where it holds
    few; a regression on these evidences gives the weight of each ratio, and the points are rounded from it.
    """
    bounds = [bounds_of(x[:, ratio], failed) for ratio in range(x.shape[1])]
    bins = [binned(x[:, ratio], bounds[ratio]) for ratio in range(x.shape[1])]
    evidence = [evidence_of(bins[ratio], failed, len(bounds[ratio]) + 2) for ratio in range(x.shape[1])]
    inputs = np.column_stack([evidence[ratio][bins[ratio]] for ratio in range(x.shape[1])])
    kept = chosen(inputs, failed)
    weight = logistic(inputs[:, kept], failed, 1.0)[1:]
    raw = [np.maximum(weight[rank], 0) * evidence[ratio] for rank, ratio in enumerate(kept)]
    scale = MOST_POINTS / max(np.abs(one).max() for one in raw)
    points = tuple(np.rint(one * scale).astype(np.int64) for one in raw)
    return Card(tuple(kept), tuple(bounds[ratio] for ratio in kept), points)


def bounds_of(values: Floats, failed: NDArray[np.bool_]) -> Floats:
    """At most six bins, each cut where it parts the failures best; no cut that brings little or leaves few firms."""
    known = ~np.isnan(values)
    cuts = np.unique(np.quantile(values[known], np.arange(1, PLACES) / PLACES))
    place = np.searchsorted(cuts, values[known], "right")
    firms = np.concatenate([[0], np.bincount(place, minlength=len(cuts) + 1).cumsum()])
    ends = np.concatenate([[0], np.bincount(place, failed[known], minlength=len(cuts) + 1).cumsum()])

    def likely(low: int, high: int) -> float:
        count, ended = firms[high] - firms[low], ends[high] - ends[low]
        share = (ended + 0.5) / (count + 1)
        return float(ended * np.log(share) + (count - ended) * np.log(1 - share))

    bins, least = [(0, len(cuts) + 1)], LEAST_SHARE * len(values)
    while len(bins) < BINS:
        possible = [
            (likely(low, at) + likely(at, high) - likely(low, high), low, at, high)
            for low, high in bins
            for at in range(low + 1, high)
            if min(firms[at] - firms[low], firms[high] - firms[at]) >= least
        ]
        if not possible or max(possible)[0] < LEAST_GAIN:
            break
        _, low, at, high = max(possible)
        bins = [one for one in bins if one != (low, high)] + [(low, at), (at, high)]
    return cuts[sorted(low - 1 for low, _ in bins if low)]


def binned(values: Floats, bounds: Floats) -> Ints:
    """The rank of the bin of each value; the last one is for what is missing."""
    return np.where(np.isnan(values), len(bounds) + 1, np.searchsorted(bounds, values, "right"))


def evidence_of(bins: Ints, failed: NDArray[np.bool_], count: int, prior: float = 10.0) -> Floats:
    base = failed.mean()
    ends = np.bincount(bins, failed, minlength=count) + prior * base
    stays = np.bincount(bins, ~failed, minlength=count) + prior * (1 - base)
    return np.log(ends / stays) - np.log(base / (1 - base))


def chosen(inputs: Floats, failed: NDArray[np.bool_]) -> list[int]:
    """Ratios taken one by one, each the one that the errors left by the others call for most (score test)."""
    kept: list[int] = []
    while len(kept) < RATIOS:
        left = np.column_stack([np.ones(len(inputs)), inputs[:, kept]])
        chance = sigmoid(left @ logistic(inputs[:, kept], failed, 1.0))
        weight = chance * (1 - chance)
        # What each input adds to those kept: its part that they do not tell.
        told = np.linalg.lstsq(left * np.sqrt(weight)[:, None], inputs * np.sqrt(weight)[:, None], rcond=None)[0]
        new = inputs - left @ told
        spread = (weight[:, None] * new**2).sum(0)
        gain = np.where(spread > 1e-6, (new.T @ (failed - chance)) / np.sqrt(np.maximum(spread, 1e-6)), 0)
        gain[kept] = 0
        kept.append(int(gain.argmax()))
    return kept


# --- What it is compared with -----------------------------------------------------------------------------------------


def regression_on_ranks(x: Floats, failed: NDArray[np.bool_], draw: np.random.Generator):
    """A logistic regression on all the ratios, each replaced by its rank among the training firms, from −1 to 1.

    A missing ratio has the middle rank and a sign of its own. The penalty is the best of a few on parts of the
    training part, so that what the card is compared with is at its best.
    """
    known = [np.sort(column[~np.isnan(column)]) for column in x.T]

    def ranked(values: Floats) -> Floats:
        missing = np.isnan(values)
        ranks = [
            (np.searchsorted(one, column, "left") + np.searchsorted(one, column, "right")) / len(one) - 1
            for one, column in zip(known, values.T, strict=True)
        ]
        return np.column_stack([np.where(missing, 0, np.column_stack(ranks)), missing.astype(float)])

    inputs = ranked(x)
    part = draw.permutation(np.arange(len(x)) % 5)

    def held_out(penalty: float) -> float:
        scores = np.zeros(len(x))
        for fold in range(5):
            fitted = logistic(inputs[part != fold], failed[part != fold], penalty)
            scores[part == fold] = fitted[0] + inputs[part == fold] @ fitted[1:]
        return auc(list(scores), list(failed)) or 0

    fitted = logistic(inputs, failed, max((0.3, 1.0, 3.0, 10.0, 30.0), key=held_out))
    return lambda values: fitted[0] + ranked(values) @ fitted[1:]


# --- Shared -----------------------------------------------------------------------------------------------------------


def logistic(inputs: Floats, failed: NDArray[np.bool_], penalty: float) -> Floats:
    """Intercept and coefficients by Newton's method, the squares of the coefficients penalised by `penalty`."""
    x = np.column_stack([np.ones(len(inputs)), inputs])
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 0
    base = failed.mean()
    found = np.zeros(x.shape[1])
    found[0] = np.log(base / (1 - base))
    likely = likelihood(x, failed, found, ridge)
    for _ in range(50):
        chance = sigmoid(x @ found)
        slope = x.T @ (failed - chance) - ridge * found
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        move = np.linalg.solve(bend, slope)
        # A whole step may overshoot where failures are rare: it is halved until it is likelier.
        while (after := likelihood(x, failed, found + move, ridge)) < likely and np.abs(move).max() > 1e-9:
            move = move / 2
        found, likely = found + move, after
        if np.abs(move).max() < 1e-8:
            break
    return found


def likelihood(x: Floats, failed: NDArray[np.bool_], found: Floats, ridge: Floats) -> float:
    """The penalised log-likelihood of these coefficients."""
    odds = x @ found
    return float((failed * odds - np.logaddexp(0, odds)).sum() - (ridge * found**2).sum() / 2)


def sigmoid(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(values, -35, 35)))


def fitted_chance(points: Ints, failed: NDArray[np.bool_]):
    """The chance of failure that the card's points announce, by a regression on the points alone."""
    fitted = logistic(points[:, None] / MOST_POINTS, failed, 0.01)
    return lambda new: sigmoid(fitted[0] + fitted[1] * new / MOST_POINTS)


def calibration(rounds: list[tuple[float, float, Floats]], parts: int = 5) -> list[tuple[float, float, int]]:
    """In five slices of firms by what was announced: the mean announced, the share that failed, how many firms."""
    together = np.concatenate([one[2] for one in rounds])
    slices = np.array_split(together[together[:, 0].argsort()], parts)
    return [(float(one[:, 0].mean()), float(one[:, 1].mean()), len(one)) for one in slices]


def interval(losses: list[float]) -> tuple[float, float]:
    """95 %, widened because the splits share firms (Nadeau and Bengio 2003)."""
    width = STUDENT * stdev(losses) * (1 / len(losses) + TESTED / (1 - TESTED)) ** 0.5
    return fmean(losses) - width, fmean(losses) + width


if __name__ == "__main__":
    sys.exit(tell(measures()))
