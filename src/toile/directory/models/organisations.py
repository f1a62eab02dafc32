"""Organisations and their establishments: the visible fields that the assembly rule computes from the records."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import EVERYONE, Reader
from toile.territory.models import Commune


class Stage(models.TextChoices):
    """The life of a structure, from the idea to its end."""

    IDEA = "idea", _("Idée")
    PROJECT = "project", _("Projet")
    ACTIVE = "active", _("En activité")
    CEASED = "ceased", _("A cessé")


class Openness(models.TextChoices):
    """Who may see an organisation: a project is its people's until they open it."""

    PUBLIC = "public", _("publique")
    MEMBERS = "members", _("réservée à ses membres")


class Whereabouts(models.TextChoices):
    """Where it is, compared with the home territory; « ailleurs » is never counted."""

    INSIDE = "inside", _("sur le territoire")
    OUTSIDE = "outside", _("ailleurs")
    UNKNOWN = "unknown", _("lieu inconnu")


class Invention(models.TextChoices):
    """How real it is: the demo never hides what it invents."""

    NONE = "", _("réelle")
    DOCUMENT = "document", _("exemple d’après document public")
    FICTIONAL = "fictional", _("fictif")


def seen_by(pk: UUID, openness: str) -> list[str]:
    """The tokens of readers who see an organisation: the second compilation of `Organisations.visible_to`."""
    return [EVERYONE] if openness == Openness.PUBLIC else [str(pk)]


class Organisations(models.QuerySet["Organisation"]):
    """Organisations, by who reads and by structure."""

    def visible_to(self, reader: Reader) -> Organisations:
        """Public ones, those the reader represents, and those it has a recorded reason to know."""
        mine = reader.organisations | reader.reasons
        return (
            self.filter(Q(openness=Openness.PUBLIC) | Q(pk__in=mine)) if mine else self.filter(openness=Openness.PUBLIC)
        )

    def structures(self) -> Organisations:
        """One row per structure: those that stand for themselves."""
        return self.filter(canonical=F("pk"))


class Organisation(models.Model):
    """One structure's identity, kept from an idea without a SIRET to a line in the statistics.

    Its visible fields are computed by `rules.assembly` from its source records; nothing else writes them. `canonical`
    is computed from the judgements and says which organisation's page shows this one. `listed`: the directory shows it
    without being asked for what is not known to be of the ESS (see `rules.portrait`). `changed_at`: when it appeared or
    a visible field of it last changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    canonical = models.ForeignKey("self", on_delete=models.PROTECT, related_name="members")
    known_since = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ACTIVE)
    openness = models.CharField(max_length=10, choices=Openness, default=Openness.PUBLIC)
    whereabouts = models.CharField(max_length=10, choices=Whereabouts, default=Whereabouts.UNKNOWN)
    invention = models.CharField(max_length=10, choices=Invention, default=Invention.NONE, blank=True)
    main = models.ForeignKey("Establishment", null=True, on_delete=models.PROTECT, related_name="+")

    name = models.CharField(max_length=300)
    legal_name = models.CharField(max_length=300, blank=True)
    acronym = models.CharField(max_length=60, blank=True)
    folded = models.TextField(help_text="everything one may search in, folded")
    sort_name = models.CharField(max_length=300)
    siren = models.CharField(max_length=9, null=True, unique=True)  # noqa: DJ001 -- unique where known
    rna = models.CharField(max_length=20, blank=True, db_index=True)
    legal_category = models.CharField(max_length=4, blank=True)
    legal_form = models.CharField(max_length=120, blank=True)
    naf = models.CharField(max_length=6, blank=True)
    naf_nomenclature = models.CharField(max_length=12, blank=True)
    staff_band = models.CharField(max_length=2, blank=True)
    staff_year = models.PositiveSmallIntegerField(null=True)
    created_on = models.DateField(null=True)
    ceased_on = models.DateField(null=True)
    website = models.URLField(max_length=300, blank=True)
    contact_email = models.EmailField(blank=True, help_text="where messages go; never shown nor exported")
    description = models.TextField(blank=True)
    ess_verdict = models.CharField(max_length=10)
    ess_family = models.CharField(max_length=30, blank=True)
    ess_rule = models.CharField(max_length=40)
    display_class = models.CharField(max_length=12)
    listed = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = Organisations.as_manager()

    class Meta:
        verbose_name = _("structure")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="directory_org_by_name"),
            models.Index(fields=["display_class"], name="directory_org_by_class"),
            models.Index(fields=["listed", "whereabouts", "sort_name", "id"], name="directory_org_by_place"),
            models.Index(fields=["-changed_at", "id"], name="directory_org_by_change"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="directory_stage_is_known"),
            models.CheckConstraint(condition=Q(openness__in=Openness.values), name="directory_openness_is_known"),
            models.CheckConstraint(
                condition=Q(whereabouts__in=Whereabouts.values), name="directory_whereabouts_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="directory_name_is_given"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the structure."""
        return reverse("directory:organisation", args=[self.canonical_id])

    def owners(self) -> Collection[UUID]:
        """The organisation itself: its members act on it."""
        return (self.pk,)

    @property
    def state(self) -> str:
        """The state permissions ask about."""
        return self.stage

    @property
    def seen_by(self) -> list[str]:
        """The tokens of readers who see it."""
        return seen_by(self.pk, self.openness)

    @property
    def is_fictional(self) -> bool:
        return self.invention == Invention.FICTIONAL


class Establishment(models.Model):
    """One place where an organisation works. Without a SIRET it is what a source said of its address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="establishments")
    siret = models.CharField(max_length=14, null=True, unique=True)  # noqa: DJ001 -- unique where known
    is_seat = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    brand = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    city = models.CharField(max_length=120, blank=True)
    commune = models.ForeignKey(Commune, null=True, on_delete=models.PROTECT, related_name="+")
    commune_is_deduced = models.BooleanField(default=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    naf = models.CharField(max_length=6, blank=True)
    staff_band = models.CharField(max_length=2, blank=True)
    opened_on = models.DateField(null=True)
    opening_hours = models.CharField(max_length=300, blank=True)
    accessibility = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("établissement")
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="directory_point_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.brand or self.address or self.siret or str(self.pk)


class OrganisationActivity(models.Model):
    """An activity of the taxonomy (`rules/activities.toml`) that an organisation has, and why we say so."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="activities")
    code = models.CharField(max_length=60)
    why = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="directory_activity_once")]
        indexes = [models.Index(fields=["code"], name="directory_activity_by_code")]

    def __str__(self) -> str:
        return self.code


class Approval(models.Model):
    """An agreement or a label with its dates: ESUS, a kind of insertion structure… (domain E2)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=20)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "source"], name="directory_approval_once"),
        ]

    def __str__(self) -> str:
        return self.kind
