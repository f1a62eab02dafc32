"""What a door does around a case: initiations to the ESS, second receptions noticed, spreadsheets that came in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .doors import Door
from .procedures import ProcedureVersion


class Initiation(models.Model):
    """A receiver read the teaching notes of a version: « portes d’entrée initiées à l’ESS » (seed 001)."""

    person = models.UUIDField()
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="initiations")
    notes = models.JSONField(default=list, help_text="codes of the questions whose note was read")
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "procedure"], name="pathway_one_initiation_each")]

    def __str__(self) -> str:
        return f"{self.person} {self.procedure_id}"


class Twin(models.Model):
    """Two cases that may be the same project, received twice; joined only if the holder agrees.

    reasons: what is alike, without saying it. joined: the younger case is closed, the older goes on with both answers.
    """

    class State(models.TextChoices):
        NOTICED = "noticed", _("à demander")
        ASKED = "asked", _("demandé à la personne")
        JOINED = "joined", _("réunis")
        REFUSED = "refused", _("restent séparés")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    older = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="twins_younger")
    younger = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="twins_older")
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.NOTICED)
    noticed_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    link = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["older", "younger"], name="pathway_twins_once"),
            models.CheckConstraint(condition=~Q(older=models.F("younger")), name="pathway_twins_are_two"),
        ]

    def __str__(self) -> str:
        return f"{self.older_id} {self.younger_id}"


class CaseImport(models.Model):
    """A spreadsheet of cases or followed firms given by a door: its columns as mapped, and what became of each row."""

    class State(models.TextChoices):
        RECEIVED = "received", _("reçu")
        MAPPED = "mapped", _("colonnes dites")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")
        FAILED = "failed", _("arrêté")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="imports")
    filename = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True, help_text="below TOILE_VAR/pathway; emptied once done")
    checksum = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, default="cases")
    columns = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.UUIDField(null=True)
    job = models.UUIDField(null=True)

    class Meta:
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return self.filename


class ImportedRow(models.Model):
    """What a row of a door's spreadsheet became, by its own key: a second import creates nothing."""

    door = models.ForeignKey(Door, on_delete=models.CASCADE, related_name="imported_rows")
    key = models.CharField(max_length=120)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="imported_rows")
    followed = models.ForeignKey("Followed", null=True, on_delete=models.CASCADE, related_name="imported_rows")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "key"], name="pathway_row_once")]

    def __str__(self) -> str:
        return self.key
