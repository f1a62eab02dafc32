"""The path of a case: gates passed by a named human, deliverables, documents and worksheets."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case


class Passage(models.Model):
    """A named human decided at a gate, and said why. Rows are only added: a stage gone back to is another row.

    path, stage: those left; to_path, to_stage: those entered, empty past the last gate. missing: codes of what was not
    there when the gate was passed all the same.
    """

    class Decision(models.TextChoices):
        PASSED = "passed", _("franchie")
        SENT_BACK = "sent_back", _("renvoyée")
        CHANGED = "changed", _("parcours changé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="passages")
    path = models.CharField(max_length=30)
    stage = models.CharField(max_length=30)
    to_path = models.CharField(max_length=30, blank=True)
    to_stage = models.CharField(max_length=30, blank=True)
    missing = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="pathway_gate_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.stage} {self.decision}"


class Document(models.Model):
    """A file kept with a case. path: below `TOILE_VAR/pathway`; checksum: SHA-256; it goes with the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=160)
    filename = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    size = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-added_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Deliverable(models.Model):
    """A deliverable or a question of a stage (a code of rules/stages.toml) that is done: its words or document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deliverables")
    stage = models.CharField(max_length=30)
    code = models.CharField(max_length=40)
    words = models.TextField(blank=True, max_length=4000)
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="deliverables")
    done_on = models.DateField(null=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["stage", "code"]
        constraints = [models.UniqueConstraint(fields=["case", "stage", "code"], name="pathway_deliverable_once")]

    def __str__(self) -> str:
        return f"{self.stage}.{self.code}"


class Worksheet(models.Model):
    """A calculation kept with a case: financing plan, activity model, takeover calendar.

    data: the inputs only, in the form of its rule; results follow. revision: two people never overwrite each other.
    """

    class Kind(models.TextChoices):
        FINANCE = "finance", _("plan de financement")
        ACTIVITY = "activity", _("modèle d’activité")
        TAKEOVER = "takeover", _("calendrier de reprise")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="worksheets")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "made_at", "id"]

    def __str__(self) -> str:
        return self.title
