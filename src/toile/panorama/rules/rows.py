"""Figures as long rows, the form in which they leave for the command line, CSV and spreadsheets."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from toile.kernel.figures import Figure

DIGITS: Final = 6
"""Digits kept after the point, as the table of values keeps them."""


class LongRow(NamedTuple):
    """One figure, every column as text; an empty axis means all, a hidden or unknown value is empty, never 0."""

    indicator: str
    perimeter: str
    commune: str
    family: str
    sector: str
    size: str
    unit: str
    low: str
    value: str
    high: str
    status: str


COLUMNS: Final = LongRow._fields
NUMBERS: Final = ("low", "value", "high")


def long_row(figure: Figure) -> LongRow:
    """A figure as a row; numbers with a point, at most six digits after it and none that says nothing."""
    cell = figure.cell
    return LongRow(
        figure.indicator,
        cell.perimeter,
        cell.commune,
        cell.family,
        cell.sector,
        cell.size,
        figure.unit,
        plain(figure.low),
        plain(figure.value),
        plain(figure.high),
        figure.status.value,
    )


def json_row(figure: Figure) -> dict[str, str | int | float | None]:
    """The same row for JSON: numbers are numbers, and what has no value is null."""
    row: dict[str, str | int | float | None] = dict(long_row(figure)._asdict())
    return row | {name: json_number(getattr(figure, name)) for name in NUMBERS}


def plain(value: Decimal | None) -> str:
    """A number as a program reads it: `1566`, `14.1`, `-0.5`; empty when there is none. Half rounded to even."""
    if value is None:
        return ""
    # Through its text: a float would write 0.1 + 0.2 in full, and a normalized Decimal 2E+1 for 20.
    written = f"{round(value, DIGITS):f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def json_number(value: Decimal | None) -> int | float | None:
    """A number for JSON: whole when it is, else with at most six digits; None when there is none."""
    if value is None:
        return None
    written = plain(value)
    return float(written) if "." in written else int(written)
