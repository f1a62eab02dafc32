"""Asking for work, doing it again, stopping it, and asking for what is due: every write to the queue but a worker's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict
from toile.kernel.models import ACTIVE, DueInstant, Job
from toile.kernel.permissions import require
from toile.kernel.readers import Reader

from .kinds import kinds, timetable


class UnknownJob(LookupError):
    """No room declared this kind of work: a programming error."""


def enqueue(actor: Actor, kind: str, /, *, key: str = "", **args: Any) -> Job:
    """Ask for `kind` with `args` (JSON values), in the act under way or in one of its own.

    While a job of the same kind and `key` waits or runs, that one is returned and nothing is added.
    """
    if kind not in kinds:
        raise UnknownJob(kind)
    with act(actor):
        while True:
            same = Job.objects.filter(kind=kind, key=key, state__in=ACTIVE).first() if key else None
            if same is not None:
                return same
            try:
                with transaction.atomic():
                    return Job.objects.create(kind=kind, key=key, args=args, actor=actor.person, via=actor.via)
            except IntegrityError:
                # Somebody asked for the same at the same moment: theirs is read at the next turn.
                if not key:
                    raise


def run_again(reader: Reader, job: Job) -> None:
    """Have an ended job run again: from its cursor if it failed or was stopped, from the start if it was done."""
    require(reader, "kernel.job.run_again")
    fresh = {"cursor": None, "done": 0, "total": None} if job.state == Job.State.DONE else {}
    try:
        with act(Actor.of(reader)):
            changed = (
                Job.objects.filter(pk=job.pk)
                .exclude(state__in=ACTIVE)
                .update(
                    state=Job.State.WAITING,
                    not_before=timezone.now(),
                    attempts=0,
                    ended_at=None,
                    cancel_asked=False,
                    error="",
                    message="",
                    **fresh,
                )
            )
    except IntegrityError:
        raise Conflict(_("Le même travail est déjà en attente ou en cours.")) from None
    if not changed:
        raise Conflict(_("Ce travail est déjà en attente ou en cours."))


def cancel(reader: Reader, job: Job) -> None:
    """Stop a job: at once if it waits, at its next step if it runs. What it wrote stays."""
    require(reader, "kernel.job.cancel", owners=job.owners())
    with act(Actor.of(reader)):
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
        if not waiting.update(state=Job.State.CANCELLED, ended_at=timezone.now()):
            Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_asked=True)


def enqueue_due(now: datetime | None = None) -> list[Job]:
    """Ask for each timed work whose last due instant was not asked for yet; safe with any number of workers.

    Instants missed while no worker ran are made up for once, by the last of them. A work seen for the first time starts
    at its next instant. 1 query when nothing is due.
    """
    now = now or timezone.now()
    last = dict(DueInstant.objects.order_by("instant").values_list("name", "instant"))
    asked = []
    for line in timetable.values():
        instant = line.rule.last_due(now)
        if line.name in last and last[line.name] >= instant:
            continue
        actor = Actor.system(f"timed: {line.name}"[:60])
        with act(actor):
            noted, is_new = DueInstant.objects.get_or_create(name=line.name, instant=instant)
            if is_new and line.name in last:
                job = enqueue(actor, line.kind, key=f"{line.name} {instant.isoformat()}", **line.args)
                noted.job = job.pk
                noted.save(update_fields=["job"])
                asked.append(job)
    return asked
