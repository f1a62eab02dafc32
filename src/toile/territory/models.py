"""The tables of the territory: communes and their codes, EPCI, perimeters, contours, located addresses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Epci(models.Model):
    """An intercommunalité with its own taxation; its code is a SIREN (domain L3)."""

    siren = models.CharField(max_length=9, primary_key=True)
    subject = models.UUIDField(unique=True, editable=False)
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=8)
    population = models.PositiveIntegerField(null=True)
    vintage = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(siren__regex=r"^[0-9]{9}$"), name="epci_siren_digits")]

    def __str__(self) -> str:
        return self.name


class CommuneKind(models.TextChoices):
    """What a code of the COG designates."""

    COMMUNE = "commune", _("commune")
    DELEGUEE = "deleguee", _("commune déléguée")
    ASSOCIEE = "associee", _("commune associée")
    ARRONDISSEMENT = "arrondissement", _("arrondissement municipal")
    FORMER = "ancienne", _("ancienne commune")


class Commune(models.Model):
    """A present commune, or a part of one that keeps a code (déléguée, associée, arrondissement, ancienne).

    epci is the membership of the vintage last imported. district: the State's arrondissement.
    """

    code = models.CharField(max_length=5, primary_key=True)
    subject = models.UUIDField(unique=True, editable=False)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120, db_index=True)
    department = models.CharField(max_length=3, db_index=True)
    region = models.CharField(max_length=3, blank=True)
    district = models.CharField(max_length=4, blank=True)
    population = models.PositiveIntegerField(null=True)
    siren = models.CharField(max_length=9, blank=True)
    postal_codes = models.JSONField(default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    kind = models.CharField(max_length=14, choices=CommuneKind.choices, default=CommuneKind.COMMUNE)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, related_name="communes")
    vintage = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["folded", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^([0-9]{2}|2[AB])[0-9]{3}$"), name="commune_code_shape"),
            models.CheckConstraint(
                condition=Q(kind="commune", parent__isnull=True)
                | (~Q(kind="commune") & Q(parent__isnull=False, epci__isnull=True)),
                name="commune_only_parts_have_a_parent",
            ),
            models.CheckConstraint(condition=~Q(parent=F("code")), name="commune_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="commune_point_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommuneCode(models.Model):
    """A code that is no longer a commune's, and the present commune that took its ground over.

    since, until: the dates between which the old code was in force, where a source says so. One code may have several
    heirs: it has then no single present commune.
    """

    code = models.CharField(max_length=5, db_index=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="old_codes")
    name = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=120)

    class Meta:
        ordering = ["code", "commune_id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "commune"], name="commune_code_once_per_heir"),
            models.CheckConstraint(condition=~Q(code=F("commune")), name="commune_code_is_an_old_one"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="commune_code_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.commune_id}"


class Home(models.Model):
    """The territory of this installation: one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    epci = models.ForeignKey(Epci, models.PROTECT)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="home_is_one")]

    def __str__(self) -> str:
        return self.name


class PerimeterKind(models.TextChoices):
    """What a perimeter is."""

    EPCI = "epci", _("intercommunalité")
    DEPARTMENT = "departement", _("département")
    NAMED = "named", _("périmètre nommé")
    QUARTER = "quartier", _("quartier")


class PerimeterQuerySet(models.QuerySet["Perimeter"]):
    """Perimeters are public: everybody sees all of them."""

    def visible_to(self, reader: object) -> PerimeterQuerySet:
        """All perimeters, whoever reads."""
        return self


class Perimeter(models.Model):
    """A named part of the ground: whole communes, or a polygon, or both (a point is in it when it is in either)."""

    code = models.SlugField(max_length=60, primary_key=True)
    subject = models.UUIDField(unique=True, editable=False)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=PerimeterKind.choices, default=PerimeterKind.NAMED)
    communes = models.ManyToManyField(Commune, related_name="perimeters", blank=True)
    polygon = models.JSONField(null=True, blank=True)
    indicative = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    definition = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def aliases(self) -> list[str]:
        """The other names under which it is known, in the order of the alphabet."""
        return sorted(item.name for item in self.names.all() if item.name != self.name)

    def owners(self) -> Collection[UUID]:
        """Perimeters belong to the territory: roles decide."""
        return ()


class PerimeterName(models.Model):
    """A name or an alias, folded: one folded name means one perimeter, by constraint."""

    folded = models.CharField(max_length=160, primary_key=True)
    name = models.CharField(max_length=160)
    perimeter = models.ForeignKey(Perimeter, models.CASCADE, related_name="names")

    class Meta:
        ordering = ["folded"]
        constraints = [models.CheckConstraint(condition=~Q(folded=""), name="perimeter_name_not_empty")]

    def __str__(self) -> str:
        return self.name


class Contour(models.Model):
    """The imported contour of a present commune, with its vintage: the last import replaces it.

    digest changes with the geometry: what was drawn from it is kept under it.
    """

    commune = models.OneToOneField(Commune, models.CASCADE, primary_key=True, related_name="contour")
    geometry: models.JSONField[Any, Any] = models.JSONField()
    digest = models.CharField(max_length=32)
    vintage = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.commune_id} ({self.vintage})"


class GeocodedAddress(models.Model):
    """What the geocoder answered for one question: kept so that the same address is asked once.

    A null score says that it found nothing.
    """

    key = models.CharField(max_length=64, primary_key=True)
    question = models.CharField(max_length=300)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    score = models.FloatField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=300, blank=True)
    citycode = models.CharField(max_length=5, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True, lon__isnull=True, lat__isnull=True)
                | Q(score__isnull=False, lon__isnull=False, lat__isnull=False),
                name="geocoded_found_has_a_point",
            )
        ]

    def __str__(self) -> str:
        return self.question
