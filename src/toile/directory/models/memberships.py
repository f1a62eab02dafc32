"""Who represents which organisation."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation


class MemberRole(models.TextChoices):
    """What a person may do for a structure."""

    LEAD = "lead", _("responsable")
    CONTRIBUTOR = "contributor", _("contributeur ou contributrice")


class Memberships(models.QuerySet["Membership"]):
    """Who represents what, and since when."""

    def in_force(self) -> Memberships:
        """Those that have not ended."""
        return self.filter(until__isnull=True)

    def of_structure(self, canonical: UUID) -> Memberships:
        """Those of a structure, on whichever of its organisations they were written."""
        return self.filter(organisation__canonical=canonical)

    def roles(self) -> dict[UUID, MemberRole]:
        """Each person's role, the first to come first; who leads one of a structure's organisations leads it."""
        found: dict[UUID, MemberRole] = {}
        for person, role in self.order_by("since", "pk").values_list("person", "role"):
            if found.get(person) != MemberRole.LEAD:
                found[person] = MemberRole(role)
        return found


class Membership(models.Model):
    """A person (bare UUID) acts for an organisation; `until` ends it, and the row stays as proof.

    Erasing the person empties `person`: that the structure had people, and from when to when, stays. `because`: why
    somebody else ended it (`ended_by`), in words written to the person; emptied a year after.
    """

    person = models.UUIDField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=MemberRole, default=MemberRole.CONTRIBUTOR)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    because = models.TextField(blank=True, max_length=1000)

    objects = Memberships.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until__isnull=True), name="directory_one_membership"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(until__isnull=False), name="directory_member_is_somebody"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="directory_membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person} ({self.role})"
