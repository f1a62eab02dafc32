"""What the directory writes on the thread about who represents a structure, and who asks to."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models.memberships import MemberRole
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim's id."""

    claim: str


@dataclass(frozen=True, slots=True)
class Invited:
    """The invitation's id."""

    invitation: str


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """The role that a member has from now on (`MemberRole`)."""

    role: str

    def phrases(self) -> dict[str, str]:
        return {"role": str(dict(MemberRole.choices).get(self.role, _("un autre rôle")))}


CLAIM_RECEIVED = fact_kind(
    "directory.claim.received",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("reçoit une demande : quelqu’un souhaite la représenter."),
    data=Claimed,
    visibility=Visibility.MEMBERS,
)
CLAIM_ACCEPTED = fact_kind(
    "directory.claim.accepted",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("accepte la demande d’une personne qui souhaitait la représenter."),
    data=Claimed,
    visibility=Visibility.MEMBERS,
)
CLAIM_REFUSED = fact_kind(
    "directory.claim.refused",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("n’est pas confiée à la personne qui demandait à la représenter."),
    data=Claimed,
    visibility=Visibility.OWN,
    topic=UNTOLD,  # a letter is written to them
)
INVITATION_SENT = fact_kind(
    "directory.invitation.sent",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("invite une personne à la représenter."),
    data=Invited,
    visibility=Visibility.MEMBERS,
)
MEMBER_PROMOTED = fact_kind(
    "directory.member.promoted",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("change le rôle d’une personne de son équipe : {role}."),
    data=RoleGiven,
    visibility=Visibility.MEMBERS,
)
