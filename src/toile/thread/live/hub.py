"""Who listens in this process: places counted, bounded queues, and the handing over of what was read."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from toile.kernel.readers import Reader

from .events import RELOAD
from .following import Following

MOST_QUEUED = 256
"""Events that wait for a slow listener before it is told to load the page again."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. session: empty for a visitor. followed: empty for the territory's thread.

    after: the last fact it has, None to begin now. since: what the hub had given out when it came: what lies between
    the two is read from the database. Its queue belongs to the event loop; `reader` may be replaced at any moment.
    """

    reader: Reader
    session: str
    language: str
    followed: frozenset[UUID]
    after: int | None
    network: str
    since: int = 0
    checked_at: float = field(default_factory=time.monotonic)
    queue: deque[bytes] = field(default_factory=deque)
    is_over: bool = False
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def give(self, data: bytes) -> None:
        """Queue what it will be sent; a listener too slow loses its queue, is told to load the page again, and ends."""
        if self.is_over:
            return
        if len(self.queue) >= MOST_QUEUED:
            self.end(RELOAD)
        else:
            self.queue.append(data)
            self.awake.set()

    def end(self, last: bytes = b"") -> None:
        """Have its stream finish; with a last word, the queue is dropped for it."""
        if last and not self.is_over:
            self.queue.clear()
            self.queue.append(last)
        self.is_over = True
        self.awake.set()


class Full(Exception):
    """No place: `status` and the seconds after which to ask again."""

    def __init__(self, status: int, seconds: int) -> None:
        super().__init__(status)
        self.status, self.seconds = status, seconds


Gift = tuple[Listener, bytes]


class Hub:
    """The listeners of one event loop, and the one thread that reads the log for all of them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.lock = Lock()
        self.listeners: set[Listener] = set()
        self.places: Counter[str] = Counter()
        self.cursor = 0
        self.following: Following | None = None
        self.is_ending = self.ends_with_the_server = False

    # --- Places: taken by the view, in its own thread ---

    def take_place(self, network: str) -> None:
        """Count one more listener of this network. Raises `Full`."""
        with self.lock:
            if self.places.total() >= settings.TOILE_LIVE_LISTENERS:
                raise Full(503, 60)
            if network and self.places[network] >= settings.TOILE_LIVE_PER_ADDRESS:
                raise Full(429, 120)
            self.places[network] += 1

    def leave_place(self, network: str) -> None:
        with self.lock:
            self.places[network] -= 1
            if self.places[network] <= 0:
                del self.places[network]

    # --- Listeners: in the event loop ---

    async def enter(self, listener: Listener) -> None:
        """Have it receive what is read from now on; the reading thread is started for the first one."""
        while not self.is_ending:
            following = self._following_now()
            await asyncio.wait_for(following.ready.wait(), 10)
            with self.lock:
                if not following.stop.is_set():
                    listener.since = self.cursor
                    self.listeners.add(listener)
                    return
        listener.end()

    def _following_now(self) -> Following:
        if self.following is None or self.following.stop.is_set():
            self.following = Following(self)
            self.following.start()
        return self.following

    def leave(self, listener: Listener) -> None:
        with self.lock:
            self.listeners.discard(listener)

    def end(self) -> None:
        """Finish every stream, now: the server stops."""
        self.is_ending = True
        for listener in list(self.listeners):
            listener.end()
        if self.following is not None:
            self.following.stop.set()

    # --- What was read: from the reading thread ---

    def advance(self, cursor: int) -> list[Listener]:
        """Who is to be told of what was read up to `cursor`: whoever comes later reads it from the database."""
        with self.lock:
            self.cursor = cursor
            return list(self.listeners)

    def rest(self) -> None:
        """Have the reading thread end if nobody listens; whoever comes next starts another one."""
        with self.lock:
            if not self.listeners and self.following is not None:
                self.following.stop.set()

    def hand_over(self, gifts: list[Gift]) -> None:
        """Have the event loop queue these, in this order."""
        if gifts and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(_give, gifts)

    def close(self, listeners: Iterable[Listener], last: bytes = b"") -> None:
        """Have the event loop end these streams; without a last word, they come back where they were."""
        for listener in listeners:
            if not self.loop.is_closed():
                self.loop.call_soon_threadsafe(listener.end, last)


def _give(gifts: list[Gift]) -> None:
    for listener, data in gifts:
        listener.give(data)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub_here() -> Hub:
    """The hub of the running event loop: one for each process that serves."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]
