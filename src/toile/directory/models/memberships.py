"""Who represents which organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation


class MemberRole(models.TextChoices):
    """What a person may do for a structure."""

    LEAD = "lead", _("responsable")
    CONTRIBUTOR = "contributor", _("contributeur ou contributrice")


class Membership(models.Model):
    """A person (bare UUID) acts for an organisation; `until` ends it, the row stays as proof until erasure."""

    person = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.CONTRIBUTOR)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until__isnull=True), name="directory_one_membership"
            )
        ]
        indexes = [models.Index(fields=["person"], name="directory_membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"
