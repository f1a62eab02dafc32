"""Acts: the outermost transaction of every write, who does it, and what must happen just before it commits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

if TYPE_CHECKING:
    from .readers import Reader


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (UUID) or nobody (a command, a job), and by which way (`web`, `cli: import siae`, …)."""

    person: UUID | None
    via: str

    @classmethod
    def of(cls, reader: Reader, via: str = "web") -> Actor:
        return cls(reader.person, via)

    @classmethod
    def system(cls, via: str) -> Actor:
        return cls(None, via)


@dataclass(slots=True)
class Act:
    """One act: its id groups every fact that it records. `queue` holds what is written just before the commit.

    What is queued goes by channel: each flush reads its own (`facts`, `search`).
    """

    actor: Actor
    id: UUID = field(default_factory=uuid.uuid4)
    queue: list[Any] = field(default_factory=list)

    def enqueue(self, channel: str, item: Any) -> None:
        """Queue `item` for the flush of `channel`, unless a savepoint open now is rolled back before it.

        Django forgets the commit callbacks of a rolled-back savepoint; an inert one per item lets us know the same.
        """
        marker = _Marker()
        transaction.on_commit(marker)
        self.queue.append((marker, channel, item))

    def surviving(self, channel: str) -> list[Any]:
        """What was queued in `channel` and whose savepoint was not rolled back, in order."""
        alive = {id(entry[1]) for entry in connection.run_on_commit}
        return [item for marker, one, item in self.queue if one == channel and id(marker) in alive]


class _Marker:
    """An inert commit callback, one for each queued item."""

    __slots__ = ()

    def __call__(self) -> None:
        """Nothing is left to do once committed."""


class NoAct(RuntimeError):
    """A fact was recorded outside an act: a programming error, never a user's."""


_current: ContextVar[Act | None] = ContextVar("toile_act", default=None)
_flushers: list[Callable[[Act], None]] = []


def before_commit(flush: Callable[[Act], None]) -> Callable[[Act], None]:
    """Register what runs inside the transaction, last: the thread inserts the queued facts there."""
    if flush not in _flushers:
        _flushers.append(flush)
    return flush


def current_act() -> Act:
    """The act under way; raises `NoAct` outside one."""
    act_now = _current.get()
    if act_now is None:
        raise NoAct("no act is under way: services write inside `with act(actor):`")
    return act_now


@contextmanager
def act(actor: Actor) -> Iterator[Act]:
    """Run a service's writes in one transaction with its facts; an inner `act` joins the outer one.

    An inner act is a savepoint: when it fails and the outer one goes on, what it queued is dropped with its rows, and
    so it is for any savepoint (see `Act.enqueue`). The outermost one is durable (it refuses to start inside another
    transaction) and flushes the queue as its last statements, so that facts are numbered in the order of commits.
    """
    outer = _current.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    mine = Act(actor)
    token = _current.set(mine)
    try:
        with transaction.atomic(durable=True):
            yield mine
            for flush in _flushers:
                flush(mine)
    finally:
        _current.reset(token)
