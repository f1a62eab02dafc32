"""A figure with its provenance: what pages, charts, documents, spreadsheets and the API take, never a bare number."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Whether a figure can be told."""

    OK = "ok"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


class Cell(NamedTuple):
    """What a figure is about: one value for each axis of its table; an empty one means all.

    perimeter: an EPCI's SIREN, a perimeter's code, « dep:42 », « reg:84 » or « france ». commune: INSEE code.
    family: of domain A4. sector: a NAF section (`A`…`U`) or an ESS sector. size: a class of staff.
    year: the figure is of 31 December of it, or of the year for what happens in one; 0 when undated.
    """

    perimeter: str
    commune: str = ""
    family: str = ""
    sector: str = ""
    size: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where figures come from. simulated: invented data, which every page that shows them says."""

    code: str
    title: str
    publisher: str = ""
    vintage: str = ""
    url: str = ""
    licence: str = ""
    checksum: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of an indicator, in its unit, with what it takes to defend it.

    value: the central one; low and high: its interval when it is an estimate, else None. Hidden and unknown figures
    have no value, and `because` says why: a code of the room's reasons. query: the name of the query that computes it,
    whose text the edition keeps. edition: empty while it is not part of one.
    """

    indicator: str
    cell: Cell
    unit: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    status: Status = Status.OK
    because: str = ""
    sources: tuple[FigureSource, ...] = field(default=())
    query: str = ""
    edition: str = ""

    def __post_init__(self) -> None:
        told = self.value is not None
        if told != (self.status is Status.OK):
            raise ValueError(f"{self.indicator}: status {self.status} with value {self.value}")
        if (self.low is None) != (self.high is None) or (self.low is not None and not told):
            raise ValueError(f"{self.indicator}: half an interval, or an interval without a value")
        if told and self.low is not None and not self.low <= self.value <= self.high:  # type: ignore[operator]
            raise ValueError(f"{self.indicator}: {self.value} is outside [{self.low}, {self.high}]")
        if not told and not self.because:
            raise ValueError(f"{self.indicator}: {self.status} without a reason")

    @property
    def estimated(self) -> bool:
        """Whether it is an estimate, never shown without its interval (domain A12)."""
        return self.low is not None

    @property
    def simulated(self) -> bool:
        """Whether one of its sources is invented."""
        return any(source.simulated for source in self.sources)


def hidden(indicator: str, cell: Cell, unit: str, because: str, *sources: FigureSource, query: str = "") -> Figure:
    """A figure that a rule forbids to tell."""
    return Figure(indicator, cell, unit, status=Status.HIDDEN, because=because, sources=sources, query=query)


def unknown(indicator: str, cell: Cell, unit: str, because: str, *sources: FigureSource, query: str = "") -> Figure:
    """A figure that the sources do not give."""
    return Figure(indicator, cell, unit, status=Status.UNKNOWN, because=because, sources=sources, query=query)
