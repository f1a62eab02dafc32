"""Which cells of jobs secrecy hides, over all the territories of a computation at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from toile.kernel.figures import Cell
from toile.panorama.rules.concentration import LARGEST
from toile.panorama.rules.intervals import Interval
from toile.panorama.rules.secrecy import protection, relations, rule

from .cells import Counted, Weight
from .cube import Perimeters
from .figures_of import told

REST: Final = "reste:"
"""Begins the name of what a territory has beyond those inside it: nobody prints it, a subtraction finds it."""


def secrets_of(
    counted: Mapping[Cell, Counted], weights: Iterable[Weight], perimeters: Perimeters
) -> dict[Cell, rule.Secret]:
    """The cells of jobs that secrecy hides, and why. weights: of the same cells, those where somebody employs."""
    known = {weight.cell: _known(counted[weight.cell], weight) for weight in weights}
    inside = nested(perimeters)
    for outer, inner in inside.items():
        known |= dict(_rest(known, outer, inner))
        inner.append(REST + outer)
    return protection.protect(known, relations.relations(known, relations.section_overlaps(), inside))


def few_beyond_largest(weights: Iterable[Weight]) -> dict[Cell, rule.Secret]:
    """The territories where the share of the largest employers would say the jobs of the few that are left."""
    few = rule.secrecy_rule().least_units
    return {
        weight.cell: "secret_few"
        for weight in weights
        if weight.cell == Cell(weight.cell.perimeter, year=weight.cell.year) and 0 < weight.units - LARGEST < few
    }


def _known(one: Counted, weight: Weight) -> rule.Counted:
    jobs = one.jobs
    largest = Decimal(weight.largest2) / 2
    return rule.Counted(jobs.central, weight.units, largest, jobs.low, jobs.high, published=told(one.cell))


def _rest(known: Mapping[Cell, rule.Counted], outer: str, inner: list[str]) -> Iterator[tuple[Cell, rule.Counted]]:
    """What is left of each cell of a territory without those inside it: at least the units that are nowhere else."""
    for cell, whole in known.items():
        if cell.perimeter != outer or cell.commune:
            continue
        parts = [known[part] for code in inner if (part := cell._replace(perimeter=code)) in known]
        left = _interval(whole)
        for part in parts:
            jobs = _interval(part)
            left = Interval(left.low - jobs.low, left.central - jobs.central, left.high - jobs.high)
        if left.central > 0:
            units = max(1, whole.units - sum(part.units for part in parts))
            largest = min(whole.largest, left.central)
            yield (
                cell._replace(perimeter=REST + outer),
                rule.Counted(left.central, units, largest, left.low, left.high, published=False),
            )


def _interval(known: rule.Counted) -> Interval:
    return Interval(known.floor, known.value, known.ceiling)


def nested(perimeters: Perimeters) -> dict[str, list[str]]:
    """Each perimeter with others that are inside it and share no commune, the largest first."""
    found: dict[str, list[str]] = {}
    by_size = sorted(perimeters, key=lambda code: -len(perimeters[code] or ()))
    for code, communes in perimeters.items():
        taken: set[str] = set()
        for other in by_size:
            inner = perimeters[other]
            inside = inner is not None and (communes is None or inner < communes)
            if other != code and inner and inside and not inner & taken:
                taken |= inner
                found.setdefault(code, []).append(other)
    return found
