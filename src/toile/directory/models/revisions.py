"""What changed on a structure's page, write by write: read by its people, and taken back by whoever wrote it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from .organisations import Organisation


class Revision(models.Model):
    """One change of a page, by a person, the team or an import.

    fields: what the page shows, field → [before, after], an empty list where the values are not kept (personal). words:
    what people wrote, as `rules.undoing` reads it; empty for an import. person: bare UUID, emptied when they are
    erased. undoes: the change that this one takes back. Forgotten after three years.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="revisions")
    act = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    person = models.UUIDField(null=True)
    source = models.CharField(max_length=30)
    fields = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="undone_by")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="directory_revision_of_page"),
            models.Index(fields=["person"], name="directory_revision_by_person"),
            models.Index(fields=["at"], name="directory_revision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.at.isoformat()} {', '.join(self.fields)}"
