"""The table of kept pictures: what was drawn from a file that somebody sent, and the words that say what it shows."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

WIDTHS = (320, 640, 1280)
ALT_LENGTH = 300


class Picture(models.Model):
    """One picture. It is public through what shows it: its UUID is the only way to it, and nothing lists pictures.

    sha256: of the widest drawing, the name of its files; two pictures may share them. alt: what it shows, in one
    sentence; empty when its sender says that it is decorative. A picture that no row refers to is swept after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=ALT_LENGTH, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "kernel"
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gte=1, width__lte=WIDTHS[-1], height__gte=1), name="kernel_picture_drawn_bounded"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.width} × {self.height}"

    @property
    def widths(self) -> list[int]:
        """The widths it is kept in, the narrowest first: the usual ones below its own, then its own."""
        return [*(width for width in WIDTHS if width < self.width), self.width]

    def url(self, width: int | None = None) -> str:
        """The address of one of its files, the widest unless told."""
        return reverse("kernel:picture", args=[self.pk, width or self.width])
