"""Ideas and takeovers to come that somebody signals to a door, until the door has called back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader, Role
from toile.territory.models import Commune

from .cases import Case
from .doors import Door


class LeadState(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", _("à rappeler")
    CALLED = "called", _("rappelé, à suivre")
    CASE = "case", _("devenu un dossier")
    DROPPED = "dropped", _("sans suite")

    @classmethod
    def living(cls) -> tuple[str, ...]:
        """The states in which a door still owes something."""
        return (cls.WAITING, cls.CALLED)


class Leads(models.QuerySet["Lead"]):
    """What was signalled, by who has a reason to read it."""

    def visible_to(self, reader: Reader) -> Leads:
        """Those of the doors where the reader advises."""
        if not reader.has_role(Role.ADVISER):
            return self.none()
        return self.filter(door__organisation__in=reader.organisations)

    def with_people(self) -> Leads:
        """Those that still hold somebody's name, address or words."""
        return self.exclude(teller_name="", teller_email="", name="", email="", phone="", words="", outcome="")


class Lead(models.Model):
    """An idea, or a firm that will need a taker, signalled in a minute.

    teller: what kind of body tells (a code of rules/detection.toml). agreed: the person to call back knows and agrees;
    without it, it is the teller who is called. Names and addresses are emptied 12 months after the end.
    """

    class Kind(models.TextChoices):
        IDEA = "idea", _("une idée")
        TAKEOVER = "takeover", _("une reprise à venir")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    teller = models.CharField(max_length=20)
    teller_name = models.CharField(max_length=120, blank=True)
    teller_email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    agreed = models.BooleanField(default=False)
    commune = models.ForeignKey(Commune, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=1000)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="leads")
    state = models.CharField(max_length=8, choices=LeadState, default=LeadState.WAITING)
    received_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    taken_by = models.UUIDField(null=True)
    called_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="leads")

    objects = Leads.as_manager()

    class Meta:
        verbose_name = _("signalement")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["door", "state", "due_on"], name="pathway_lead_by_door")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "called"]) | Q(ended_at__isnull=False), name="pathway_lead_ended_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d}"

    def owners(self) -> tuple[uuid.UUID, ...]:
        """The door's organisation: its people call back."""
        return (self.door.organisation_id,)
