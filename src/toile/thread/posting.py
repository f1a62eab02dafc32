"""Sending the messages that are due, and noting each once it left: told, refused, put off, or not to be written."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.jobs import RunningJob, enqueue
from toile.kernel.models import ACTIVE, Job

from .delivery import Post, Refused
from .models import Notice, Preference
from .notices import Due, is_due
from .rules.telling import MOST_REFUSALS, Rhythm, told_when
from .telling import Letter, letters, message

logger = logging.getLogger(__name__)

JOB = "thread.telling"
ACTOR = Actor.system("follower: telling")
RESTS_AFTER_FAILURE = timedelta(minutes=15)
NOTED_TOGETHER = 10
"""Messages noted in one act: noting each would cost as much as sending it, and a kill repeats those not noted yet."""


def ask() -> bool:
    """Ask for the work that writes to people, if a message is due; a quarter of an hour later if the last one failed.

    Always False: the work is done by the queue, under its lease. One statement when nothing is due.
    """
    now = timezone.now()
    if not is_due(now):
        return False
    last = Job.objects.filter(kind=JOB).order_by("-asked_at").first()
    if last is not None:
        rests = last.state == Job.State.FAILED and last.ended_at and last.ended_at > now - RESTS_AFTER_FAILURE
        if rests or last.state in ACTIVE:
            return False
    enqueue(ACTOR, JOB, key="due")
    return False


def write_to(running: RunningJob, people: Sequence[UUID], until: datetime, post: Post) -> int:
    """Write what is due to these people; how many messages left.

    They are sent ten at a time, then noted: a worker killed between the two sends at most ten again, the same under the
    same Message-ID. No transaction is open while they are sent. One refused does not hold up the others; a server that
    does not answer is raised once what left was noted.
    """
    _give_a_secret(running.actor, people)
    due, left = letters(people, until), 0
    for start in range(0, len(due), NOTED_TOGETHER):
        left += _write(running, due[start : start + NOTED_TOGETHER], until, post)
    return left


def _give_a_secret(actor: Actor, people: Sequence[UUID]) -> None:
    """Each person written to has a row, which holds the secret of their stop link."""
    known = set(Preference.objects.filter(person__in=people).values_list("person", flat=True))
    if missing := [Preference(person=person) for person in people if person not in known]:
        with act(actor):
            Preference.objects.bulk_create(missing, ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class _Became:
    """What became of a message. notices, preference: what to write on the notices that it gathers, on its person."""

    due: Due
    notices: Mapping[str, datetime | None]
    preference: Mapping[str, Any] = field(default_factory=dict)


def _write(running: RunningJob, lot: Sequence[Letter], until: datetime, post: Post) -> int:
    now = timezone.now()
    decided = [(letter, _not_now(letter, now)) for letter in lot]
    kept = [became for _, became in decided if became is not None]
    ready = [letter for letter, became in decided if became is None]
    stopped = post([message(letter) for letter in ready])
    went = list(zip(ready, stopped, strict=True))
    kept += [_taken(letter, now) for letter, why in went if why is None]
    kept += [_refused(letter, now) for letter, why in went if isinstance(why, Refused)]
    _note(running, kept, until)
    for why in stopped:
        if why is not None and not isinstance(why, Refused):
            raise why
    return stopped.count(None)


def _not_now(letter: Letter, now: datetime) -> _Became | None:
    """What becomes of a message that does not leave now; None for one that does."""
    if letter.address is None or not letter.told or letter.preference.paused_at:
        return _Became(letter.due, {"due_at": None})
    if letter.due.rhythm == Rhythm.AT_ONCE and (leaves := letter.preference.pace.leaves(now)) > now:
        return _Became(letter.due, {"due_at": leaves})
    return None


def _taken(letter: Letter, now: datetime) -> _Became:
    """It left: the address works, and the hour under way brought one message more when it was sent at once."""
    preference = letter.preference
    pace = preference.pace.with_one_more(now) if letter.due.rhythm == Rhythm.AT_ONCE else preference.pace
    fields = {"refusals": 0, "hour_began": pace.since, "hour_sent": pace.sent}
    is_same = all(getattr(preference, name) == value for name, value in fields.items())
    return _Became(letter.due, {"due_at": None, "told_at": now}, {} if is_same else fields)


def _refused(letter: Letter, now: datetime) -> _Became:
    """One refusal more: the message is tried again later, by its rhythm; at the third in a row, nothing is."""
    logger.warning("a message to person %s was refused", letter.due.person)
    refusals = letter.preference.refusals + 1
    if refusals >= MOST_REFUSALS:
        return _Became(letter.due, {"due_at": None}, {"refusals": refusals, "paused_at": now})
    later = told_when(Rhythm(letter.due.rhythm), letter.preference.quiet, now + timedelta(hours=1))
    return _Became(letter.due, {"due_at": later}, {"refusals": refusals})


def _note(running: RunningJob, became: Sequence[_Became], until: datetime) -> None:
    """Write what became of these messages; nothing if another worker took the work over."""
    with act(running.actor):
        running.save_cursor(running.cursor)
        whole: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for one in became:
            due = one.due
            if due.count <= len(due.written):
                whole.setdefault(tuple(one.notices.items()), []).extend(due.written)
            else:
                waiting = Notice.objects.filter(person=due.person, rhythm=due.rhythm, due_at__lte=until)
                waiting.filter(pk__lte=due.last).update(**one.notices)
            if one.preference:
                Preference.objects.filter(person=due.person).update(**one.preference)
        for fields, numbers in whole.items():
            Notice.objects.filter(pk__in=numbers, due_at__lte=until).update(**dict(fields))
