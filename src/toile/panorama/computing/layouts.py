"""The kinds of files the observatory opens, read from `layouts.toml`: how each is told, and its official columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from toile.directory.imports import stock_columns as official
from toile.kernel.fold import fold

LAYOUTS_TOML = Path(__file__).with_name("layouts.toml")
_STOCK = {
    "stock_units": (official.UNITE_LEGALE_ASKED, official.UNITE_LEGALE_REQUIRED, official.ETABLISSEMENT),
    "stock_places": (official.ETABLISSEMENT_ASKED, official.ETABLISSEMENT_REQUIRED, official.UNITE_LEGALE),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file (a value of `panorama.models.SourceKind`).

    name: what its folded file name holds. marks: the columns that tell it. columns: those taken
    from it, required: those without which it is nothing. other: columns that tell the files of a stock were swapped.
    aliases: official name → another name it may have.
    """

    kind: str
    name: re.Pattern[str]
    marks: frozenset[str]
    columns: tuple[str, ...]
    required: tuple[str, ...]
    other: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def is_told_by(self, present: Collection[str]) -> bool:
        """Whether the columns present are those of this kind."""
        return all(mark in present or self.aliases.get(mark) in present for mark in self.marks)


@cache
def layouts() -> tuple[Layout, ...]:
    """The kinds, the most specific first."""
    table = tomllib.loads(LAYOUTS_TOML.read_text(encoding="utf-8"))
    found = []
    for entry in table["layout"]:
        columns, required, other = _STOCK.get(entry["kind"], (entry.get("columns"), entry.get("required"), ()))
        found.append(
            Layout(
                entry["kind"],
                re.compile(entry["name"]),
                frozenset(entry["marks"]),
                tuple(columns),
                tuple(required),
                tuple(other),
                entry.get("aliases", {}),
            )
        )
    return tuple(found)


@cache
def widths() -> Mapping[str, int]:
    """Column → the characters its codes have."""
    return dict(tomllib.loads(LAYOUTS_TOML.read_text(encoding="utf-8"))["widths"])


def layout_of(kind: str) -> Layout:
    """The layout of a kind."""
    return next(layout for layout in layouts() if layout.kind == kind)


def guess(filename: str, present: Collection[str], said: str = "") -> Layout | None:
    """What a file is: by its columns, else what somebody says (a kind), else what its name says, if anything."""
    for layout in layouts():
        if layout.is_told_by(present):
            return layout
    if said:
        return next((layout for layout in layouts() if layout.kind == said), None)
    folded = fold(filename)
    return next((layout for layout in layouts() if layout.name.search(folded)), None)
