"""Errors that anybody reports on a page, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader, Role

from .organisations import Organisation


class Subject(models.TextChoices):
    """What is wrong, in the words of the person who saw it."""

    CLOSED = "closed", _("La structure a fermé")
    MOVED = "moved", _("L’adresse ou les horaires sont faux")
    WRONG = "wrong", _("Une autre information est fausse")
    TWICE = "twice", _("Cette structure est ici deux fois")
    UNWANTED = "unwanted", _("Cette page ne devrait pas être publique")


class ReportState(models.TextChoices):
    """Where a reported error stands."""

    OPEN = "open", _("à traiter")
    MENDED = "mended", _("corrigée")
    REFUSED = "refused", _("sans suite")


class ErrorReports(models.QuerySet["ErrorReport"]):
    """Reported errors, by who reads."""

    def visible_to(self, reader: Reader) -> ErrorReports:
        """The team's, of structures that the reader sees; nobody else reads what was reported."""
        if not reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return self.none()
        return self.filter(organisation__in=Organisation.objects.visible_to(reader))


class ErrorReport(models.Model):
    """An error seen on a structure's page by anybody, no account needed; treated in the moderators' queue.

    `email`: where to answer, given or not; emptied 90 days after the report is closed, a year after it was
    made at the latest; `words` go a year after it is closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="error_reports")
    subject = models.CharField(max_length=10, choices=Subject)
    words = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    answer = models.TextField(blank=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ErrorReports.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["made_at"], condition=Q(state="open"), name="directory_report_open")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="directory_report_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="directory_report_closes_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.subject}"

    def owners(self) -> Collection[UUID]:
        """Nobody: the team alone acts on it."""
        return ()
