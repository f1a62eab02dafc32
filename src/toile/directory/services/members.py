"""Who represents which organisation: coming, changing roles, handing over, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts import MEMBER_JOINED, MEMBER_LEFT
from toile.directory.facts_members import MEMBER_PROMOTED, RoleGiven
from toile.directory.models import Invitation, Membership, Organisation
from toile.directory.models.claims import InvitationState
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import APPOINT, MEMBER_LEAVE, MEMBERS_RUN
from toile.directory.rules.claiming import Departure, departure
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import holds, require
from toile.kernel.readers import Reader
from toile.thread.services import record

DISMISSED = "directory.member.dismissed"
People = Mapping[UUID, MemberRole]
"""Who represents a structure, each with their role."""


class HandOverFirst(UserError):
    """The last person who leads a structure leaves it to somebody before going."""


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


def people_held(canonical: UUID) -> dict[UUID, MemberRole]:
    """Who represents a structure, inside an act that keeps others from changing it meanwhile. 2 statements."""
    Organisation.objects.select_for_update().get(pk=canonical)
    return Membership.objects.in_force().of_structure(canonical).roles()


def is_of_the_team(reader: Reader) -> bool:
    """Whether a role, and not the structure, lets this reader decide who represents it."""
    return holds(reader, MEMBERS_RUN.code, owners=())


def must_run(reader: Reader, people: People) -> None:
    """Raise `Forbidden` unless the reader leads the structure or is of the team."""
    if not is_of_the_team(reader) and (reader.person is None or people.get(reader.person) != MemberRole.LEAD):
        raise Forbidden(_("Seules les personnes responsables de la structure, ou l’équipe, peuvent le faire."))


def change_role(actor: Actor, reader: Reader, organisation: Organisation, person: UUID, role: MemberRole) -> None:
    """Give a member another role. Raises `Forbidden`, `Conflict` (gone meanwhile), `HandOverFirst` (the last lead)."""
    require(reader, MEMBERS_RUN.code, owners=organisation.owners())
    with act(actor):
        people = people_held(organisation.canonical_id)
        must_run(reader, people)
        _must_be_there(people, person)
        if role != MemberRole.LEAD and _owes(people, person) is not Departure.FREE:
            raise HandOverFirst(_("C’est la dernière personne responsable : donnez d’abord ce rôle à une autre."))
        give_role(organisation.canonical_id, people, person, role)


def hand_over(actor: Actor, reader: Reader, organisation: Organisation, successor: UUID) -> None:
    """Pass one's lead of a structure to another member; one goes on as a contributor.

    Raises `Forbidden` when the reader does not lead it, `Conflict` when the other has left.
    """
    require(reader, MEMBER_LEAVE.code, owners=organisation.owners())
    assert reader.person is not None
    with act(actor):
        people = people_held(organisation.canonical_id)
        if people.get(reader.person) != MemberRole.LEAD:
            raise Forbidden(_("Seule une personne responsable peut passer la main."))
        _must_be_there(people, successor, but=reader.person)
        give_role(organisation.canonical_id, people, successor, MemberRole.LEAD)
        give_role(organisation.canonical_id, people, reader.person, MemberRole.CONTRIBUTOR)


def leave(actor: Actor, reader: Reader, organisation: Organisation, *, successor: UUID | None = None) -> Departure:
    """Leave a structure, having given its lead to `successor` if one is named; what it asked for.

    Raises `HandOverFirst` when the last person who leads names nobody while others stay, `Conflict` when the one named
    has left, or the reader already.
    """
    require(reader, MEMBER_LEAVE.code, owners=organisation.owners())
    assert reader.person is not None
    with act(actor):
        people = people_held(organisation.canonical_id)
        _must_be_there(people, reader.person)
        owed = _owes(people, reader.person)
        if owed is Departure.HAND_OVER and successor is None:
            raise HandOverFirst(_("Choisissez d’abord qui devient responsable après vous."))
        if successor is not None:
            if people[reader.person] != MemberRole.LEAD:
                raise Forbidden(_("Seule une personne responsable peut passer la main."))
            _must_be_there(people, successor, but=reader.person)
            give_role(organisation.canonical_id, people, successor, MemberRole.LEAD)
        _end(organisation.canonical_id, reader.person)
    return owed


def dismiss(actor: Actor, reader: Reader, organisation: Organisation, person: UUID, *, because: str) -> None:
    """End somebody's part in a structure, for a reason that is written to them; the invitations they sent end too.

    Raises `Forbidden`, `Conflict` (gone meanwhile), `HandOverFirst` (the last lead, while others stay).
    """
    require(reader, MEMBERS_RUN.code, owners=organisation.owners())
    with act(actor):
        people = people_held(organisation.canonical_id)
        must_run(reader, people)
        _must_be_there(people, person)
        if not because.strip():
            raise UserError(_("Dites pourquoi : la personne le lira."))
        if _owes(people, person) is Departure.HAND_OVER:
            raise HandOverFirst(_("C’est la dernière personne responsable : donnez d’abord ce rôle à une autre."))
        ended = _end(organisation.canonical_id, person, ended_by=actor.person, because=because.strip())
        theirs = Invitation.objects.filter(organisation__canonical=organisation.canonical_id, invited_by=person)
        theirs.filter(state=InvitationState.SENT).update(
            state=InvitationState.WITHDRAWN, email="", ended_at=timezone.now()
        )
        enqueue(actor, DISMISSED, key=str(ended), membership=ended)


def give_role(canonical: UUID, people: People, person: UUID, role: MemberRole) -> None:
    """Set a member's role, inside an act; nothing when they have it."""
    if people[person] == role:
        return
    Membership.objects.in_force().of_structure(canonical).filter(person=person).update(role=role)
    record(MEMBER_PROMOTED, about=[canonical], data=RoleGiven(role.value))


def _end(canonical: UUID, person: UUID, **why: object) -> int:
    """End somebody's memberships in a structure, one fact for each organisation; the number of the first."""
    rows = list(Membership.objects.in_force().of_structure(canonical).filter(person=person).order_by("pk"))
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(until=timezone.now(), **why)
    for row in rows:
        record(MEMBER_LEFT, about=[row.organisation_id])
    return rows[0].pk


def _owes(people: People, person: UUID) -> Departure:
    others = [role for one, role in people.items() if one != person]
    return departure(
        is_lead=people[person] == MemberRole.LEAD, other_leads=others.count(MemberRole.LEAD), others=len(others)
    )


def _must_be_there(people: People, person: UUID, *, but: UUID | None = None) -> None:
    if person not in people or person == but:
        raise Conflict(_("Cette personne ne représente plus la structure : rechargez la page."))
