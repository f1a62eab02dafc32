"""The versions of the reception procedure: the same at every door, and kept whole so that old files stay readable."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProcedureVersion(models.Model):
    """One version of a procedure, as its file said it. What was once in force never changes.

    code, version: those of the file. text: the file whole (TOML). checksum: SHA-256 of the text. ours: shipped with the
    platform and labelled so.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("à l’essai")
        IN_FORCE = "in_force", _("en vigueur")
        RETIRED = "retired", _("remplacée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    checksum = models.CharField(max_length=64)
    ours = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField(null=True)
    in_force_at = models.DateTimeField(null=True)
    put_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was put in force")

    class Meta:
        ordering = ["-version", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="pathway_procedure_version_once"),
            # One procedure for all the doors: never two in force.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="pathway_one_procedure_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(in_force_at__isnull=False), name="pathway_procedure_in_force_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"
