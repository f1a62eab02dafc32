"""The directory's pages."""

from .adding import add, alike_page
from .claims import claim, claim_prove, claim_settle, claim_withdraw, claims
from .contact import contact, contact_sent
from .correction import correct, decide
from .importing import import_mapping, import_new, import_report, import_report_json, imports
from .judging import duplicate_of, judgements, pair, pairs, sure_pairs, take_back
from .members import invitation, invitation_withdraw, leave, member, members
from .organisation import mine, organisation, qr
from .preferences import prefer
from .reports import report, report_received, report_treat, reports

__all__ = [
    "add",
    "alike_page",
    "claim",
    "claim_prove",
    "claim_settle",
    "claim_withdraw",
    "claims",
    "contact",
    "contact_sent",
    "correct",
    "decide",
    "duplicate_of",
    "import_mapping",
    "import_new",
    "import_report",
    "import_report_json",
    "imports",
    "invitation",
    "invitation_withdraw",
    "judgements",
    "leave",
    "member",
    "members",
    "mine",
    "organisation",
    "pair",
    "pairs",
    "prefer",
    "qr",
    "report",
    "report_received",
    "report_treat",
    "reports",
    "sure_pairs",
    "take_back",
]
