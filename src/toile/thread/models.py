"""The fact log: append-only rows that hold ids, not names; and the searches that people keep."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader

from .kinds import OPENS_TO, Visibility
from .models_telling import Cursor, Notice, Preference, Subscription  # noqa: F401 -- the room's tables, all read here
from .models_webhooks import Delivery, Webhook  # noqa: F401 -- the same


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


class Cadence(models.TextChoices):
    """How often a kept search is told by e-mail."""

    NEVER = "never", _("jamais")
    DAILY = "daily", _("chaque jour")
    WEEKLY = "weekly", _("chaque semaine")


class Searches(models.QuerySet["SavedSearch"]):
    """Kept searches, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Searches:
        """One's own, and nobody else's, whatever the role."""
        return self.filter(person=reader.person) if reader.person else self.none()


class SavedSearch(models.Model):
    """A search that a person (bare UUID) keeps: the list's code, its address' query, and how often to be told.

    `told_until`: what is newer was not told yet. `stop`: the secret of the link that ends the messages in one click.
    It goes with the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    list = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=120)
    cadence = models.CharField(max_length=10, choices=Cadence, default=Cadence.NEVER)
    made_at = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField(default=timezone.now)
    stop = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = Searches.as_manager()

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["cadence", "told_until"], name="thread_search_due")]
        constraints = [
            models.UniqueConstraint(fields=["person", "list", "query"], name="thread_search_once"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="thread_cadence_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def owners(self) -> Collection[UUID]:
        """The person who keeps it."""
        return {self.person}
