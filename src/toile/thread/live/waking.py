"""Knowing that somebody wrote: SQLite's data version, PostgreSQL's notifications; both only say « look »."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg
from django.db import connection, connections

from toile.thread.services import CHANNEL

logger = logging.getLogger(__name__)

PACE, IDLE_PACE, BUSY = 0.01, 0.1, 10.0
"""Seconds between two looks at SQLite: while something was written less than ten seconds ago, and otherwise."""
LISTENING, POLLING = 0.5, 0.5


class Waking(Protocol):
    """What the reader of the log waits on."""

    def wait(self) -> bool:
        """Wait half a second at most; whether there may be something new."""


class _ByVersion:
    """`PRAGMA data_version` changes when another connection commits: a few microseconds, no file is read."""

    def __init__(self) -> None:
        self.version = self._read()
        self.changed_at = time.monotonic()

    def wait(self) -> bool:
        time.sleep(PACE if time.monotonic() - self.changed_at < BUSY else IDLE_PACE)
        version = self._read()
        if version == self.version:
            return False
        self.version, self.changed_at = version, time.monotonic()
        return True

    @staticmethod
    def _read() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])


class _ByNotification:
    """LISTEN on a connection of its own. While it is cut, or where a pooler forbids it, look twice a second instead."""

    def __init__(self) -> None:
        self.listening: psycopg.Connection | None = None

    def wait(self) -> bool:
        try:
            if self.listening is None:
                self.listening = self._listen()
                return True  # what was written before is not notified
            return bool(list(self.listening.notifies(timeout=LISTENING, stop_after=1)))
        except psycopg.Error as error:
            logger.warning("live: not listening to the database (%s); looking twice a second", type(error).__name__)
            self.close()
            time.sleep(POLLING)
            return True

    def close(self) -> None:
        if self.listening is not None:
            self.listening.close()
            self.listening = None

    @staticmethod
    def _listen() -> psycopg.Connection:
        wrapper = connections["default"]
        asked = {name: value for name, value in wrapper.get_connection_params().items() if name not in _NOT_ASKED}
        listening = psycopg.connect(**asked, autocommit=True, connect_timeout=5)
        listening.execute(f"LISTEN {CHANNEL}")
        return listening


_NOT_ASKED = {"cursor_factory", "context", "prepare_threshold", "connect_timeout"}


@contextmanager
def waking() -> Iterator[Waking]:
    """What tells the calling thread to look, closed at the end."""
    if connection.vendor == "sqlite":
        yield _ByVersion()
        return
    by_notification = _ByNotification()
    try:
        yield by_notification
    finally:
        by_notification.close()
