"""The one thread of a process that reads the log and tells all its listeners, whatever their number."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING

from django.db import connection

from toile.kernel.readers import VISITOR
from toile.thread.kinds import Visibility

from . import events, queries
from .queries import Happened
from .waking import waking

if TYPE_CHECKING:
    from .hub import Gift, Hub, Listener

logger = logging.getLogger(__name__)

BEAT = 15.0
"""Seconds between two signs of life."""
CHECKED_EVERY = 60.0
"""Seconds after which who listens is read again: a session closed or a role taken back counts within a minute."""
CHECKED_AT_ONCE = 5
LOOK_ANYWAY = 2.0
LINGERS = 30.0
"""Seconds that the thread stays after its last listener."""


class Following(threading.Thread):
    """Reads what is after the hub's cursor when the database wakes it, and hands each listener what is theirs.

    ready: set in the event loop once the cursor is known.
    """

    def __init__(self, hub: Hub) -> None:
        super().__init__(name="live", daemon=True)
        self.hub = hub
        self.stop = threading.Event()
        self.ready = asyncio.Event()
        self.needed_at = self.beat_at = self.looked_at = time.monotonic()

    def run(self) -> None:
        try:
            while self.is_wanted():
                try:
                    self._follow()
                except Exception:
                    logger.exception("live: reading the log failed; again in a second")
                    connection.close()
                    self.stop.wait(1)
        finally:
            connection.close()

    def is_wanted(self) -> bool:
        return not self.stop.is_set() and not self.hub.loop.is_closed()

    def _follow(self) -> None:
        with waking() as waker:
            if not self.ready.is_set():
                self.hub.advance(queries.newest())
                self.hub.loop.call_soon_threadsafe(self.ready.set)
            while self.is_wanted():
                now = time.monotonic()
                if waker.wait() or now - self.looked_at > LOOK_ANYWAY:
                    self.looked_at = now
                    self.look()
                if now - self.beat_at > BEAT:
                    self.beat_at = now
                    self.beat()
                self.check(now)
                if self.hub.listeners:
                    self.needed_at = now
                elif now - self.needed_at > LINGERS:
                    self.hub.rest()

    def look(self) -> None:
        """Tell everybody what is new, in the order of its numbers.

        Whoever cannot be told is let go: they come back with the number of the last fact they have.
        """
        while happened := queries.happened_after(self.hub.cursor):
            listeners = self.hub.advance(happened[-1].fact.pk)
            try:
                self.hub.hand_over(gifts(happened, listeners))
            except Exception:
                self.hub.close(listeners)
                raise

    def beat(self) -> None:
        alive = events.beat(self.hub.cursor)
        self.hub.hand_over([(listener, alive) for listener in self.hub.advance(self.hub.cursor)])

    def check(self, now: float) -> None:
        """Read again who some of the listeners are: a few at each turn, so that no fact waits for it."""
        due = [one for one in tuple(self.hub.listeners) if one.session and now - one.checked_at > CHECKED_EVERY]
        for listener in due[:CHECKED_AT_ONCE]:
            listener.checked_at = now
            reader = queries.reader_of_session(listener.session)
            if reader is None or reader.person != listener.reader.person:
                self.hub.close([listener], events.RELOAD)
            else:
                listener.reader = reader


def gifts(happened: list[Happened], listeners: list[Listener]) -> list[Gift]:
    """What each listener is told of these facts.

    A public fact is drawn once for all who read it in the same language and the same way, as a visitor sees it; the
    others are drawn for their own reader. 1 query a naming room for the public ones, as many for each other reader.
    """
    shared: dict[tuple[frozenset, str], dict[int, bytes]] = {}
    public = [one for one in happened if one.fact.visibility == Visibility.PUBLIC]
    given: list[Gift] = []
    for listener in listeners:
        mine = [one for one in happened if one.is_for(listener.reader, listener.followed)]
        if not mine:
            continue
        way = (listener.followed, listener.language)
        if way not in shared:
            seen = [one for one in public if one.is_for(VISITOR, listener.followed)]
            shared[way] = events.told(VISITOR, seen, *way) if seen else {}
        own = [one for one in mine if one.fact.pk not in shared[way]]
        drawn = shared[way] | (events.told(listener.reader, own, *way) if own else {})
        given.append((listener, b"".join(drawn[one.fact.pk] for one in mine)))
    return given
