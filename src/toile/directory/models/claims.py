"""Who asks to represent a structure, and who was invited to: until it is decided, then what is kept as proof."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.rules.claiming import OPEN, ClaimState
from toile.kernel.readers import Reader, Role

from .memberships import MemberRole
from .organisations import Organisation

STATES: Final = {
    ClaimState.WAITING_PROOF: _("attend que l’adresse soit confirmée"),
    ClaimState.WAITING_DECISION: _("attend une décision"),
    ClaimState.ACCEPTED: _("acceptée"),
    ClaimState.REFUSED: _("refusée"),
    ClaimState.WITHDRAWN: _("retirée"),
    ClaimState.EXPIRED: _("close : l’adresse n’a pas été confirmée à temps"),
}

CHOICES: Final = [(state.value, label) for state, label in STATES.items()]


class Way(models.TextChoices):
    """How a person asks: by an address at the structure's own domain, or by what they say to whoever decides."""

    DOMAIN = "domain", _("par une adresse au nom de la structure")
    MODERATOR = "moderator", _("par une décision")


class Claims(models.QuerySet["Claim"]):
    """Claims, by who reads."""

    def visible_to(self, reader: Reader) -> Claims:
        """One's own, those on the structures one represents, and all for the team, of structures that it sees."""
        if not reader.is_signed_in:
            return self.none()
        mine = Q(person=reader.person) | Q(organisation__in=reader.organisations)
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            mine |= Q(organisation__in=Organisation.objects.visible_to(reader))
        return self.filter(mine)

    def of_structure(self, canonical: UUID) -> Claims:
        """Those on a structure, on whichever of its organisations they were made."""
        return self.filter(organisation__canonical=canonical)

    def still_open(self) -> Claims:
        """Those that may still become something."""
        return self.filter(state__in=OPEN)


class Claim(models.Model):
    """A person asks to represent an organisation.

    `email`: the address at the organisation's domain, kept until the claim ends. `proved_at`: when the person showed
    that they read it. `words`: why, for who decides; emptied 90 days after the end. A claim that was not accepted is
    deleted a year after it ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.CONTRIBUTOR)
    way = models.CharField(max_length=10, choices=Way, default=Way.MODERATOR)
    email = models.EmailField(blank=True, default="")
    words = models.TextField(blank=True, max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=CHOICES, default=ClaimState.WAITING_DECISION.value)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, max_length=1000)

    objects = Claims.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="waiting_decision"), name="directory_claim_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(state__in=["waiting_proof", "waiting_decision"]),
                name="directory_one_open_claim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state for state, _label in CHOICES]), name="directory_claim_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting_proof", "waiting_decision"], decided_at__isnull=True)
                | (~Q(state__in=["waiting_proof", "waiting_decision"]) & Q(decided_at__isnull=False, email="")),
                name="directory_claim_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting_proof") | ~Q(email=""), name="directory_claim_proves_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"

    def owners(self) -> Collection[UUID]:
        """The organisation: its people decide; whoever represents one of a structure represents all of it."""
        return (self.organisation_id,)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    SENT = "sent", _("envoyée")
    ACCEPTED = "accepted", _("acceptée")
    DECLINED = "declined", _("déclinée")
    WITHDRAWN = "withdrawn", _("retirée")
    EXPIRED = "expired", _("restée sans réponse")


class Invitation(models.Model):
    """Somebody is invited, by e-mail, to represent an organisation: whoever holds the letter's link answers.

    `email`, in lower case, is kept until the invitation ends; the row is deleted a year after.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.CONTRIBUTOR)
    invited_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.SENT)
    accepted_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["email"], condition=Q(state="sent"), name="directory_invitation_sent")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], condition=Q(state="sent"), name="directory_one_open_invitation"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", ended_at__isnull=True) & ~Q(email="")
                | (Q(state__in=["accepted", "declined", "withdrawn", "expired"], email="", ended_at__isnull=False)),
                name="directory_invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"

    def owners(self) -> Collection[UUID]:
        """The organisation that invites."""
        return (self.organisation_id,)
