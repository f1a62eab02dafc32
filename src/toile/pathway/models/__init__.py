"""The tables of the path: doors and procedures, cases, offers and requests, gates, followed firms, the team's time."""

from .cases import Answer, AnswerBy, Case, CaseState, Holder, Note, Sharing
from .doors import Door
from .followed import Call, CheckIn, Followed, FollowedSource, Signal
from .leads import Lead, LeadState
from .offers import Offer, Referral, ReferralState, Suggested
from .paths import Deliverable, Document, Passage, Worksheet
from .planning import Availability, Visit, WeekPlan
from .procedures import ProcedureVersion
from .receptions import CaseImport, ImportedRow, Initiation, Twin
from .surveys import Survey, SurveyReply

__all__ = [
    "Answer",
    "AnswerBy",
    "Availability",
    "Call",
    "Case",
    "CaseImport",
    "CaseState",
    "CheckIn",
    "Deliverable",
    "Document",
    "Door",
    "Followed",
    "FollowedSource",
    "Holder",
    "ImportedRow",
    "Initiation",
    "Lead",
    "LeadState",
    "Note",
    "Offer",
    "Passage",
    "ProcedureVersion",
    "Referral",
    "ReferralState",
    "Sharing",
    "Signal",
    "Suggested",
    "Survey",
    "SurveyReply",
    "Twin",
    "Visit",
    "WeekPlan",
    "Worksheet",
]
