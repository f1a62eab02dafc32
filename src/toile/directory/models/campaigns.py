"""Campaigns that ask structures, once a year, whether their page is still true; and what each of them answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader, Role

from .organisations import Organisation


class CampaignState(models.TextChoices):
    """The life of a campaign."""

    DRAFT = "draft", _("en préparation")
    RUNNING = "running", _("en cours")
    ENDED = "ended", _("terminée")


class ConfirmationState(models.TextChoices):
    """Where one structure stands in a campaign."""

    NO_ADDRESS = "no_address", _("sans adresse")
    TO_SEND = "to_send", _("lettre à envoyer")
    SENT = "sent", _("pas encore de réponse")
    BOUNCED = "bounced", _("adresse refusée")
    CONFIRMED = "confirmed", _("fiche juste")
    CORRECTED = "corrected", _("fiche corrigée")
    CLOSED = "closed", _("dit avoir fermé")
    REFUSED = "refused", _("ne veut plus de lettre")


ANSWERED: Final = (
    ConfirmationState.CONFIRMED,
    ConfirmationState.CORRECTED,
    ConfirmationState.CLOSED,
    ConfirmationState.REFUSED,
)


class Pending(models.TextChoices):
    """What a person of the team has to look at after an answer."""

    NOTHING = "", _("rien")
    CORRECTION = "correction", _("une correction à relire")
    CLOSURE = "closure", _("une fermeture à confirmer")


class Outcome(models.TextChoices):
    """What the team did of what it had to look at."""

    NONE = "", _("pas encore")
    KEPT = "kept", _("retenu")
    UNDONE = "undone", _("écarté")


def confirming(path: str = "") -> Q:
    """The answers, at `path`, by which a structure says that its page is right; those taken back by the team apart."""
    states = [ConfirmationState.CONFIRMED, ConfirmationState.CORRECTED]
    return Q(**{f"{path}state__in": states}) & ~Q(**{f"{path}outcome": Outcome.UNDONE})


class Campaigns(models.QuerySet["Campaign"]):
    """Campaigns, by who reads."""

    def visible_to(self, reader: Reader) -> Campaigns:
        """The team's."""
        return self if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR) else self.none()


class Campaign(models.Model):
    """One campaign. whom: the query of the directory's list, in its one normal form; empty for the whole territory.

    subject, words: the letter, with the placeholders of `services.campaign_letters.PLACEHOLDERS`. enrolled_at: when
    the structures asked were noted, which later changes of the list do not touch. last_day: the last one on which an
    answer is taken, in Paris. forgotten_at: when its addresses were emptied.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    whom = models.CharField(max_length=2000, blank=True)
    subject = models.CharField(max_length=150)
    words = models.TextField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    started_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    last_day = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    job = models.UUIDField(null=True)

    objects = Campaigns.as_manager()

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", started_at__isnull=True, ended_at__isnull=True)
                | Q(state="running", started_at__isnull=False, last_day__isnull=False, ended_at__isnull=True)
                | Q(state="ended", started_at__isnull=False, last_day__isnull=False, ended_at__isnull=False),
                name="directory_campaign_dates_follow_its_state",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def owners(self) -> Collection[UUID]:
        """Nobody: the team alone acts on it."""
        return ()


class Confirmations(models.QuerySet["Confirmation"]):
    """Answers, by who reads."""

    def visible_to(self, reader: Reader) -> Confirmations:
        """The team's; who holds the link of a letter is shown theirs by it."""
        return self if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR) else self.none()


class Confirmation(models.Model):
    """What a campaign asked one structure, and its answer. It stays with the organisation it was written for.

    email: where it was written, shown to nobody, emptied 90 days after the campaign. reminded: how many reminders left
    after the first letter. changed: what a correction by the link changed, field → {"said", "own", "shown"}: the value
    given, the structure's own one before, the one shown before; emptied with the address. pending, outcome: what the
    team has to look at, and what it did of it: a closure « kept » has ceased, a correction « undone » was taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="confirmations")
    state = models.CharField(max_length=10, choices=ConfirmationState, default=ConfirmationState.TO_SEND)
    email = models.EmailField(blank=True)
    sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    changed = models.JSONField(default=dict)
    pending = models.CharField(max_length=10, choices=Pending, default=Pending.NOTHING, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, default=Outcome.NONE, blank=True)
    treated_by = models.UUIDField(null=True)
    treated_at = models.DateTimeField(null=True)

    objects = Confirmations.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="directory_confirm_by_state"),
            models.Index(fields=["pending", "answered_at"], condition=~Q(pending=""), name="directory_confirm_pending"),
            models.Index(fields=["organisation", "answered_at"], name="directory_confirm_by_answer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "organisation"], name="directory_confirm_once"),
            models.CheckConstraint(condition=Q(state__in=ConfirmationState.values), name="directory_confirm_state"),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED) | Q(answered_at__isnull=True), name="directory_confirm_answer_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False, last_sent_at__isnull=False),
                name="directory_confirm_sent_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"

    def owners(self) -> Collection[UUID]:
        """Nobody: the team alone acts on it."""
        return ()
