"""The kernel's tables: jobs, instants at which timed work was asked, what search indexes must read again, pictures."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .pictures.models import Picture as Picture
from .readers import Reader, Role
from .seen import Seen as Seen

ACTIVE = ("waiting", "running")


class Jobs(models.QuerySet["Job"]):
    """Jobs, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Jobs:
        """One's own jobs; all of them for an administrator."""
        if reader.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(actor=reader.person) if reader.person else self.none()


class Job(models.Model):
    """One piece of long work: what was asked, how far it got, which worker holds it and until when.

    `cursor` is where the work resumes; it is written in the same transaction as the rows it counts. `lease` names the
    run that holds the job: a run that lost it can write neither cursor nor end.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")
        FAILED = "failed", _("échoué")
        CANCELLED = "cancelled", _("arrêté")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, blank=True)
    args = models.JSONField(default=dict)
    actor = models.UUIDField(null=True)
    via = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    message = models.CharField(max_length=200, blank=True)
    cursor = models.JSONField(null=True)
    result_url = models.CharField(max_length=500, blank=True)
    error = models.TextField(blank=True)

    objects = Jobs.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["not_before"], name="kernel_job_active", condition=Q(state__in=ACTIVE)),
            models.Index(fields=["-asked_at", "id"], name="kernel_job_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=ACTIVE) & ~Q(key=""),
                name="kernel_job_active_key_once",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="running"), lease__isnull=True, lease_until__isnull=True),
                name="kernel_job_runs_under_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("kernel:job", args=[self.pk])

    def owners(self) -> Collection[UUID]:
        """The person who asked for it."""
        return {self.actor} if self.actor else ()

    @property
    def label(self) -> str | Promise:
        """What the work is, in French; its code if the room that declared it is gone."""
        from .jobs.kinds import kinds  # noqa: PLC0415 -- the registry is filled after the models

        return kinds[self.kind].label if self.kind in kinds else self.kind

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def may_run_again(self) -> bool:
        from .jobs.kinds import kinds  # noqa: PLC0415 -- the registry is filled after the models

        return not self.is_active and self.kind in kinds


class DueInstant(models.Model):
    """An instant at which timed work was due and was asked for: the row that makes it happen once."""

    name = models.CharField(max_length=120)
    instant = models.DateTimeField()
    job = models.UUIDField(null=True)

    class Meta:
        ordering = ["name", "-instant"]
        constraints = [models.UniqueConstraint(fields=["name", "instant"], name="kernel_due_instant_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.instant.isoformat()}"


class SearchChange(models.Model):
    """The outbox of the search indexes: objects of a collection were written, numbered in the order of commits.

    ids: of at most 1,000 objects, as text.
    """

    id = models.BigAutoField(primary_key=True)
    collection = models.CharField(max_length=40)
    ids = models.JSONField()
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.collection} {self.pk}"


class SearchCursor(models.Model):
    """How far one machine's index of a collection has read the outbox, for pruning only: the index holds its own."""

    index = models.CharField(max_length=120)
    collection = models.CharField(max_length=40)
    change = models.BigIntegerField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["index", "collection"]
        constraints = [models.UniqueConstraint(fields=["index", "collection"], name="kernel_search_cursor_once")]

    def __str__(self) -> str:
        return f"{self.index} {self.collection} {self.change}"
