"""Webhooks: where public facts are sent, and what became of each sending."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader

from .permissions import MANAGE_WEBHOOKS


def new_secret() -> str:
    """What signs the deliveries: 256 bits, in letters."""
    return secrets.token_urlsafe(32)


class Paused(models.TextChoices):
    """Why nothing is sent any more."""

    PERSON = "person", _("suspendu par une personne de l’équipe")
    SILENT = "silent", _("aucune réponse acceptable pendant 24 heures")
    GONE = "gone", _("l’autre côté a répondu que cette adresse n’existe plus (410)")
    PRIVATE = "private", _("le nom mène désormais à une adresse d’un réseau privé")


class Webhooks(models.QuerySet["Webhook"]):
    """Webhooks, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Webhooks:
        """The team's own: who may manage them sees them all, nobody else any."""
        return self if not reader.roles.isdisjoint(MANAGE_WEBHOOKS.who) else self.none()

    def active(self) -> Webhooks:
        return self.filter(paused_at__isnull=True)


class Webhook(models.Model):
    """An address that is told of public facts, from the one after `cursor` on.

    kinds: codes of the kinds wanted, empty for all. subject: facts about it only, None for all. secret: kept as it is,
    since signing needs it; shown once. made_by: a person (bare UUID), None once erased: the webhook is the team's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500, unique=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    kinds = models.JSONField(default=list, blank=True)
    subject = models.UUIDField(null=True, blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    cursor = models.PositiveBigIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=10, choices=Paused, blank=True)

    objects = Webhooks.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_because="")
                | Q(paused_at__isnull=False, paused_because__in=Paused.values),
                name="thread_webhook_pause_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def owners(self) -> Collection[UUID]:
        """Nobody alone: only roles may act on it."""
        return ()


class Delivery(models.Model):
    """One fact for one webhook; its id goes with every try, so that the other side knows what it already has.

    fact: its number; None for a trial asked for by a person, which is tried once. problem: a code of `sending.Answer`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        DELIVERED = "delivered", _("reçu")
        GIVEN_UP = "given_up", _("abandonné")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    fact = models.PositiveBigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    code = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-made_at", "-fact", "id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["webhook", "-made_at"], name="thread_delivery_by_webhook"),
            models.Index(fields=["state", "next_at"], name="thread_delivery_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "fact"], name="thread_delivery_once"),
            models.UniqueConstraint(
                fields=["webhook"], condition=Q(fact__isnull=True, state="waiting"), name="thread_one_trial_at_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | Q(~Q(state="waiting"), ended_at__isnull=False),
                name="thread_delivery_end_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} → {self.webhook_id}"
