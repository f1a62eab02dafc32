"""What people decide of their notices: what they follow, how and when they are told, what they read, stopping."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader

from .concerned import Around, around_all
from .models import Notice, Preference, Subscription
from .names import name_all
from .permissions import FOLLOW, TELLING
from .rules.telling import QuietHours, Rhythm, told_when
from .topics import topics

MOST_FOLLOWED = 200


class TooManyFollowed(UserError):
    """A person follows as much as one may."""


def follow_subject(reader: Reader, subject: UUID) -> str:
    """Have a reader told of a subject from now on; its name. Twice does no more than once.

    No fact is recorded: what somebody follows is nobody else's business. Raises `NotVisible` for what no room names to
    this reader, `TooManyFollowed` beyond 200 (two requests at the same instant may make one more).
    """
    require(reader, FOLLOW.code)
    assert reader.person is not None
    named = name_all(reader, [subject]).get(subject)
    if named is None or subject == reader.person:
        raise NotVisible(_("Cette page n’existe pas, ou n’est pas ouverte à tous : elle ne peut pas être suivie."))
    with act(Actor.of(reader)):
        mine = Subscription.objects.visible_to(reader)
        if not mine.filter(subject=subject).exists() and mine.count() >= MOST_FOLLOWED:
            raise TooManyFollowed(
                _("Vous suivez déjà %(most)s pages : cessez d’en suivre une pour suivre celle-ci.")
                % {"most": MOST_FOLLOWED}
            )
        Subscription.objects.get_or_create(person=reader.person, subject=subject)
    return named.label


def unfollow(reader: Reader, subject: UUID) -> None:
    """Tell this reader no more of a subject, under any of its identities; the notices already made stay."""
    require(reader, FOLLOW.code)
    known = around_all([subject]).get(subject, Around())
    with act(Actor.of(reader)):
        Subscription.objects.visible_to(reader).filter(subject__in=known.same | {subject}).delete()


def set_preferences(reader: Reader, rhythms: Mapping[str, Rhythm], quiet: QuietHours) -> None:
    """How this reader wants to be told, topic by topic, and when not; what waits for a message follows the choice."""
    require(reader, TELLING.code)
    with act(Actor.of(reader)):
        row = _row(reader.person)
        row.rhythms = {code: rhythm.value for code, rhythm in rhythms.items() if code in topics}
        row.quiet_from, row.quiet_until, row.quiet_sundays = quiet.begins, quiet.ends, quiet.sundays
        row.save()
        for topic in topics.values():
            _reschedule(row, topic.code, row.rhythm(topic))


def stop_messages(preference: Preference, rhythm: Rhythm) -> None:
    """End the messages of this rhythm, for whoever holds the secret link; notices stay on the site. Safe twice."""
    with act(Actor.system("mail: stop")):
        row = _row(preference.person)
        for topic in topics.values():
            if row.rhythm(topic) == rhythm:
                row.rhythms[topic.code] = Rhythm.ON_SITE.value
        row.save(update_fields=["rhythms"])
        waiting = Notice.objects.filter(person=row.person, rhythm=rhythm, due_at__isnull=False)
        waiting.update(rhythm=Rhythm.ON_SITE, due_at=None)


def resume_messages(reader: Reader) -> None:
    """Write again to an address that refused, since the person says that it works now: of what is to come."""
    require(reader, TELLING.code)
    with act(Actor.of(reader)):
        Preference.objects.filter(person=reader.person).update(refusals=0, paused_at=None)


def mark_read(reader: Reader, notices: Collection[int] | None = None) -> None:
    """Note that these notices were read; all of them if None."""
    require(reader, TELLING.code)
    with act(Actor.of(reader)):
        unread = Notice.objects.filter(person=reader.person, read_at__isnull=True)
        (unread if notices is None else unread.filter(pk__in=list(notices))).update(read_at=timezone.now())


def _row(person: UUID | None) -> Preference:
    return Preference.objects.select_for_update().get_or_create(person=person)[0]


def _reschedule(row: Preference, topic: str, rhythm: Rhythm) -> None:
    """What waits under another rhythm leaves by the new one; what was not to leave does not begin to."""
    waiting = Notice.objects.filter(person=row.person, topic=topic, due_at__isnull=False)
    waiting.update(rhythm=rhythm, due_at=told_when(rhythm, row.quiet, timezone.now()))
