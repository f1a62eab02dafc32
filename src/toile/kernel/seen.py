"""Who read what is kept of whom: a log that only grows, readable by the person concerned, kept twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .durations import Duration
from .permissions import table
from .readers import Reader

KEPT = Duration(months=12)
MOST_SHOWN = 200


class Seen(models.Model):
    """A reader read what is kept of somebody, in that hour. All are bare UUIDs; nothing says what was read there.

    object: the person concerned, or a thing of theirs (a file, a request). purpose: the permission by which it was
    read, hence why. at: the beginning of the hour.
    """

    reader = models.UUIDField()
    object = models.UUIDField()
    purpose = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["at"], name="kernel_seen_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["object", "reader", "purpose", "at"], name="kernel_seen_once_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.object} {self.purpose} {self.at.isoformat()}"


def seen(reader: Reader, object_uuid: UUID, purpose: str) -> None:
    """Note that a reader read what is kept of somebody; a reading view may call it. 2 statements, 1 within the hour.

    object_uuid: the person concerned, else the thing read. purpose: a permission's code. What one reads of oneself,
    and what visitors read, is not noted.
    """
    if reader.person is None or reader.person == object_uuid:
        return
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    line = {"reader": reader.person, "object": object_uuid, "purpose": purpose, "at": hour}
    # Read first: most readings are of a page already open this hour, and take no write lock.
    if not Seen.objects.filter(**line).exists():
        Seen.objects.bulk_create([Seen(**line)], ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """One line for the person concerned: who, in which hour, to do what."""

    reader: UUID
    at: datetime
    why: str | Promise


def read_about(objects: Sequence[UUID], *, most: int = MOST_SHOWN) -> list[Reading]:
    """Who read what is kept of these, the latest first. 1 query."""
    rows = Seen.objects.filter(object__in=objects).order_by("-at", "-id")[:most]
    return [Reading(row.reader, row.at, why(row.purpose)) for row in rows]


def why(purpose: str) -> str | Promise:
    """A purpose in words: what the permission lets one do; a permission that is gone is a reading."""
    line = table.permissions.get(purpose)
    return line.label if line else _("lire")
