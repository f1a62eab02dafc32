"""Every write of the directory, by what is written: corrections, judgements, memberships, whole records."""

from . import claims_parting, news_parting  # noqa: F401 -- declare what a split asks about claims and news
from .claims import ask, claim_of, may_settle, prove, settle_claim, withdraw_claim
from .contact import NobodyReceives, recipients, write_to
from .corrections import correct, decide
from .invitations import accept, decline, invitation_of, invite, withdraw_invitation
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
from .members import appoint, change_role, dismiss, hand_over, is_of_the_team, leave
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
    "accept",
    "add",
    "add_records",
    "appoint",
    "ask",
    "change_role",
    "claim_of",
    "close_report",
    "correct",
    "decide",
    "decline",
    "dismiss",
    "hand_over",
    "invitation_of",
    "invite",
    "is_of_the_team",
    "join_all",
    "judge",
    "leave",
    "may_settle",
    "prefer",
    "prove",
    "recipients",
    "report_error",
    "settle_claim",
    "withdraw",
    "withdraw_claim",
    "withdraw_invitation",
    "write_to",
]
