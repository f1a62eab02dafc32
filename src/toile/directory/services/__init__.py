"""Every write of the directory, by what is written: corrections, judgements, memberships, whole records."""

from .contact import NobodyReceives, recipients, write_to
from .corrections import correct, decide
from .judgements import (
    AlreadyJudged,
    AlreadyOne,
    HeldDifferent,
    NotOpen,
    SamePair,
    WrittenSince,
    join_all,
    judge,
    withdraw,
)
from .members import appoint
from .preferences import NotPreferable, prefer
from .records import add, add_records
from .reports import close_report, report_error

__all__ = [
    "AlreadyJudged",
    "AlreadyOne",
    "HeldDifferent",
    "NobodyReceives",
    "NotOpen",
    "NotPreferable",
    "SamePair",
    "WrittenSince",
    "add",
    "add_records",
    "appoint",
    "close_report",
    "correct",
    "decide",
    "join_all",
    "judge",
    "prefer",
    "recipients",
    "report_error",
    "withdraw",
    "write_to",
]
