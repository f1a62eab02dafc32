"""What a table read from a file is made of: its rows, its damaged rows, the limits kept while reading, the errors."""

from __future__ import annotations

from dataclasses import dataclass

from toile.kernel.errors import UserError

MEBIBYTE = 1024 * 1024


class EmptyTable(UserError):
    """The file holds no line at all, or no header."""


class NotATable(UserError):
    """The file is of another kind (PDF, picture, web page, old Excel…)."""


class TooLarge(UserError):
    """The file, once decompressed, passes what is accepted."""


class ZipRefused(UserError):
    """The archive is a bomb, is locked, or does not hold exactly one table."""


class TruncatedTable(UserError):
    """The file ends before its own format says it should."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is accepted of a file: sizes in bytes once decompressed, lengths in characters.

    `cell` is the longest cell that Excel itself can hold (32,767 characters).
    """

    total: int = 512 * MEBIBYTE
    line: int = 8 * MEBIBYTE
    cell: int = 32_767
    columns: int = 2_000
    zip_ratio: int = 150
    zip_entries: int = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """One good row: the line where it begins in the file (the first is 1) and its cells by column name."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Damaged:
    """One row that could not be read: where it is, and why, in French."""

    line: int
    column: str | None
    reason_fr: str


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of a grid before its columns have names: what the readers of each format hand over."""

    line: int
    cells: list[str]
    shifted: bool = False  # a « \" » was met: the cells may have slipped by a column
