"""Imports made from the site: the file, the mapping a person corrected, and the report."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("à vérifier")
    RUNNING = "running", _("en cours")
    DONE = "done", _("terminé")
    FAILED = "failed", _("arrêté")


class ImportRun(models.Model):
    """One spreadsheet given by a person. The file is deleted when the import ends; the report stays.

    settled: a person dealt with the rows that it refused, or with its stop; until then it waits in the work queue.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    filename = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200, blank=True)
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.UPLOADED)
    mapping = models.JSONField(default=dict)
    report = models.JSONField(null=True)
    job = models.UUIDField(null=True)
    failure = models.CharField(max_length=400, blank=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.filename
