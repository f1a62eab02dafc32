"""The photos that a structure's people put on its page."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from toile.kernel.models import Picture

from .organisations import Organisation

MOST: Final = 8
PASSING: Final = 0
"""The place of a photo while two change places: the database holds that no two have the same."""


class Photo(models.Model):
    """A picture on a structure's page, in its place among the others (1 to 8).

    people_agreed: who put it here says that the people one recognises agreed (or that there are none): never without
    (code civil, art. 9). added_by: bare UUID, emptied when they are erased. credit: who took it, as they wish to be
    named.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="photos")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    credit = models.CharField(max_length=120, blank=True)
    people_agreed = models.BooleanField()
    added_by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "place"], name="directory_photo_place_once"),
            models.CheckConstraint(condition=Q(place__lte=MOST), name="directory_photos_at_most"),
            models.CheckConstraint(condition=Q(people_agreed=True), name="directory_photo_people_agreed"),
        ]

    def __str__(self) -> str:
        return self.picture.alt

    def owners(self) -> Collection[UUID]:
        """The organisation whose page shows it."""
        return (self.organisation_id,)
