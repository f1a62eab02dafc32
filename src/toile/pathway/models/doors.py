"""The doors: the organisations that receive project holders, all by the same procedure."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Organisation


class Doors(models.QuerySet["Door"]):
    """Doors, as the reader may use them."""

    def active(self) -> Doors:
        """Those that receive today."""
        return self.filter(is_active=True)

    def held_by(self, organisations: Collection[UUID]) -> Doors:
        """Those whose organisation is among these (the reader's own): where its people receive."""
        return self.filter(organisation__in=organisations)


class Door(models.Model):
    """One organisation that receives. Its advisers are those who represent it and hold the role of adviser.

    code: short and stable, for files that come in and go out. callback_days: working days within which it calls back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="doors")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    explanation = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True, help_text="where requests go; never shown nor exported")
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    callback_days = models.PositiveSmallIntegerField(default=3)
    is_active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=50)

    objects = Doors.as_manager()

    class Meta:
        verbose_name = _("porte")
        ordering = ["order", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="pathway_one_door_each"),
            models.CheckConstraint(condition=~models.Q(name=""), name="pathway_door_is_named"),
        ]

    def __str__(self) -> str:
        return self.name

    def owners(self) -> Collection[UUID]:
        """The organisation that receives: its people act on it."""
        return (self.organisation_id,)
