"""What the documents of an edition are made from: its figures, their index, the names of places, notes, drawings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.urls import reverse

from toile.kernel.api import absolute
from toile.kernel.documents.parts import Picture
from toile.kernel.figures import Cell, Figure
from toile.panorama.models import Edition, Note
from toile.panorama.queries.figures import figures_of
from toile.panorama.queries.naming import Names, names_of

MOST_FIGURES: Final = 400_000
"""More than a department's edition has; a workbook's sheet holds a million rows."""


@dataclass(frozen=True)
class Material:
    """An edition, ready to be told. drawings: in their order. address: of the edition's page."""

    edition: Edition
    figures: Sequence[Figure]
    names: Names
    notes: Sequence[Note] = ()
    drawings: Sequence[Picture] = ()
    address: str = ""
    by_cell: Mapping[tuple[str, Cell], Figure] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = {(figure.indicator, figure.cell): figure for figure in self.figures}
        object.__setattr__(self, "by_cell", found)

    @property
    def whole(self) -> Cell:
        """The cell of the whole perimeter, in the edition's year."""
        return Cell(self.edition.perimeter, year=self.edition.year or 0)

    def at(self, indicator: str, **axes: str | int) -> Figure | None:
        """The figure of the whole perimeter, or of what `axes` say; None where the edition has none."""
        return self.by_cell.get((indicator, self.whole._replace(**axes)))  # type: ignore[arg-type]

    def name(self, axis: str, code: str) -> str:
        """The name of a value of an axis of cells; its code when nobody named it."""
        return self.names.of(axis, code)

    @property
    def made_on(self) -> dt.datetime:
        """The date that files tell: of its publication, else of its build."""
        return self.edition.published_at or self.edition.built_at or self.edition.made_at

    @property
    def simulated(self) -> bool:
        """Whether one figure at least is of invented data."""
        return self.edition.simulated or any(figure.simulated for figure in self.figures)


def material_of(edition: Edition, drawings: Sequence[Picture] = ()) -> Material:
    """Read all that the documents take. 4 statements."""
    figures = figures_of(edition, most=MOST_FIGURES)
    return Material(
        edition,
        figures,
        names_of(edition, {figure.cell.commune for figure in figures} - {""}),
        list(edition.notes.all()),
        drawings,
        absolute(reverse("panorama:edition", args=[edition.pk])),
    )
