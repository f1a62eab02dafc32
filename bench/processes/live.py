"""What `bench/live.py` runs: the site with a queue in memory beside it, who listens, who writes."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from typing import Any

PACE = 0.1
"""Seconds between two facts."""
EVENT = b'id: %d\nevent: fact\ndata: {"html": "' + b"x" * 700 + b'"}\n\n'


def serve(port: str) -> None:
    """The site as it is served, and `/bench/memory`: the same listeners, fed from queues that a timer fills."""
    import uvicorn

    from toile.config.asgi import application

    queues: set[asyncio.Queue[bytes]] = set()

    async def until_gone(receive: Any, telling: asyncio.Task[None]) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        telling.cancel()

    async def memory(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        queues.add(queue)
        telling = asyncio.current_task()
        gone = asyncio.create_task(until_gone(receive, telling))
        try:
            await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
            while True:
                await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b""})
        finally:
            queues.discard(queue)
            gone.cancel()

    async def fill(scope: dict[str, Any], receive: Any, send: Any) -> None:
        given = {}
        for number in range(int(scope["query_string"])):
            given[number] = time.time()
            for queue in queues:
                queue.put_nowait(EVENT % number)
            await asyncio.sleep(PACE)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(given).encode()})

    async def both(scope: dict[str, Any], receive: Any, send: Any) -> None:
        way = {"/bench/memory": memory, "/bench/fill": fill}.get(scope.get("path", ""), application)
        await way(scope, receive, send)

    uvicorn.run(both, port=int(port), log_level="error", lifespan="off", timeout_graceful_shutdown=2)


def listen(port: str, path: str, listeners: str, count: str) -> None:
    """So many open streams; says « ready » once all are, then when each received each of `count` events."""
    asyncio.run(_listen(int(port), path, int(listeners), int(count)))


async def _listen(port: int, path: str, listeners: int, count: int) -> None:
    arrived: list[tuple[int, float]] = []
    open_ones = asyncio.Semaphore(20)
    ready = [0]

    async def one() -> None:
        async with open_ones:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            while b"retry:" not in await reader.readline():
                pass
        ready[0] += 1
        left, number = count, 0
        while left and (line := await reader.readline()):
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"event: fact"):
                arrived.append((number, time.time()))
                left -= 1
        writer.close()

    everybody = asyncio.gather(*(one() for _ in range(listeners)))
    while ready[0] < listeners:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    print("ready", flush=True)
    try:
        await asyncio.wait_for(everybody, count * PACE + 30)
    except TimeoutError:
        print("not everything arrived", file=sys.stderr)
    print(json.dumps(arrived), flush=True)


def write(count: str) -> None:
    """One act of one fact every tenth of a second; when each was committed, by its number."""
    import django

    django.setup()

    from toile.kernel.acts import Actor, act
    from toile.thread.kinds import kinds
    from toile.thread.live.queries import newest
    from toile.thread.services import record

    kind, actor, committed = kinds["directory.organisation.closed", 1], Actor.system("bench"), {}
    start = time.monotonic()
    for number in range(int(count)):
        time.sleep(max(0.0, start + number * PACE - time.monotonic()))
        with act(actor):
            record(kind, about=[uuid.uuid4()])
        done = time.time()
        committed[newest()] = done
    print(json.dumps(committed))


if __name__ == "__main__":
    {"serve": serve, "listen": listen, "write": write}[sys.argv[1]](*sys.argv[2:])
