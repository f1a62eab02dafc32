"""A job while it runs: its progress, where it resumes, whether it should stop."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.kernel.acts import Actor
from toile.kernel.models import Job

# A page asks every two seconds: writing progress more often than this only costs.
PROGRESS_EVERY = 0.5


class LeaseLost(RuntimeError):
    """Another worker took this job over, this one having been silent too long: what it was writing is rolled back."""


class RunningJob:
    """What the work is given: write with `actor`, go on from `cursor`, return soon once `cancelled` is true."""

    def __init__(self, row: Job, stop: Event) -> None:
        self._row = row
        self._stop = stop
        self._lost = Event()
        self._written = -PROGRESS_EVERY
        self.cursor: Any = row.cursor
        self.told_to_stop = ""

    @property
    def id(self) -> UUID:
        return self._row.pk

    @property
    def actor(self) -> Actor:
        """The person who asked, by way of this job."""
        return Actor(self._row.actor, f"job: {self._row.kind}"[:60])

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is; written at most twice a second, and always at the end."""
        if done != total and monotonic() - self._written < PROGRESS_EVERY:
            return
        self._written = monotonic()
        self._write(done=done, total=total, message=message[:200])

    def save_cursor(self, value: Any) -> None:
        """Keep where to resume (JSON). Inside the act that writes the rows: both are kept, or neither is.

        A saved cursor proves that the work goes forward: its retries are counted anew.
        """
        self._write(cursor=value, attempts=1)
        self.cursor = value

    def forget_arguments(self) -> None:
        """Empty what the work was asked with, once done: what it carried of somebody stays nowhere."""
        self._write(args={})

    def set_result(self, url: str) -> None:
        """Where to read what the work made; the job's page links to it."""
        self._write(result_url=url)

    @property
    def cancelled(self) -> bool:
        """Whether to return now: somebody stopped the job, or its worker stops and another will go on. 1 query."""
        if self._lost.is_set():
            raise LeaseLost(str(self._row))
        if self._stop.is_set():
            self.told_to_stop = "worker"
        elif Job.objects.filter(pk=self._row.pk, cancel_asked=True).exists():
            self.told_to_stop = "person"
        return bool(self.told_to_stop)

    def renew(self, seconds: float) -> None:
        """Keep the lease `seconds` more; called by the worker's heartbeat, in its own thread."""
        until = timezone.now() + timedelta(seconds=seconds)
        if not Job.objects.filter(pk=self._row.pk, lease=self._row.lease).update(lease_until=until):
            self._lost.set()

    def end(self, state: Job.State, **fields: Any) -> None:
        """Give the job back in `state`; nothing happens if the lease was lost."""
        ended = {} if state == Job.State.WAITING else {"ended_at": timezone.now()}
        Job.objects.filter(pk=self._row.pk, lease=self._row.lease).update(
            state=state, lease=None, lease_until=None, **ended, **fields
        )

    def _write(self, **fields: Any) -> None:
        if not Job.objects.filter(pk=self._row.pk, lease=self._row.lease).update(**fields):
            self._lost.set()
            raise LeaseLost(str(self._row))
