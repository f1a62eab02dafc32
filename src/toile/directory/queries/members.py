"""Who represents a structure, who asks to, who was invited: for its people, for the team, for oneself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from toile.directory.models import Claim, Invitation, Membership, Organisation
from toile.directory.models.claims import InvitationState
from toile.directory.models.memberships import MemberRole
from toile.directory.models.organisations import Stage
from toile.directory.permissions import CLAIMS_READ
from toile.directory.rules.claiming import ClaimState
from toile.kernel.permissions import holds
from toile.kernel.readers import Reader
from toile.thread.delivery import address_of
from toile.thread.names import name_all

A_PAGE: Final = 30
MOST: Final = 200
"""People, invitations or claims of one structure that a page shows."""
MOST_OF_MINE: Final = 50


def people_known_to(reader: Reader, people: Collection[UUID]) -> Sequence[QuerySet[Any]]:
    """Those of these people whose names the reader may read, as querysets; nothing for who represents nothing.

    Somebody who represents a structure, or waits for its answer, is named to its people, and to the team.
    """
    if not reader.is_signed_in:
        return ()
    members = Membership.objects.in_force().filter(person__in=people)
    claims = Claim.objects.filter(person__in=people)
    if not holds(reader, CLAIMS_READ.code):
        if not reader.organisations:
            return ()
        members = members.filter(organisation__in=reader.organisations)
        claims = claims.filter(organisation__in=reader.organisations, state=ClaimState.WAITING_DECISION)
    return members.values("person"), claims.values("person")


def shown_names(reader: Reader, people: Collection[UUID]) -> dict[UUID, str]:
    """The name of each of these people as the reader may read it, else « une personne » (statements of `name_all`)."""
    named = name_all(reader, people)
    return {person: named[person].label if person in named else _("une personne") for person in people}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who represents a structure, as the reader may know them."""

    person: UUID
    name: str
    role: MemberRole
    since: datetime
    is_me: bool

    @property
    def leads(self) -> bool:
        return self.role == MemberRole.LEAD


@dataclass(frozen=True, slots=True)
class Team:
    """Who represents a structure: its people, those who lead first; who was invited; who asks.

    had_people: whether it has had some before.
    """

    members: Sequence[Member]
    invitations: Sequence[Invitation]
    claims: Sequence[tuple[Claim, str]]
    had_people: bool = False

    @property
    def me(self) -> Member | None:
        """The reader, when they represent it themselves."""
        return next((member for member in self.members if member.is_me), None)


def team_of(reader: Reader, organisation: Organisation) -> Team:
    """A structure's people, its open invitations and its claims that wait. 4 statements, and those of the names."""
    canonical = organisation.canonical_id
    ever = Membership.objects.of_structure(canonical)
    kept: dict[UUID, Membership] = {}
    for row in ever.in_force().order_by("since", "pk")[:MOST]:
        if row.person is not None:
            first = kept.setdefault(row.person, row)
            first.role = MemberRole.LEAD if MemberRole.LEAD in (row.role, first.role) else first.role
    sent = Invitation.objects.filter(organisation__canonical=canonical, state=InvitationState.SENT)
    waiting = list(
        Claim.objects.of_structure(canonical).filter(state=ClaimState.WAITING_DECISION).order_by("made_at")[:MOST]
    )
    names = shown_names(reader, {*kept, *(claim.person for claim in waiting)})
    members = [
        Member(person, names[person], MemberRole(row.role), row.since, person == reader.person)
        for person, row in kept.items()
    ]
    return Team(
        sorted(members, key=lambda member: (not member.leads, member.since)),
        list(sent.order_by("made_at", "pk")[:MOST]),
        [(claim, names[claim.person]) for claim in waiting],
        had_people=ever.exists(),
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the claims, and how many wait and are closed."""

    page: Page[Claim]
    open: int
    closed: int
    names: Mapping[UUID, str] = field(default_factory=dict)


def claims_for(reader: Reader) -> QuerySet[Claim]:
    """The claims that this reader may read, with their structure."""
    return Claim.objects.visible_to(reader).select_related("organisation__canonical__main__commune")


def claims_queue(reader: Reader, *, closed: bool, page: str | None) -> Queue:
    """Thirty claims that wait for a decision, the oldest first, or closed ones, the latest first. 3 statements, and
    those of the names."""
    counted = claims_for(reader).aggregate(
        open=Count("pk", filter=Q(state=ClaimState.WAITING_DECISION)),
        closed=Count("pk", filter=Q(decided_at__isnull=False)),
    )
    shown = claims_for(reader)
    if closed:
        shown = shown.filter(decided_at__isnull=False).order_by("-decided_at", "pk")
    else:
        shown = shown.filter(state=ClaimState.WAITING_DECISION).order_by("made_at", "pk")
    found = Paginator(shown, A_PAGE).get_page(page)
    return Queue(found, **counted, names=shown_names(reader, {claim.person for claim in found.object_list}))


def claims_waiting(reader: Reader) -> QuerySet[Claim]:
    """The claims that wait for a decision, the oldest first."""
    return claims_for(reader).filter(state=ClaimState.WAITING_DECISION).order_by("made_at", "pk")


def claims_on_mine(reader: Reader, most: int = 5) -> Sequence[Claim]:
    """The oldest claims that wait on the structures that the reader leads. At most 1 statement."""
    if not reader.organisations:
        return []
    led = Membership.objects.in_force().filter(person=reader.person, role=MemberRole.LEAD)
    rows = Claim.objects.filter(organisation__canonical__in=led.values("organisation__canonical"))
    return list(
        rows.filter(state=ClaimState.WAITING_DECISION)
        .select_related("organisation__canonical")
        .order_by("made_at", "pk")[:most]
    )


def left_alone(reader: Reader) -> QuerySet[Organisation]:
    """The structures that had people and have none left, since when (`alone_since`); what has ceased needs nobody."""
    some = Membership.objects.in_force().values("organisation__canonical")
    had = Membership.objects.filter(until__isnull=False).exclude(organisation__canonical__in=some)
    return (
        Organisation.objects.visible_to(reader)
        .structures()
        .filter(pk__in=had.values("organisation__canonical"))
        .exclude(stage=Stage.CEASED)
        .annotate(alone_since=Max("members__memberships__until"))
        .order_by("alone_since", "pk")
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked and was offered: their claims, the latest first, and the invitations to their address."""

    claims: Sequence[Claim]
    invitations: Sequence[Invitation]


def asked_by(reader: Reader) -> Asked:
    """One's own claims that were not accepted, and one's invitations. 3 statements."""
    assert reader.person is not None
    claims = Claim.objects.filter(person=reader.person).exclude(state=ClaimState.ACCEPTED)
    address = address_of(reader.person)
    sent = Invitation.objects.filter(email=address.email.lower() if address else "", state=InvitationState.SENT)
    return Asked(
        list(claims.select_related("organisation__canonical").order_by("-made_at")[:MOST_OF_MINE]),
        list(sent.select_related("organisation__canonical").order_by("made_at")[:MOST_OF_MINE]),
    )
