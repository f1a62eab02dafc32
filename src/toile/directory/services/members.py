"""Who represents which organisation."""

from __future__ import annotations

from uuid import UUID

from toile.directory.facts import MEMBER_JOINED
from toile.directory.models import Membership, Organisation
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import APPOINT
from toile.kernel.acts import Actor, act
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.thread.services import record


def appoint(
    actor: Actor,
    reader: Reader | None,
    *,
    person: UUID,
    organisation: Organisation,
    role: MemberRole = MemberRole.CONTRIBUTOR,
) -> Membership:
    """Make a person act for an organisation; `reader` None when a command does it. Safe twice."""
    if reader is not None:
        require(reader, APPOINT.code)
    with act(actor):
        return begin(person, organisation.pk, role)


def begin(person: UUID, organisation: UUID, role: MemberRole) -> Membership:
    """Have a person represent an organisation, inside an act; who already does goes on."""
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation_id=organisation, until=None, defaults={"role": role}
    )
    if is_new:
        record(MEMBER_JOINED, about=[organisation])
    return membership
