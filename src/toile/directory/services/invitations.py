"""Inviting somebody, by e-mail, to represent a structure: the same answer whether they have an account or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.facts_members import INVITATION_SENT, Invited
from toile.directory.models import Invitation, Organisation
from toile.directory.models.claims import InvitationState
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import INVITATION_ANSWER, MEMBERS_RUN
from toile.directory.services.claims import TooOften, welcome
from toile.directory.services.members import must_run, people_held
from toile.kernel import links
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Gone
from toile.kernel.jobs import enqueue
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.kernel.throttle import Pace, may
from toile.thread.services import record

INVITE: Final = "directory.invitation.answer"
LETTER: Final = "directory.invitation.letter"
LASTS: Final = timedelta(days=14)
ENDED_KEPT: Final = timedelta(days=365)
SENDER_PACES: Final = (Pace(10, 3600), Pace(30, 24 * 3600))
ADDRESS_PACES: Final = (Pace(3, 24 * 3600),)


def invite(actor: Actor, reader: Reader, organisation: Organisation, *, email: str, role: MemberRole) -> Invitation:
    """Invite the holder of an address; the same address invited again is sent its letter again, with the new role.

    Nothing is looked up about the address. Raises `Forbidden`, `TooOften`.
    """
    require(reader, MEMBERS_RUN.code, owners=organisation.owners())
    address = email.strip().lower()
    canonical = organisation.canonical_id
    with act(actor):
        must_run(reader, people_held(canonical))
        if not (may(LETTER, str(reader.person), SENDER_PACES) and may(LETTER, address, ADDRESS_PACES)):
            raise TooOften(_("Plusieurs invitations viennent de partir : attendez demain, puis recommencez."))
        still = Invitation.objects.filter(
            organisation__canonical=canonical, email=address, state=InvitationState.SENT
        ).first()
        if still is None:
            still = Invitation.objects.create(
                organisation_id=canonical, email=address, role=role, invited_by=actor.person
            )
            record(INVITATION_SENT, about=[canonical], data=Invited(str(still.pk)))
        else:
            still.role, still.invited_by, still.made_at = role, actor.person, timezone.now()
            still.save(update_fields=["role", "invited_by", "made_at"])
        enqueue(actor, LETTER, key=str(still.pk), invitation=str(still.pk))
    return still


def invitation_of(token: str) -> Invitation:
    """The invitation that a letter's link names. Raises `NotVisible` (forged) or `Gone` (too old, answered). 1
    statement."""
    key = links.read(INVITE, token, lasts=LASTS)
    found = Invitation.objects.select_related("organisation").filter(pk=key, state=InvitationState.SENT).first()
    if found is None:
        raise Gone(_("Cette invitation a déjà sa réponse, ou elle a été retirée. Demandez-en une autre si besoin."))
    return found


def accept(actor: Actor, reader: Reader, token: str) -> Invitation:
    """Represent the structure that invites, as whoever holds the link. Raises what `invitation_of` does."""
    require(reader, INVITATION_ANSWER.code)
    assert reader.person is not None
    invitation = invitation_of(token)
    canonical = invitation.organisation.canonical_id
    with act(actor):
        people = people_held(canonical)
        _answer(invitation, InvitationState.ACCEPTED, accepted_by=reader.person)
        welcome(canonical, people, reader.person, asks_to_lead=invitation.role == MemberRole.LEAD)
    return invitation


def decline(actor: Actor, token: str) -> Invitation:
    """Say no, without an account: the link is enough. Raises what `invitation_of` does."""
    invitation = invitation_of(token)
    with act(actor):
        _answer(invitation, InvitationState.DECLINED)
    return invitation


def withdraw_invitation(actor: Actor, reader: Reader, invitation: Invitation) -> None:
    """Take an invitation back: its link does nothing any more. Raises `Forbidden`, `Conflict` when it was answered."""
    require(reader, MEMBERS_RUN.code, owners=invitation.owners())
    with act(actor):
        must_run(reader, people_held(invitation.organisation.canonical_id))
        if not _end(Invitation.objects.filter(pk=invitation.pk), InvitationState.WITHDRAWN):
            raise Conflict(_("Cette invitation a déjà sa réponse : rechargez la page."))


def forget_invitations(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Close the invitations that nobody answered in time, delete those ended a year ago; how many of each."""
    with act(actor):
        expired = _end(Invitation.objects.filter(made_at__lt=now - LASTS), InvitationState.EXPIRED)
        deleted, _by_table = Invitation.objects.filter(ended_at__lt=now - ENDED_KEPT).delete()
    return expired, deleted


def _answer(invitation: Invitation, state: InvitationState, **how: Any) -> None:
    if not _end(Invitation.objects.filter(pk=invitation.pk), state, **how):
        raise Gone(_("Cette invitation a déjà sa réponse."))


def _end(invitations: Any, state: InvitationState, **how: Any) -> int:
    sent = invitations.filter(state=InvitationState.SENT)
    return int(sent.update(state=state, email="", ended_at=timezone.now(), **how))
