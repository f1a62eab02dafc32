"""What the home page says of the directory: counts in one statement, and what waits for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from toile.directory.models import Organisation
from toile.directory.queries.by_database import base, counted
from toile.directory.rules.display import BY_GLYPH, DisplayClass
from toile.directory.rules.ess import Sentence
from toile.directory.rules.finding import finding
from toile.kernel.lists import Asked
from toile.kernel.readers import Reader

_COUNTED: Final[Mapping[str, str]] = {
    "classes": "display_class",
    "communes": "main__commune_id",
    "activities": "activities__code",
    "stages": "stage",
    "approvals": "approvals__kind",
    "inventions": "invention",
}
WIDEST: Final = 330
WIDEST_ON_PHONE: Final = 292
"""Lengths of the longest bar, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Listed structures of the home territory, counted by value: what a first visitor is told."""

    classes: Mapping[str, int]
    communes: Mapping[str, int]
    activities: Mapping[str, int]
    stages: Mapping[str, int]
    approvals: Mapping[str, int]
    inventions: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.classes.values())


def overview(reader: Reader) -> Overview:
    """Every count of the home page, over the rows that the list shows by default. 1 statement."""
    rows = base(reader, Asked())
    parts = [counted(name, rows, path) for name, path in _COUNTED.items()]
    found: dict[str, dict[str, int]] = {name: {} for name in _COUNTED}
    for name, value, n in parts[0].union(*parts[1:], all=True):
        if value is not None:
            found[name][value] = n
    return Overview(**found)


@dataclass(frozen=True, slots=True)
class Bar:
    """One class of the chart. width, y: units of the wide drawing; narrow, top: of the phone's. share: per cent."""

    shown_as: DisplayClass
    count: int
    share: float
    width: int
    narrow: int
    y: int
    top: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The directory by class, the most frequent first, under the finding that titles it."""

    title: Sentence
    bars: Sequence[Bar]
    total: int
    height: int
    tall: int


def chart(counts: Mapping[str, int]) -> Chart | None:
    """The chart of the display classes (glyph → structures); None when there is nothing to count. No statement."""
    kept = sorted(((n, glyph) for glyph, n in counts.items() if n), key=lambda pair: (-pair[0], pair[1]))
    if not kept:
        return None
    total, most = sum(counts.values()), kept[0][0]
    bars = [
        Bar(
            BY_GLYPH[glyph],
            n,
            round(100 * n / total, 1),
            max(3, WIDEST * n // most),
            max(3, WIDEST_ON_PHONE * n // most),
            38 * rank,
            54 * rank,
        )
        for rank, (n, glyph) in enumerate(kept)
    ]
    return Chart(finding(counts), bars, total, 38 * len(bars) + 6, 54 * len(bars))


def represented(reader: Reader, *, limit: int = 5) -> list[Organisation]:
    """The organisations the reader acts for, with their main place. 0 statement when there is none, else 1."""
    if not reader.organisations:
        return []
    mine = Organisation.objects.structures().filter(pk__in=reader.organisations)
    return list(mine.select_related("main").order_by("sort_name", "pk")[:limit])
