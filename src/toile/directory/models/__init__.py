"""The directory's tables: structures, what sources said of them, what people judged, and who represents them."""

from .campaigns import Campaign, Confirmation
from .claims import Claim, Invitation
from .imports import ImportRun
from .letters import Letter, LetterItem, Subscriber
from .memberships import Membership
from .news import News, NewsComment, NewsReport
from .organisations import Approval, Establishment, Organisation, OrganisationActivity
from .photos import Photo
from .records import Candidate, Judgement, SourceRecord
from .reports import ErrorReport
from .revisions import Revision

__all__ = [
    "Approval",
    "Campaign",
    "Candidate",
    "Claim",
    "Confirmation",
    "ErrorReport",
    "Establishment",
    "ImportRun",
    "Invitation",
    "Judgement",
    "Letter",
    "LetterItem",
    "Membership",
    "News",
    "NewsComment",
    "NewsReport",
    "Organisation",
    "OrganisationActivity",
    "Photo",
    "Revision",
    "SourceRecord",
    "Subscriber",
]
