"""The matrix as its page shows it: each need with who helps, how long people wait, and the holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final, NamedTuple

from django.utils import timezone

from toile.pathway.models import Offer, Suggested
from toile.pathway.queries.offers import as_rule, running_rows
from toile.pathway.queries.referrals import waits_of_the_year
from toile.pathway.rules.matrix import Cell, Hole, Matrix, Need, Titled, holes, matrix

MOST_DECISIONS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """One need at one stage: who helps, the median wait when it may be told, and the hole if there is one."""

    need: Need
    offers: Sequence[Offer]
    median_days: float | None
    waited: int
    hole: Hole | None


class Missing(NamedTuple):
    """A hole, in words: the need and the stage."""

    cell: Cell
    kind: str
    sentence: str
    title: str
    stage: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page. sections: each heading, its stages, their lines. partners: how many help. met: holes that files
    met in a year, the most frequent first, for the team (empty for others)."""

    declared: Matrix
    sections: Sequence[tuple[Titled, Sequence[tuple[Titled, Sequence[Line]]]]]
    holes: Sequence[Missing]
    partners: int
    offers: int
    met: Sequence[tuple[str, str, int]]


def shown(on: date, *, team: bool = False) -> Shown:
    """The matrix on a day. team: also waits of few persons, and holes met by files. 2 queries, 3 for the team."""
    declared = matrix()
    rows = running_rows(on)
    least = 1 if team else declared.least_told
    waits = waits_of_the_year()
    found = holes(declared, [as_rule(row, name="") for row in rows], waits, on, least=least)
    by_cell = {hole.cell: hole for hole in found}
    sections = []
    for heading in declared.headings:
        stages = []
        for stage in declared.stages:
            cells = [cell for cell in declared.cells() if cell[:2] == (heading.code, stage.code)]
            if cells:
                stages.append((stage, [_line(declared, cell, rows, waits, by_cell.get(cell), least) for cell in cells]))
        sections.append((heading, stages))
    return Shown(
        declared=declared,
        sections=sections,
        holes=[_missing(declared, hole) for hole in found],
        partners=len({row.partner.canonical_id for row in rows}),
        offers=len(rows),
        met=_met(declared) if team else (),
    )


def _missing(declared: Matrix, hole: Hole) -> Missing:
    need, stage = declared.needs[hole.cell.need].title, declared.titles[hole.cell.stage]
    return Missing(hole.cell, hole.kind, hole.sentence, need, stage)


def _line(
    declared: Matrix,
    cell: Cell,
    rows: Sequence[Offer],
    waits: Mapping[tuple[str, str], Sequence[int]],
    hole: Hole | None,
    least: int,
) -> Line:
    offers = [row for row in rows if cell.need in row.needs and (not row.stages or cell.stage in row.stages)]
    waited = waits.get((cell.stage, cell.need), ())
    told = float(median(waited)) if len(waited) >= max(least, 1) else None
    return Line(declared.needs[cell.need], offers, told, len(waited), hole)


def _met(declared: Matrix) -> list[tuple[str, str, int]]:
    """Stage, need and count of the holes that decisions of a year met. 1 query."""
    since = timezone.now() - timedelta(days=365)
    rows = Suggested.objects.filter(decided_at__gte=since).order_by("-decided_at", "-pk")
    counts: Counter[tuple[str, str]] = Counter()
    for found in rows.values_list("suggestions__holes", flat=True)[:MOST_DECISIONS]:
        counts.update((hole["stage"], hole["need"]) for hole in found or () if hole["need"])
    needs, stages = declared.needs, declared.titles
    return [
        (stages.get(stage, ""), needs[need].title, count)
        for (stage, need), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if need in needs
    ]
