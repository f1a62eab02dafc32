"""The tables of the observatory: sources received, editions and their figures, what was drawn and written from them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.figures import Cell, Figure, FigureSource, Status
from toile.kernel.readers import Reader, Role


class SourceKind(models.TextChoices):
    """What a file gives to the observatory."""

    STOCK_UNITS = "stock_units", _("stock SIRENE, unités légales")
    STOCK_PLACES = "stock_places", _("stock SIRENE, établissements")
    HISTORY = "history", _("historique SIRENE des établissements")
    ESS_LIST = "ess_list", _("liste des entreprises de l’ESS")
    APPROVALS = "approvals", _("agréments et conventionnements")
    TABLE = "table", _("tableau publié")
    POPULATION = "population", _("population")


class Source(models.Model):
    """One official file received, kept with its date, checksum and licence, and what was understood of it.

    path: below `TOILE_VAR/panorama`. understood: what its reading found (columns, rows, years), missing: official
    columns not found, forbids: the indicators that cannot be computed without them. simulated: invented data.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("reçue")
        UNDERSTOOD = "understood", _("comprise")
        REFUSED = "refused", _("refusée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=120, blank=True)
    vintage = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    filename = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    understood = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    forbids = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    simulated = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.UUIDField(null=True)
    job = models.UUIDField(null=True)

    class Meta:
        ordering = ["-received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="understood") | ~Q(checksum=""), name="panorama_source_understood_has_checksum"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def as_figure_source(self) -> FigureSource:
        """The same, as figures carry it."""
        return FigureSource(
            str(self.pk),
            self.title,
            self.publisher,
            self.vintage,
            self.url,
            self.licence,
            self.checksum,
            self.simulated,
        )


class EditionState(models.TextChoices):
    """Where an edition is in its life; what is published is frozen."""

    DRAFT = "draft", _("en préparation")
    BUILDING = "building", _("calcul en cours")
    BUILT = "built", _("à relire")
    FAILED = "failed", _("calcul échoué")
    PUBLISHED = "published", _("publiée")
    REPLACED = "replaced", _("remplacée")

    @classmethod
    def public(cls) -> tuple[str, ...]:
        """The states that everybody may read: a replaced edition stays readable, under its erratum."""
        return (cls.PUBLISHED, cls.REPLACED)

    @classmethod
    def changeable(cls) -> tuple[str, ...]:
        """The states in which its sources, notes and words may change."""
        return (cls.DRAFT, cls.BUILT, cls.FAILED)


class Editions(models.QuerySet["Edition"]):
    """Editions, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Editions:
        """What is published; all of them for the team."""
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return self.all()
        return self.filter(state__in=EditionState.public())


class Edition(models.Model):
    """The figures of one territory at the end of one year: computed here, or published by others and kept as they said.

    perimeter: a code that `territory.queries.scope` knows. compared: the codes set beside it. version: a correction is
    a new version, with an erratum, that replaces the one before. queries: name → text of the query. checksum: of the
    figures and words, taken when it is published. revision: counts the times its words were saved, so that two people
    never overwrite each other unseen.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("calculée ici")
        THEIRS = "theirs", _("publiée par d’autres")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.OWN)
    perimeter = models.CharField(max_length=60)
    perimeter_name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=160, blank=True)
    document = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    vintage = models.CharField(max_length=120, blank=True)
    contradictions = models.JSONField(default=list)
    introduction = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    compared = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=EditionState.choices, default=EditionState.DRAFT)
    simulated = models.BooleanField(default=False)
    sources = models.ManyToManyField(Source, related_name="editions", blank=True)
    said_of_sources = models.JSONField(default=list)
    queries = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    erratum = models.TextField(blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    built_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    job = models.UUIDField(null=True)

    objects = Editions.as_manager()

    class Meta:
        ordering = ["-year", "-version", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["perimeter", "year", "version"], condition=Q(kind="own"), name="panorama_one_version"
            ),
            models.UniqueConstraint(
                fields=["perimeter", "year"],
                condition=Q(kind="own", state="published"),
                name="panorama_one_published_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"]) | (~Q(checksum="") & Q(published_at__isnull=False)),
                name="panorama_published_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(erratum=""), name="panorama_correction_says_why"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="panorama_version_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def owners(self) -> Collection[UUID]:
        """Editions belong to the territory: roles decide."""
        return ()


class Value(models.Model):
    """One figure of an edition, in the long form (`kernel.figures.Figure`): empty texts mean all, no value is no zero.

    sources: positions in the edition's `said_of_sources`.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="values")
    indicator = models.CharField(max_length=40)
    perimeter = models.CharField(max_length=60)
    commune = models.CharField(max_length=5, blank=True)
    family = models.CharField(max_length=30, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=12, blank=True)
    year = models.SmallIntegerField(default=0)
    unit = models.CharField(max_length=20)
    low = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Status], default=Status.OK)
    because = models.CharField(max_length=40, blank=True)
    sources = models.JSONField(default=list)
    query = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["edition", "indicator", "perimeter", "commune", "family", "sector", "size", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "indicator", "perimeter", "commune", "family", "sector", "size", "year"],
                name="panorama_value_once",
            ),
            models.CheckConstraint(
                condition=(Q(status="ok", value__isnull=False) | (~Q(status="ok") & Q(value__isnull=True))),
                name="panorama_value_or_reason",
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True, high__isnull=True) | Q(low__isnull=False, high__isnull=False)),
                name="panorama_interval_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.perimeter} {self.commune}".strip()

    @property
    def cell(self) -> Cell:
        """What it is about."""
        return Cell(self.perimeter, self.commune, self.family, self.sector, self.size, self.year)

    def as_figure(self, sources: list[FigureSource], edition: str) -> Figure:
        """The figure, with the sources of its edition."""
        return Figure(
            self.indicator,
            self.cell,
            self.unit,
            self.value,
            self.low,
            self.high,
            Status(self.status),
            self.because,
            tuple(sources[position] for position in self.sources),
            self.query,
            edition,
        )


class Note(models.Model):
    """What the officer says of an indicator in an edition, for the whole or for a commune; the checksum holds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notes")
    indicator = models.CharField(max_length=40, blank=True)
    commune = models.CharField(max_length=5, blank=True)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=0)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["indicator", "commune", "written_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="panorama_note_not_empty")]

    def __str__(self) -> str:
        return self.text[:60]


class Fragment(models.Model):
    """A piece of page drawn once (a chart, a map), kept by its content: two editions alike share it."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    def __str__(self) -> str:
        return self.digest


class Placed(models.Model):
    """Where an edition shows a fragment: `key` names the chart."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="placed")
    key = models.CharField(max_length=120)
    fragment = models.ForeignKey(Fragment, models.PROTECT, related_name="places")

    class Meta:
        ordering = ["edition", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="panorama_fragment_once")]

    def __str__(self) -> str:
        return self.key


class Output(models.Model):
    """A file made from an edition (PDF, A4 of a commune, spreadsheet), with its checksum. path: below MEDIA_ROOT."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="outputs")
    key = models.CharField(max_length=80)
    filename = models.CharField(max_length=160)
    path = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["edition", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="panorama_output_once")]

    def __str__(self) -> str:
        return self.filename
