"""The monthly letter: what it holds, in order; who asked to receive it, and proved it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader, Role

from .news import News

TITLE_LENGTH: Final = 140


class LetterState(models.TextChoices):
    """The life of a letter: what has left is not changed any more."""

    DRAFT = "draft", _("brouillon")
    SENT = "sent", _("envoyée")


class Letters(models.QuerySet["Letter"]):
    """Letters, by who reads."""

    def visible_to(self, reader: Reader) -> Letters:
        """Those sent; the team reads its drafts too."""
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return self.all()
        return self.filter(state=LetterState.SENT)


class Letter(models.Model):
    """One letter of the territory. month: the first day of the month whose news it chooses from.

    number: given when it leaves, so that letters follow each other without a gap. made_by: the person who made it.
    delivered, refused: what became of the sending, counted when it ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True)
    month = models.DateField()
    title = models.CharField(max_length=TITLE_LENGTH)
    introduction = models.TextField(blank=True)
    state = models.CharField(max_length=5, choices=LetterState, default=LetterState.DRAFT)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    job = models.UUIDField(null=True)
    delivered = models.PositiveIntegerField(null=True)
    refused = models.PositiveIntegerField(null=True)

    objects = Letters.as_manager()

    class Meta:
        verbose_name = _("lettre")
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["state", "-sent_at", "id"], name="directory_letter_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="directory_letter_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True, sent_at__isnull=True)
                | Q(state="sent", number__isnull=False, sent_at__isnull=False),
                name="directory_letter_sent_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its web version; a draft's is its preparation."""
        if self.number is None:
            return reverse("letters:edit", args=[self.pk])
        return reverse("letters:letter", args=[self.number])

    def owners(self) -> Collection[UUID]:
        """Nobody: the team alone acts on it."""
        return ()


class LetterItem(models.Model):
    """One thing of a letter: a news item, or the team's own words with a link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="items")
    news = models.ForeignKey(News, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    words = models.TextField(blank=True)
    url = models.URLField(max_length=300, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["letter", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(news__isnull=False, title="", words="", url="") | (Q(news__isnull=True) & ~Q(title="")),
                name="directory_letter_item_is_news_or_words",
            ),
            models.UniqueConstraint(fields=["letter", "news"], name="directory_letter_news_once"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.place}"

    @property
    def key(self) -> str:
        """What the page of preparation calls it: the news item, or itself."""
        return str(self.news_id or self.pk)


class Stopped(models.TextChoices):
    """Why nothing is sent to an address any more."""

    ASKED = "asked", _("à la demande de la personne")
    REFUSED = "refused", _("l’adresse refuse les lettres")
    SILENT = "silent", _("la personne n’a pas redit qu’elle la voulait")


class Subscribers(models.QuerySet["Subscriber"]):
    """Those who asked for the letter; the team reads how many they are, and nobody reads who."""

    def receiving(self) -> Subscribers:
        """Those who proved their address and did not stop."""
        return self.filter(confirmed_at__isnull=False, stopped_at__isnull=True)


class Subscriber(models.Model):
    """An address that asked for the letter, and nothing else of its person; theirs by account where they have one.

    asked_at: when the proof in force was asked for, by a link to that address; confirmed_at: when it was last given,
    three years at most before it is asked again (domain K3). words: the version of the sentence that was agreed to.
    refusals: letters in a row that the address refused. secret: what stops it without signing in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    person = models.UUIDField(null=True)
    words = models.CharField(max_length=20)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=7, choices=Stopped, blank=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    secret = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = Subscribers.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(confirmed_at__isnull=False, stopped_at__isnull=True),
                name="directory_letter_receiving",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | Q(stopped_at__isnull=False, stopped_because__in=Stopped.values),
                name="directory_letter_stop_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_receiving(self) -> bool:
        """Whether the next letter leaves for this address."""
        return self.confirmed_at is not None and self.stopped_at is None

    @property
    def is_asked(self) -> bool:
        """Whether a proof was asked for and not given yet."""
        return self.stopped_at is None and (self.confirmed_at is None or self.confirmed_at < self.asked_at)
