"""Who follows what, how each person wants to be told, the notices made of facts, and how far each follower has read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import time
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from toile.kernel.readers import Reader

from .rules.telling import Pace, QuietHours, Rhythm
from .topics import Topic, topics


class Subscriptions(models.QuerySet["Subscription"]):
    """Subscriptions, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Subscriptions:
        """One's own, and nobody else's, whatever the role."""
        return self.filter(person=reader.person) if reader.person else self.none()


class Subscription(models.Model):
    """A person (bare UUID) follows a subject of facts: a structure, a commune; told of what is recorded from then on.

    It goes with the person.
    """

    person = models.UUIDField()
    subject = models.UUIDField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = Subscriptions.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        # The second serves the follower: whom to tell of a subject, page by page.
        indexes = [models.Index(fields=["subject", "person"], name="thread_subscribers")]
        constraints = [models.UniqueConstraint(fields=["person", "subject"], name="thread_follows_once")]

    def __str__(self) -> str:
        return f"{self.person} → {self.subject}"


class Preference(models.Model):
    """How a person (bare UUID) wants to be told; who has no row has the defaults.

    rhythms: topic → rhythm, for those chosen. stop: the secret of the links that stop messages. hour_began, hour_sent:
    the messages sent at once in the hour under way. refusals: in a row; `paused_at`: the address took none of them, it
    is written to no more. It goes with the person.
    """

    person = models.UUIDField(primary_key=True)
    rhythms = models.JSONField(default=dict)
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))
    quiet_sundays = models.BooleanField(default=False)
    stop = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hour_began = models.DateTimeField(null=True)
    hour_sent = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person)

    def rhythm(self, topic: Topic) -> Rhythm:
        """How to tell of this topic: as chosen, else as the topic itself proposes."""
        chosen: Mapping[str, str] = self.rhythms
        return Rhythm(chosen.get(topic.code, topic.rhythm))

    @property
    def quiet(self) -> QuietHours:
        """The person's quiet hours."""
        return QuietHours(self.quiet_from, self.quiet_until, self.quiet_sundays)

    @property
    def pace(self) -> Pace:
        """What was sent at once in the hour under way."""
        return Pace(self.hour_began, self.hour_sent)

    def owners(self) -> Collection[UUID]:
        """The person alone."""
        return {self.person}


class Notices(models.QuerySet["Notice"]):
    """Notices, filtered by who reads."""

    def visible_to(self, reader: Reader) -> Notices:
        """One's own, of facts that one may still read now: a membership lost takes its notices with it."""
        from .models import Fact  # noqa: PLC0415 -- the log's models import these

        if not reader.person:
            return self.none()
        return self.filter(person=reader.person, fact__in=Fact.objects.visible_to(reader).order_by().values("pk"))


class Notice(models.Model):
    """A fact to tell a person (bare UUID), once: on the site, and by e-mail if they want it.

    due_at: when its message leaves; None for none, or none any more. told_at: when one did. rhythm: the one it was made
    under, or changed to since. It lasts twelve months, and goes with the person.
    """

    person = models.UUIDField()
    fact = models.ForeignKey("thread.Fact", on_delete=models.DO_NOTHING, related_name="notices", db_index=False)
    topic = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = Notices.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="thread_notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["person", "due_at"], name="thread_notice_to_tell", condition=Q(due_at__isnull=False)),
            models.Index(fields=["due_at"], name="thread_notice_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["made_at"], name="thread_notice_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "fact"], name="thread_notice_once"),
            models.CheckConstraint(
                condition=Q(rhythm__in=[rhythm.value for rhythm in Rhythm]), name="thread_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(told_at__isnull=True), name="thread_notice_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact_id} → {self.person}"

    def owners(self) -> Collection[UUID]:
        """The person alone."""
        return {self.person}

    @property
    def topic_shown(self) -> Topic | None:
        """The topic it belongs to; None if no room declares it any more."""
        return topics.get(self.topic)


class Cursor(models.Model):
    """How far a follower of the thread has read: every fact up to `fact`. within: where it is inside the next batch."""

    name = models.CharField(max_length=40, primary_key=True)
    fact = models.PositiveBigIntegerField(default=0)
    within = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.fact}"
