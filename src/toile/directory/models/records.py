"""What a source said, kept as it said it; and what people judged of two organisations."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisations import Establishment, Organisation


class SourceRecord(models.Model):
    """One row of one source: its payload as said, never edited; a new saying replaces it and is dated.

    It keeps for ever the organisation it was first attached to. `checksum` tells cheaply whether a row has changed.
    """

    source = models.CharField(max_length=30)
    external_id = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="records")
    establishment = models.ForeignKey(Establishment, null=True, on_delete=models.PROTECT, related_name="records")
    payload = models.JSONField()
    checksum = models.CharField(max_length=32)
    doubt = models.CharField(max_length=300, blank=True)
    said_on = models.DateField(null=True)
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="directory_record_once")]
        indexes = [models.Index(fields=["source"], condition=~Q(doubt=""), name="directory_record_in_doubt")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Verdict(models.TextChoices):
    """What a person, or a declared rule, says of two organisations."""

    SAME = "same", _("la même structure")
    DIFFERENT = "different", _("deux structures")
    UNSURE = "unsure", _("on ne sait pas")


class Judgement(models.Model):
    """An edge between two organisations with its reasons; withdrawing it takes the merge back. Never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reasons = models.JSONField(default=list)
    author = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="directory_judgement_is_ordered"),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(withdrawn_at__isnull=True),
                name="directory_one_judgement_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"


class Certainty(models.TextChoices):
    """How sure the rules are that two organisations are one."""

    SURE = "sure", _("sûre")
    CHECK = "check", _("à vérifier")


class Candidate(models.Model):
    """Two organisations that the rules of matching hold to be one, or perhaps: what a person is asked about.

    Computed and replaced by each run of the matching; nothing refers to it. `reasons`: codes and values, put into words
    by `rules.matching`. `score`: 0 to 1, the order in which they are asked.
    """

    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    certainty = models.CharField(max_length=5, choices=Certainty)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["certainty", "-score", "id"], name="directory_candidate_by_score")]
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="directory_candidate_is_ordered"),
            models.UniqueConstraint(fields=["first", "second"], name="directory_candidate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ? {self.second_id}"
