"""The matrix of needs: which need is met at which stage, under which heading, and the holes nobody fills."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from toile.kernel.errors import UserError
from toile.kernel.typography import french_number
from toile.pathway.rules.offers import Offer, is_open

MATRIX_TOML: Final = Path(__file__).with_name("matrix.toml")

HoleKind = Literal["nobody", "declared", "wait"]


class MatrixFault(UserError):
    """A matrix file that contradicts itself."""


class Titled(NamedTuple):
    """A heading or a stage: its code and its French title."""

    code: str
    title: str


class Cell(NamedTuple):
    """One place of the matrix: a need at a stage, under a heading (codes)."""

    heading: str
    stage: str
    need: str


@dataclass(frozen=True, slots=True)
class Need:
    """One need. under: heading → stages. unserved: why nobody serves it here, when the file declares so."""

    code: str
    title: str
    under: Mapping[str, tuple[str, ...]]
    source: Literal["document", "ours"]
    group: str = ""
    detail: str = ""
    unserved: str = ""

    @property
    def stages(self) -> frozenset[str]:
        """Every stage at which it is met, whatever the heading."""
        return frozenset(stage for stages in self.under.values() for stage in stages)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Headings × stages × needs, in the order they are shown; the words are French."""

    version: str
    title: str
    reading: str
    headings: tuple[Titled, ...]
    stages: tuple[Titled, ...]
    needs: Mapping[str, Need]
    long_wait_days: int = 30
    least_told: int = 5
    titles: Mapping[str, str] = field(default_factory=dict)
    """Code of a stage → its title."""

    def cells(self) -> Iterator[Cell]:
        """Every place, by heading, then stage, then need."""
        for heading in self.headings:
            for stage in self.stages:
                for need in self.needs.values():
                    if stage.code in need.under.get(heading.code, ()):
                        yield Cell(heading.code, stage.code, need.code)

    def of_stage(self, stage: str) -> tuple[Need, ...]:
        """The needs met at a stage."""
        return tuple(need for need in self.needs.values() if stage in need.stages)


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of the matrix that nobody fills well: no open offer, or too long a wait (days, median of `waited`)."""

    cell: Cell
    kind: HoleKind
    sentence: str
    median_days: float | None = None
    waited: int = 0


def holes(
    matrix: Matrix,
    offers: Iterable[Offer],
    waits: Mapping[tuple[str, str], Sequence[int]],
    on: date,
    *,
    least: int = 1,
) -> tuple[Hole, ...]:
    """What the territory lacks on a day: a (stage, need) with no active offer, or a median wait over the setting.

    waits: (stage, need) → days that persons waited. least: how many waits before a median is told (`least_told` on a
    public page). A need declared unserved is a hole that is known. Source: domain H1.
    """
    active = [offer for offer in offers if is_open(offer, on)]
    return tuple(hole for cell in matrix.cells() if (hole := _hole(matrix, cell, active, waits, least)))


def _hole(
    matrix: Matrix,
    cell: Cell,
    active: Collection[Offer],
    waits: Mapping[tuple[str, str], Sequence[int]],
    least: int,
) -> Hole | None:
    need = matrix.needs[cell.need]
    if not any(offer.serves(cell.stage, cell.need) for offer in active):
        if need.unserved:
            return Hole(cell, "declared", need.unserved)
        return Hole(cell, "nobody", "Aucune offre en cours ne répond à ce besoin à cette étape.")
    waited = waits.get((cell.stage, cell.need), ())
    if len(waited) < max(least, 1):
        return None
    middle = median(waited)
    if middle <= matrix.long_wait_days:
        return None
    days, setting = french_number(middle), french_number(matrix.long_wait_days)
    sentence = f"La moitié des personnes attendent {days} jours ou plus ; au-delà de {setting} jours, c’est trop."
    return Hole(cell, "wait", sentence, float(middle), len(waited))


@cache
def matrix(path: Path = MATRIX_TOML) -> Matrix:
    """The matrix of a file; raises MatrixFault with a French sentence where it contradicts itself."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    headings = _titled(tables["heading"], "titre")
    stages = _titled(tables["stage"], "étape")
    needs: dict[str, Need] = {}
    for table in tables["need"]:
        need = _need(table, {one.code for one in headings}, {one.code for one in stages})
        if need.code in needs:
            raise MatrixFault(f"Le besoin « {need.code} » est déclaré deux fois dans la matrice.")
        needs[need.code] = need
    return Matrix(
        version=tables["version"],
        title=tables["title"],
        reading=tables["reading"],
        headings=headings,
        stages=stages,
        needs=MappingProxyType(needs),
        long_wait_days=tables["holes"]["long_wait_days"],
        least_told=tables["holes"]["least_told"],
        titles=MappingProxyType({stage.code: stage.title for stage in stages}),
    )


def _titled(tables: Iterable[Mapping[str, Any]], what: str) -> tuple[Titled, ...]:
    found = tuple(Titled(table["code"], table["title"]) for table in tables)
    codes = [one.code for one in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise MatrixFault(f"Dans la matrice, le code de {what} « {twice} » sert deux fois.")
    return found


def _need(table: Mapping[str, Any], headings: Collection[str], stages: Collection[str]) -> Need:
    code = table["code"]
    under = {heading: tuple(of) for heading, of in table.get("under", {}).items()}
    unknown = sorted(set(under) - set(headings)) + sorted({s for of in under.values() for s in of} - set(stages))
    if unknown:
        raise MatrixFault(f"Le besoin « {code} » est rangé sous « {unknown[0]} », que la matrice ne déclare pas.")
    if not any(under.values()):
        raise MatrixFault(f"Le besoin « {code} » n’est rangé à aucune étape de la matrice.")
    because = ""
    if table.get("served") == "unserved":
        because = table.get("because", "")
        if not because:
            raise MatrixFault(f"Le besoin « {code} » est dit sans réponse : la matrice doit dire pourquoi (because).")
    return Need(
        code=code,
        title=table["title"],
        under=MappingProxyType(under),
        source=table["source"],
        group=table.get("group", ""),
        detail=table.get("detail", ""),
        unserved=because,
    )
