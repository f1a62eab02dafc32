"""The fact log: append-only rows that hold ids, not names."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from toile.kernel.readers import Reader

from .kinds import OPENS_TO, Visibility


class Facts(models.QuerySet["Fact"]):
    """Facts, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Facts:
        """Facts this reader may read, compiled to SQL from the declaration of each visibility (`kinds.OPENS_TO`)."""
        levels: dict[frozenset[UUID], list[Visibility]] = {}
        everywhere: list[Visibility] = []
        for level, opening in OPENS_TO.items():
            if opening.to_everyone or not reader.roles.isdisjoint(opening.roles):
                everywhere.append(level)
            elif subjects := opening.subjects(reader):
                levels.setdefault(subjects, []).append(level)
        open_to = Q(visibility__in=everywhere)
        for subjects, at in levels.items():
            about = FactAbout.objects.filter(fact=OuterRef("pk"), subject__in=subjects)
            open_to |= Q(Exists(about), visibility__in=at)
        return self.filter(open_to)

    def before(self, fact: int | None) -> Facts:
        """Those that come after the fact of this number in a list by `-happened_at, -id`; all if None."""
        if fact is None:
            return self
        moment = Fact.objects.filter(pk=fact).values("happened_at")
        return self.filter(Q(happened_at__lt=Subquery(moment)) | Q(happened_at=Subquery(moment), pk__lt=fact))


class Fact(models.Model):
    """Something that happened. `act` groups what one request, command or job did; ids follow the order of commits."""

    kind = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    act = models.UUIDField(db_index=True)
    actor = models.UUIDField(null=True)
    via = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    visibility = models.CharField(max_length=10)
    data = models.JSONField(default=dict)

    objects = Facts.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["-happened_at", "-id"], name="thread_fact_by_time"),
            models.Index(fields=["kind", "-id"], name="thread_fact_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=[level.value for level in Visibility]), name="thread_visibility_is_known"
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=models.F("recorded_at")), name="thread_fact_is_not_in_the_future"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} n° {self.pk}"

    @property
    def is_backdated(self) -> bool:
        """Recorded more than a day after it happened; the page says so."""
        return (self.recorded_at - self.happened_at).days >= 1


class FactAbout(models.Model):
    """What a fact is about: bare UUIDs (organisation, person, commune…), in the order of the sentence."""

    # Its index would double the one of the constraint below.
    fact = models.ForeignKey(Fact, on_delete=models.DO_NOTHING, related_name="abouts", db_index=False)
    subject = models.UUIDField()
    place = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["fact", "place"]
        indexes = [models.Index(fields=["subject", "-at", "-fact"], name="thread_about_timeline")]
        constraints = [models.UniqueConstraint(fields=["fact", "place"], name="thread_about_place_once")]

    def __str__(self) -> str:
        return f"{self.fact_id} → {self.subject}"
