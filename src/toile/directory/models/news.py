"""News and announcements of structures, what anybody reports of them, and the comments that they are open to."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.rules.news import Kind, State, beginning
from toile.kernel.pictures import Picture
from toile.kernel.readers import Reader, Role
from toile.territory.models import Commune

from .organisations import Openness, Organisation

TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH, COMMENT_LENGTH = 140, 5000, 1000, 1000
KINDS = {
    Kind.NEWS.value: _("Actualité"),
    Kind.NEED.value: _("Besoin"),
    Kind.OFFER.value: _("Offre"),
    Kind.JOB.value: _("Emploi"),
    Kind.MEETING.value: _("Rendez-vous"),
}
STATES = {
    State.DRAFT.value: _("brouillon"),
    State.PUBLISHED.value: _("publiée"),
    State.WITHDRAWN.value: _("retirée"),
    State.HIDDEN.value: _("masquée par l’équipe"),
    State.ANSWERED.value: _("masquée, réponse donnée"),
}
_HELD = [State.HIDDEN.value, State.ANSWERED.value]


def seen_through(reader: Reader) -> Q:
    """The items whose structure this reader may see: the same declaration as `Organisations.visible_to`."""
    mine = reader.organisations | reader.reasons
    public = Q(organisation__openness=Openness.PUBLIC)
    return public | Q(organisation__in=mine) if mine else public


class NewsItems(models.QuerySet["News"]):
    """News, by who reads and by structure."""

    def visible_to(self, reader: Reader) -> NewsItems:
        """What is published by a structure that the reader sees; the rest is its people's and the team's."""
        seen = self.filter(seen_through(reader))
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return seen
        published = Q(state=State.PUBLISHED)
        mine = reader.organisations
        return seen.filter(published | Q(organisation__in=mine) if mine else published)

    def online(self) -> NewsItems:
        """Those that are published now, over or not."""
        return self.filter(state=State.PUBLISHED)

    def of_structure(self, canonical: UUID) -> NewsItems:
        """Those of a structure, the organisations joined to it included."""
        return self.filter(organisation__canonical=canonical)


class News(models.Model):
    """One news item or announcement, in plain text: who may change what of it is `rules.news`.

    organisation: the one it was written for, for ever; its page is the canonical one's. commune, lon, lat: where it
    takes place, the structure's own place unless told. on, until: its day and its end; ends_at: the moment from which
    it is no longer current, computed at its publication. folded, sort_name: what one searches and sorts by.
    author: emptied when the person is erased; the words are the structure's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=8, choices=KINDS, default=Kind.NEWS.value)
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField()
    picture = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="news")
    commune = models.ForeignKey(Commune, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    on = models.DateField(null=True)
    until = models.DateField(null=True)
    comments_open = models.BooleanField(default=False)
    folded = models.TextField()
    sort_name = models.CharField(max_length=TITLE_LENGTH)

    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT.value)
    author = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    hidden_because = models.TextField(blank=True)
    hidden_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = NewsItems.as_manager()

    class Meta:
        verbose_name = _("actualité")
        ordering = ["-published_at", "id"]
        indexes = [
            models.Index(fields=["state", "-published_at", "id"], name="directory_news_by_time"),
            models.Index(fields=["answered_at"], condition=Q(state="answered"), name="directory_news_answered"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="directory_news_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="directory_news_state_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="directory_news_title_is_given"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(published_at__isnull=False, ends_at__isnull=False),
                name="directory_news_published_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_HELD) | ~Q(hidden_because=""), name="directory_news_hidden_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="directory_news_answered_has_words",
            ),
            models.CheckConstraint(
                condition=Q(on__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("on")),
                name="directory_news_ends_after_its_day",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="directory_news_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("news:page", args=[self.pk])

    def owners(self) -> Collection[UUID]:
        """The organisation it was written for: its members act on it."""
        return (self.organisation_id,)

    @property
    def is_announcement(self) -> bool:
        return self.kind != Kind.NEWS

    @property
    def beginning(self) -> str:
        """The first signs of its text, on one line."""
        return beginning(self.text)

    @property
    def is_over(self) -> bool:
        """Whether it was about a time that is past; news without a day is never over, it only grows old."""
        dated = self.is_announcement or self.on is not None or self.until is not None
        return dated and self.ends_at is not None and self.ends_at <= timezone.now()


class NewsReport(models.Model):
    """What somebody finds wrong in a published item; nothing of who says so. Removed a year after it is closed."""

    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="reports")
    words = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(closed_at__isnull=True), name="directory_news_reported")
        ]

    def __str__(self) -> str:
        return f"{self.news_id} {self.made_at}"


class NewsComments(models.QuerySet["NewsComment"]):
    """Comments, by who reads."""

    def visible_to(self, reader: Reader) -> NewsComments:
        """Those of the items that the reader sees; a hidden one is its author's, the structure's and the team's."""
        seen = self.filter(news__in=News.objects.visible_to(reader))
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR):
            return seen
        shown: Any = Q(hidden_at__isnull=True)
        if reader.is_signed_in:
            shown |= Q(author=reader.person) | Q(news__organisation__in=reader.organisations)
        return seen.filter(shown)


class NewsComment(models.Model):
    """A word left under an item whose people opened it to comments. from_structure: one of them wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="comments")
    author = models.UUIDField()
    from_structure = models.BooleanField(default=False)
    words = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)
    hidden_because = models.TextField(blank=True)

    objects = NewsComments.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_because="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_because="")),
                name="directory_comment_hidden_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.news_id} {self.made_at}"

    def owners(self) -> Collection[UUID]:
        """The structure of the item: its members may hide it, with a reason."""
        return (self.news.organisation_id,)
