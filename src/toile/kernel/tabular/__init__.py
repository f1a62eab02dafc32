"""Reading of any spreadsheet that a person may drop: one door, `open_table`, for all the rooms."""

from .opening import open_table
from .shapes import Damaged, EmptyTable, Limits, NotATable, Row, TooLarge, TruncatedTable, ZipRefused
from .table import Table

__all__ = [
    "Damaged",
    "EmptyTable",
    "Limits",
    "NotATable",
    "Row",
    "Table",
    "TooLarge",
    "TruncatedTable",
    "ZipRefused",
    "open_table",
]
