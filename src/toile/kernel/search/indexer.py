"""The indexer: one process per machine, elected by a file lock, that keeps every index up to its outbox."""

from __future__ import annotations

import hashlib
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from time import monotonic, sleep
from typing import Final

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from toile.kernel.acts import Actor, act
from toile.kernel.models import SearchChange, SearchCursor

from .declaring import collections
from .following import Follower, Progress, latest_change
from .places import REBUILD, Place, root
from .reading import IndexUnavailable, is_engine_failure, position

logger = logging.getLogger(__name__)

LOCK: Final = "indexer.lock"
POLL: Final = 0.2
"""Seconds between two looks at the outbox: what is written is found within a second."""
LOCK_POLL: Final = 1.0
DECLARED_EVERY: Final = 60.0
PAUSE_AFTER_FAILURE: Final = 10.0
PATIENCE: Final = 2.0
"""Seconds that `catch_up` leaves to an indexer at work."""


@contextmanager
def elected() -> Iterator[bool]:
    """Hold the machine's lock of the indexer if nobody does; the system takes it back from a process that dies."""
    import fcntl  # noqa: PLC0415 -- absent from Windows, where the database answers instead of the index

    root().mkdir(parents=True, exist_ok=True)
    with (root() / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def run_indexer(stop: Event, *, poll: float = POLL, pause: float = PAUSE_AFTER_FAILURE) -> None:
    """Wait to be the machine's indexer, then keep its indexes until `stop` is set; `toile indexer` is this.

    poll: seconds between two looks at the outbox. pause: seconds before what failed (a full disk, a database that does
    not answer) is tried again; the index of before keeps answering.
    """
    while not stop.is_set():
        try:
            with elected() as mine:
                if mine:
                    _tend(stop, poll, pause)
        except OSError:
            logger.exception("the folder of the indexes cannot be written: %s", root())
            stop.wait(pause)
        stop.wait(LOCK_POLL)
    connection.close()


def _tend(stop: Event, poll: float, pause: float) -> None:
    followers = {code: Follower(collection) for code, collection in collections.items()}
    again = dict.fromkeys(followers, 0.0)
    declare_at = 0.0
    for follower in followers.values():
        follower.place.sweep()
    while not stop.is_set():
        close_old_connections()
        for code, follower in followers.items():
            if monotonic() >= again[code] and not _followed(follower, pause):
                again[code] = monotonic() + pause
        if monotonic() >= declare_at:
            declare_at = monotonic() + DECLARED_EVERY
            _declare([follower for code, follower in followers.items() if not again[code] > monotonic()])
        stop.wait(poll)
    for follower in followers.values():
        follower.close()


def _followed(follower: Follower, pause: float) -> bool:
    """Follow the outbox; False when it failed, having been said: nothing is lost, the position was not moved."""
    try:
        follower.follow()
    except BaseException as error:
        if not (is_engine_failure(error) or isinstance(error, DatabaseError)):
            raise
        logger.error(
            "index %s: not brought up to date (%s), tried again in %.0f s", follower.collection.code, error, pause
        )
        follower.close()
        with suppress(OSError):
            follower.place.sweep()
        return False
    return True


def _declare(followers: list[Follower]) -> None:
    """Tell the database how far this machine's indexes read, so that nothing they need is pruned."""
    try:
        with act(Actor.system("indexer")):
            for follower in followers:
                SearchCursor.objects.update_or_create(
                    index=machine(),
                    collection=follower.collection.code,
                    defaults={"change": follower.keep_position().change, "seen_at": timezone.now()},
                )
    except DatabaseError:
        logger.exception("how far the indexes read could not be written")


def machine() -> str:
    """A name for this machine's folder of indexes, told in the database."""
    digest = hashlib.sha256(str(root()).encode()).hexdigest()[:12]
    return f"{socket.gethostname()[:80]} {digest}"


def catch_up(code: str) -> int:
    """Bring an index to the outbox's end now, for a command or a test; how many objects were read again.

    Where an indexer is at work it is left to do it, two seconds at most (0 is returned).
    """
    with elected() as mine:
        if mine:
            follower = Follower(collections[code])
            try:
                return follower.follow()
            finally:
                follower.close()
    until = monotonic() + PATIENCE
    while delay(code) != 0 and monotonic() < until:
        sleep(0.05)
    return 0


def rebuild(code: str, progress: Progress | None = None) -> bool:
    """Build an index again now; where an indexer is at work, ask it to (False)."""
    with elected() as mine:
        if not mine:
            Place.of(collections[code]).ask(REBUILD)
            return False
        follower = Follower(collections[code])
        try:
            follower.rebuild(progress)
            follower.follow()
        finally:
            follower.close()
    return True


def delay(code: str) -> int | None:
    """How many changes (of up to 1,000 objects) this machine's index has not read; None if it cannot be read."""
    try:
        read = position(code).change
    except IndexUnavailable:
        return None
    return SearchChange.objects.filter(collection=code, id__gt=read).count()


__all__ = ["catch_up", "delay", "elected", "latest_change", "rebuild", "run_indexer"]
