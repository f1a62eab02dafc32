"""The worker: claims a job under a lease, runs it, and takes over those whose worker fell silent."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.models import Job

from .followers import follow
from .kinds import kinds
from .queue import enqueue_due
from .running import LeaseLost, RunningJob

logger = logging.getLogger(__name__)

LEASE = 60.0  # seconds of silence after which another worker takes a job over
HEARTBEAT = 10.0  # seconds between two renewals of the lease
PAUSE_AFTER_ERROR = 30.0  # seconds before the first retry; each next one waits four times longer


def claim(lease: float = LEASE) -> Job | None:
    """Take the oldest job that waits, or whose lease ran out; None if there is none.

    One transaction: on PostgreSQL the row is locked and rows that others lock are skipped; on SQLite the transaction is
    IMMEDIATE, so claims follow one another. A job that ran out of retries is failed instead of being taken.
    """
    while True:
        now = timezone.now()
        ripe = Job.objects.filter(
            Q(state=Job.State.WAITING, not_before__lte=now) | Q(state=Job.State.RUNNING, lease_until__lt=now),
            kind__in=list(kinds),
        ).order_by("not_before", "asked_at", "id")
        if not ripe.exists():  # read first: an idle worker takes no write lock
            return None
        with transaction.atomic():
            job = ripe.select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if _is_claimed(job, now, lease):
                return job


def _is_claimed(job: Job, now: datetime, lease: float) -> bool:
    if job.attempts > kinds[job.kind].retries:
        logger.error("job %s was given up: its worker died %s times", job, job.attempts)
        job.state, job.lease, job.lease_until, job.ended_at = Job.State.FAILED, None, None, now
        job.error = _("Ce travail s’est interrompu plusieurs fois sans avancer ; il n’est plus repris.")
    else:
        job.state, job.lease, job.lease_until = Job.State.RUNNING, uuid.uuid4(), now + timedelta(seconds=lease)
        job.attempts += 1
        job.started_at = job.started_at or now
    job.save()
    return job.state == Job.State.RUNNING


def run(row: Job, stop: Event, *, lease: float = LEASE, heartbeat: float = HEARTBEAT) -> None:
    """Run one claimed job to its end, its failure, or the worker's stop."""
    job = RunningJob(row, stop)
    with _heartbeat(job, lease, heartbeat):
        try:
            kinds[row.kind].run(job, **row.args)
        except LeaseLost:
            logger.warning("job %s was taken over by another worker", row)
        except UserError as error:
            job.end(Job.State.FAILED, error=error.message)
        except Exception as error:
            logger.exception("job %s failed (attempt %s)", row, row.attempts)
            _retry_or_fail(job, row, error)
        else:
            _end(job)


def _end(job: RunningJob) -> None:
    match job.told_to_stop:
        case "worker":
            job.end(Job.State.WAITING, attempts=0)
        case "person":
            job.end(Job.State.CANCELLED)
        case _:
            job.end(Job.State.DONE, error="")


def _retry_or_fail(job: RunningJob, row: Job, error: Exception) -> None:
    """The page is told the error's kind only: its words may hold somebody's data."""
    row.refresh_from_db(fields=["attempts"])
    text = _("Erreur inattendue (%(kind)s) ; le journal du serveur en a le détail.") % {"kind": type(error).__name__}
    if row.attempts > kinds[row.kind].retries:
        job.end(Job.State.FAILED, error=text)
    else:
        pause = timedelta(seconds=PAUSE_AFTER_ERROR * 4 ** max(row.attempts - 1, 0))
        job.end(Job.State.WAITING, error=text, not_before=timezone.now() + pause)


@contextmanager
def _heartbeat(job: RunningJob, lease: float, every: float) -> Iterator[None]:
    """Renew the lease from a thread with its own connection, for as long as the work lasts."""
    ended = Event()

    def beat() -> None:
        while not ended.wait(every):
            try:
                job.renew(lease)
            except DatabaseError:
                logger.exception("the lease of job %s could not be renewed", job.id)
        connection.close()

    thread = Thread(target=beat, name=f"lease of {job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def run_waiting(stop: Event | None = None, *, lease: float = LEASE, heartbeat: float = HEARTBEAT) -> int:
    """Run all that may run now, one after the other; how many were run. Tests and commands call it directly."""
    stop = stop or Event()
    count = 0
    while not stop.is_set() and (row := claim(lease)) is not None:
        run(row, stop, lease=lease, heartbeat=heartbeat)
        count += 1
    return count


def run_worker(stop: Event, *, poll: float = 1.0, lease: float = LEASE, heartbeat: float = HEARTBEAT) -> None:
    """Run jobs until `stop` is set; `toile worker` is this. A job under way is given back, to resume at its cursor.

    Before them, what follows writes (`followers`). poll: seconds between two looks at an empty queue. A database that
    does not answer is waited for.
    """
    while not stop.is_set():
        close_old_connections()
        try:
            enqueue_due()
            follow(stop)
            run_waiting(stop, lease=lease, heartbeat=heartbeat)
        except DatabaseError:
            logger.exception("the database did not answer the worker")
            stop.wait(5)
        stop.wait(poll)
    connection.close()
