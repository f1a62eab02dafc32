"""The team's time: what each adviser can do in a week, and who sees which firm when, by computation or by hand."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .doors import Door
from .followed import Followed


class Availability(models.Model):
    """What one adviser of a door can do: days of follow-up in a usual week, skills, communes; weeks that differ apart.

    skills, communes: codes. weeks: {ISO Monday: days} for leave and exceptions.
    """

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="availabilities")
    person = models.UUIDField()
    days = models.DecimalField(max_digits=3, decimal_places=1)
    skills = models.JSONField(default=list)
    communes = models.JSONField(default=list)
    weeks = models.JSONField(default=dict)
    conflicts = models.JSONField(default=list, help_text="organisations this person must not follow")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "person"], name="pathway_one_availability_each"),
            models.CheckConstraint(condition=Q(days__gte=0, days__lte=5), name="pathway_five_days_a_week_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.days}"


class WeekPlan(models.Model):
    """One computation for a door: from which Monday, with what, and what it said (reasons, who waits, days short)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="week_plans")
    first_monday = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField(default=timezone.now)
    computed_by = models.UUIDField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-computed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.door_id} {self.first_monday}"


class Visit(models.Model):
    """A firm is to be seen by an adviser in a week. fixed: set by a person, kept by the next computations.

    dropped: a person took it off, and it does not come back for that week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    followed = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="visits")
    adviser = models.UUIDField(null=True)
    monday = models.DateField()
    days = models.DecimalField(max_digits=3, decimal_places=1, default="0.5")
    fixed = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["monday", "id"]
        indexes = [models.Index(fields=["adviser", "monday"], name="pathway_visit_by_adviser")]
        constraints = [
            models.UniqueConstraint(fields=["followed", "monday"], name="pathway_one_visit_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.followed_id} {self.monday}"
