"""Young firms that are followed: since when, what they answer, the signals that are read, the calls that are made."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Organisation
from toile.kernel.readers import Reader, Role

from .cases import Case
from .doors import Door


class FollowedSource(models.TextChoices):
    """How a firm entered the cohort."""

    HAND = "hand", _("ajoutée à la main")
    PATH = "path", _("venue du parcours")
    SIRENE = "sirene", _("prise dans SIRENE")
    IMPORT = "import", _("venue d’un tableur")


class FollowedFirms(models.QuerySet["Followed"]):
    """Followed firms, by who has a reason to read them."""

    def visible_to(self, reader: Reader) -> FollowedFirms:
        """Those of the doors where one advises; one's own firms. No platform role opens them by itself."""
        mine = Q(organisation__in=reader.organisations)
        if reader.has_role(Role.ADVISER):
            mine |= Q(door__organisation__in=reader.organisations)
        return self.filter(mine)

    def present(self) -> FollowedFirms:
        """Those still followed."""
        return self.filter(left_on__isnull=True)


class Followed(models.Model):
    """One firm followed by a door's team, from a day until it leaves.

    born_on: its creation (SIRENE, else as told). ended: why it left means that it ceased; a takeover, merger, change of
    form or move is none (domain H10). email, contact: where check-ins go; emptied 24 months after it left. objected_at:
    the firm refuses the score: signals and calls stay possible, nothing is computed.
    """

    class Left(models.TextChoices):
        CEASED = "ceased", _("a cessé")
        AGE = "age", _("a passé trois ans")
        TAKEN_OVER = "taken_over", _("reprise ou fusionnée")
        FORM = "form", _("a changé de forme, avec un nouveau SIREN")
        MOVED = "moved", _("partie ailleurs")
        REFUSED = "refused", _("ne le souhaite plus")
        MISTAKE = "mistake", _("entrée par erreur")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="followed")
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="followed")
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="followed")
    adviser = models.UUIDField(null=True)
    source = models.CharField(max_length=6, choices=FollowedSource)
    born_on = models.DateField(null=True)
    closing_month = models.PositiveSmallIntegerField(null=True, help_text="month of the accounts' closing, 1 to 12")
    files_accounts = models.BooleanField(null=True, help_text="whether its form must file accounts")
    contact = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    entered_on = models.DateField(default=timezone.localdate)
    entered_by = models.UUIDField(null=True)
    left_on = models.DateField(null=True)
    left_why = models.CharField(max_length=10, choices=Left, blank=True)
    objected_at = models.DateTimeField(null=True)
    adjusted = models.SmallIntegerField(null=True, help_text="rank given by hand; null: by the score")
    adjusted_why = models.CharField(max_length=200, blank=True)
    simulated = models.BooleanField(default=False)
    link = models.PositiveSmallIntegerField(default=1)

    objects = FollowedFirms.as_manager()

    class Meta:
        verbose_name = _("entreprise suivie")
        ordering = ["entered_on", "id"]
        indexes = [
            models.Index(fields=["door", "left_on"], name="pathway_followed_by_door"),
            models.Index(fields=["adviser", "left_on"], name="pathway_followed_by_adviser"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(left_on__isnull=True), name="pathway_followed_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_why="") | (Q(left_on__isnull=False) & ~Q(left_why="")),
                name="pathway_left_says_why",
            ),
            models.CheckConstraint(
                condition=Q(closing_month__isnull=True) | Q(closing_month__range=(1, 12)),
                name="pathway_closing_month_exists",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def owners(self) -> Collection[UUID]:
        """The door's organisation follows; the firm reads, corrects and objects."""
        return (self.door.organisation_id, self.organisation_id)


class CheckIn(models.Model):
    """Five questions sent by link to a followed firm. answers: as given; link used once it is answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    followed = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="check_ins")
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="nothing is expected any more")
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["-due_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["followed", "due_on"], name="pathway_one_check_in_a_day")]

    def __str__(self) -> str:
        return f"{self.followed_id} {self.due_on}"


class Signal(models.Model):
    """Something read about a followed firm: a family of rules/signals.toml, seen on a day, by somebody.

    contested_at, contested: the firm says that it is wrong; it then counts for nothing until somebody decided.
    """

    class Source(models.TextChoices):
        CHECK_IN = "check_in", _("réponse de l’entreprise")
        EVENT = "event", _("annonce légale")
        ADVISER = "adviser", _("note de conseil")
        ACCOUNTS = "accounts", _("comptes")
        DIRECTORY = "directory", _("annuaire")
        IMPORT = "import", _("tableur")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    followed = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="signals")
    family = models.CharField(max_length=30)
    level = models.CharField(max_length=30, blank=True)
    seen_on = models.DateField()
    source = models.CharField(max_length=10, choices=Source)
    words = models.CharField(max_length=500, blank=True)
    check_in = models.ForeignKey(CheckIn, null=True, on_delete=models.SET_NULL, related_name="signals")
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.UUIDField(null=True)
    closed_on = models.DateField(null=True, help_text="over since: it counts no more")
    closed_why = models.CharField(max_length=200, blank=True)
    contested_at = models.DateTimeField(null=True)
    contested = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-seen_on", "-noted_at", "-id"]
        indexes = [models.Index(fields=["followed", "closed_on"], name="pathway_signal_by_firm")]

    def __str__(self) -> str:
        return f"{self.family} {self.seen_on}"


class Call(models.Model):
    """An adviser called or visited a followed firm, or tried to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    followed = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(null=True)
    reached = models.BooleanField(default=True)
    words = models.TextField(blank=True, max_length=4000)
    next_on = models.DateField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.followed_id} {self.at:%Y-%m-%d}"
