"""What partners publish that they offer, and the requests sent to them for a case."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Organisation
from toile.kernel.readers import Reader, Role

from .cases import Case


class Offers(models.QuerySet["Offer"]):
    """Offers, by who reads and by time."""

    def visible_to(self, reader: Reader) -> Offers:
        """What is published; one's own organisation's drafts; all for the team."""
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return self.all()
        return self.filter(Q(state=Offer.State.PUBLISHED) | Q(partner__in=reader.organisations))

    def running(self, on: object) -> Offers:
        """Published and open on that day."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), state=Offer.State.PUBLISHED, valid_from__lte=on
        )


class Offer(models.Model):
    """Who helps with what, at which stage, where, for whom, at what cost, how soon; it may be a training.

    needs, stages, natures, perimeters: codes (rules/matrix.toml, rules/stages.toml, territory); none is « all ».
    confirmed: whether the partner said so itself; else the page says « rôle à confirmer ». delay_days: usual days
    before the first meeting. publics, helper: codes (rules/offers.py) that orientation reads; public: in words.
    body, level, recognised, starts_on: of a training, and who gives it when the partner does not. places: those left.
    """

    class Kind(models.TextChoices):
        SUPPORT = "support", _("accompagnement")
        FINANCE = "finance", _("financement")
        PREMISES = "premises", _("locaux")
        TRAINING = "training", _("formation")

    class State(models.TextChoices):
        DRAFT = "draft", _("en préparation")
        PUBLISHED = "published", _("publiée")
        WITHDRAWN = "withdrawn", _("retirée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pathway_offers")
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True, max_length=2000)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUPPORT)
    needs = models.JSONField(default=list)
    stages = models.JSONField(default=list)
    natures = models.JSONField(default=list)
    perimeters = models.JSONField(default=list)
    public = models.CharField(max_length=200, blank=True)
    publics = models.JSONField(default=list)
    helper = models.CharField(max_length=24, blank=True)
    cost = models.CharField(max_length=160, blank=True)
    is_free = models.BooleanField(null=True)
    delay_days = models.PositiveSmallIntegerField(null=True)
    email = models.EmailField(blank=True, help_text="where requests go; never shown nor exported")
    body = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=80, blank=True)
    recognised = models.CharField(max_length=120, blank=True, help_text="title and RNCP number; empty: not recognised")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    places = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField(default=timezone.localdate)
    valid_until = models.DateField(null=True)
    confirmed = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    objects = Offers.as_manager()

    class Meta:
        verbose_name = _("offre")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["state", "valid_until"], name="pathway_offer_by_state")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="pathway_offer_is_named"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="pathway_offer_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def owners(self) -> Collection[UUID]:
        """The partner: its people publish it."""
        return (self.partner_id,)


class Suggested(models.Model):
    """What the rules suggested for a case at a moment, from which answers and rules, and who decided what (domain K6).

    answers, qualification, suggestions: as they were; rules: the checksum of the declared rules; decision: what was
    kept, added and set aside, each with its reason. Never an automatic decision: without decided_by nothing follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suggested")
    at = models.DateTimeField(default=timezone.now)
    asked_by = models.UUIDField(null=True)
    rules = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    qualification = models.JSONField(default=dict)
    suggestions = models.JSONField(default=list)
    decision = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class ReferralState(models.TextChoices):
    """What became of a request to a partner."""

    SENT = "sent", _("envoyée, sans réponse")
    ASKED = "asked", _("une question est posée")
    ACCEPTED = "accepted", _("acceptée")
    DECLINED = "declined", _("déclinée")
    WITHDRAWN = "withdrawn", _("reprise")

    @classmethod
    def waiting(cls) -> tuple[str, ...]:
        """The states in which somebody owes an answer."""
        return (cls.SENT, cls.ASKED)


class Referral(models.Model):
    """An adviser asks a partner to take up a case, with the holder's consent.

    The partner answers by a link or on the site. email: where it went. due_on: the last working day
    for an answer; reminded_at, escalated_at: what silence brought.
    link: raised when a new link is sent. question, reply: when the partner asks before deciding.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="referrals")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pathway_referrals")
    email = models.EmailField(blank=True)
    need = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True, max_length=2000)
    urgency = models.CharField(max_length=10, default="normal")
    state = models.CharField(max_length=10, choices=ReferralState, default=ReferralState.SENT)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.UUIDField(null=True)
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    question = models.TextField(blank=True, max_length=2000)
    reply = models.TextField(blank=True, max_length=2000)
    answer = models.TextField(blank=True, max_length=2000)
    meeting_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    link = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("demande à un partenaire")
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["state", "due_on"], name="pathway_referral_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "partner"],
                condition=Q(state__in=["sent", "asked"]),
                name="pathway_one_request_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="pathway_answer_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} ({self.case_id})"

    def owners(self) -> Collection[UUID]:
        """The partner: its people answer."""
        return (self.partner_id,)
