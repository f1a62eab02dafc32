"""The directory's tables: structures, what sources said of them, what people judged, and who represents them."""

from .imports import ImportRun
from .memberships import Membership
from .organisations import Approval, Establishment, Organisation, OrganisationActivity
from .records import Candidate, Judgement, SourceRecord
from .reports import ErrorReport

__all__ = [
    "Approval",
    "Candidate",
    "ErrorReport",
    "Establishment",
    "ImportRun",
    "Judgement",
    "Membership",
    "Organisation",
    "OrganisationActivity",
    "SourceRecord",
]
