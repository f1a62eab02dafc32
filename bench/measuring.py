"""How a measure is taken and told: interleaved rounds against a baseline of the same run, one line each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROCESSES = Path(__file__).parent / "processes"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of `make bench`.

    figure and baseline: in `unit`, medians of the same run. ratio: what is judged, at most (or at least) `limit`.
    """

    name: str
    figure: float
    baseline: float
    unit: str
    ratio: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.holds else "MANQUÉ"
        return (
            f"{self.name:<46} {self.figure:>10.4g} {self.unit:<8} base {self.baseline:>10.4g} {self.unit:<8} "
            f"rapport {self.ratio:>5.2f} ({sign} {self.limit:g}) {verdict}"
        )


def interleaved(rounds: int, measured: Callable[[], float], baseline: Callable[[], float]) -> tuple[float, float]:
    """The median seconds of both, taken in turns so that the machine's moods strike both; a first round warms up."""
    measured(), baseline()
    pairs = [(measured(), baseline()) for _ in range(rounds)]
    return median(figure for figure, _ in pairs), median(base for _, base in pairs)


def tell(measures: Iterable[Measure]) -> int:
    """Print each measure as it comes; the exit status, 1 if a limit was missed."""
    missed = 0
    for measure in measures:
        print(measure, flush=True)
        missed |= not measure.holds
    return missed


def skipped(name: str, why: str) -> None:
    """Say what was not measured, and why."""
    print(f"{name:<46} non mesuré : {why}", file=sys.stderr, flush=True)
