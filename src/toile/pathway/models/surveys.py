"""The collective's cycle (seed 004): needs said by structures, counted, then possibilities and an action plan."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Organisation


class Survey(models.Model):
    """One round of the cycle. needs: the codes asked about. actions: what the collective decided after."""

    class State(models.TextChoices):
        DRAFT = "draft", _("en préparation")
        OPEN = "open", _("ouverte")
        CLOSED = "closed", _("close")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=160)
    words = models.TextField(blank=True, max_length=2000)
    needs = models.JSONField(default=list)
    closes_on = models.DateField(null=True)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    actions = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("enquête")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.title


class SurveyReply(models.Model):
    """What one structure answered; asked by a link, counted once for each structure (domain E7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="replies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="survey_replies")
    needs = models.JSONField(default=dict)
    words = models.TextField(blank=True, max_length=1000)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    link = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "organisation"], name="pathway_one_reply_each")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.organisation_id}"
