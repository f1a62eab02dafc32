"""The stream itself, outside Django's request: no thread and no database connection is held while a page listens.

Django answers `/fil/direct/` as any page (session, permissions, headers), and its request ends there. What the view
found of the listener stays in the scope: this application then holds the response open and fills it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection

from . import events, queries
from .hub import Hub, Listener, hub_here

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

DOOR = "toile.live"
SEND_SECONDS = 30
"""A listener that takes nothing for so long is left."""


class Door:
    """What the view and the stream share of one request: the view lets a listener in, the stream serves it."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.listener: Listener | None = None
        self.is_open = False

    def let_in(self, listener: Listener) -> None:
        """Take a place for it; it is given back when the request ends, however it ends. Raises `Full`."""
        self.hub.take_place(listener.network)
        self.listener = listener


def with_live(application: Application) -> Application:
    """The application whose live stream is served beside it."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        door = Door(hub_here())

        async def held(message: dict[str, Any]) -> None:
            """Django's answer, left open where the view let a listener in."""
            if door.listener is None:
                await send(message)
            elif message["type"] == "http.response.start" and message["status"] == 200:
                door.is_open = True
                headers = [line for line in message["headers"] if line[0].lower() != b"content-length"]
                await send(message | {"headers": headers})
            elif not door.is_open:
                await send(message)

        try:
            await application(scope | {DOOR: door}, receive, held)
            if door.listener is not None and door.is_open:
                await _stream(door.hub, door.listener, receive, send)
        finally:
            if door.listener is not None:
                door.hub.leave_place(door.listener.network)

    return served


async def _stream(hub: Hub, listener: Listener, receive: Receive, send: Send) -> None:
    _end_with_the_server(hub)
    watching = asyncio.create_task(_until_gone(receive, listener))
    try:
        await _tell(send, events.opening(random.randint(2000, 5000)))  # noqa: S311 -- so that all do not return at once
        await hub.enter(listener)
        if missed := await sync_to_async(_missed, thread_sensitive=False)(listener):
            await _tell(send, missed)
        while not listener.is_over or listener.queue:
            await listener.awake.wait()
            listener.awake.clear()
            while listener.queue:
                waiting = b"".join(listener.queue)
                listener.queue.clear()
                await _tell(send, waiting)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        logger.info("live: a listener took nothing for %s s", SEND_SECONDS)
    finally:
        hub.leave(listener)
        watching.cancel()


async def _tell(send: Send, data: bytes) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.queue.clear()
    listener.end()


def _missed(listener: Listener) -> bytes:
    """What happened between what the listener has and what the hub will give; a reload where that is too much.

    A number that does not exist yet comes from another database: what the page shows is not of this one.
    """
    if listener.after is None or listener.after == listener.since:
        return b""
    try:
        if listener.after > listener.since:
            return events.RELOAD
        happened = queries.missed(listener.reader, listener.followed, listener.after, listener.since)
        if happened is None:
            return events.RELOAD + events.beat(listener.since)
        drawn = events.told(listener.reader, happened, listener.followed, listener.language) if happened else {}
        return b"".join(drawn[one.fact.pk] for one in happened) + events.beat(listener.since)
    finally:
        connection.close()


def _end_with_the_server(hub: Hub) -> None:
    """A server that is told to stop waits for open answers: ours end at the same signal, and it stops at once.

    The server's own handler is called next. Where nobody handles the signal (a test), nothing is done.
    """
    if hub.ends_with_the_server or threading.current_thread() is not threading.main_thread():
        return
    hub.ends_with_the_server = True
    if not callable(signal.getsignal(signal.SIGTERM)):
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        its_own = signal.getsignal(number)
        if callable(its_own):
            signal.signal(number, _ending_first(hub, its_own))


def _ending_first(hub: Hub, its_own: Callable[[int, Any], Any]) -> Callable[[int, Any], None]:
    def handle(number: int, frame: Any) -> None:
        if not hub.loop.is_closed():
            hub.loop.call_soon_threadsafe(hub.end)
        its_own(number, frame)

    return handle
