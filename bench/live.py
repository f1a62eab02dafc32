"""The live stream: 300 listeners at 10 facts a second, beside the same listeners fed from a queue in memory."""

from __future__ import annotations

import json
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from statistics import median, quantiles

from measuring import PROCESSES, Measure, skipped, tell

from toile.kernel.testing import OwnDatabase, own_database, postgresql_answers

LISTENERS, ROUNDS, EACH = 300, 5, 20
SCRIPT = PROCESSES / "live.py"
Given = Callable[[], dict[str, float]]


@contextmanager
def _server(database: OwnDatabase) -> Iterator[int]:
    """The site and the queue in memory, in one process, on a free port; ended by its own number."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    database.environment["TOILE_LIVE_PER_ADDRESS"] = str(2 * LISTENERS)
    with database.start(SCRIPT, "serve", str(port)) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def _delays(database: OwnDatabase, port: int, path: str, given: Given) -> list[float]:
    """Seconds from each event to each listener, in one round."""
    with database.start(SCRIPT, "listen", str(port), path, str(LISTENERS), str(EACH)) as listening:
        assert listening.stdout is not None
        if listening.stdout.readline().strip() != "ready":
            raise RuntimeError("the listeners did not all come")
        at = given()
        arrived = json.loads(listening.communicate(timeout=120)[0])
    return [when - at[str(number)] for number, when in arrived if str(number) in at]


def measures() -> Iterator[Measure]:
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not postgresql_answers():
            skipped("direct (postgresql)", "aucun serveur ne répond (TOILE_TEST_POSTGRES)")
            continue
        with own_database(engine) as database, _server(database) as port:
            yield from _compared(database, port)


def _compared(database: OwnDatabase, port: int) -> Iterator[Measure]:
    def facts() -> dict[str, float]:
        return json.loads(database.run(SCRIPT, "write", str(EACH)))

    def memory() -> dict[str, float]:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/fill?{EACH}", timeout=120) as answer:
            return json.load(answer)

    heard, live, queue = 0, [], []
    for _ in range(ROUNDS):
        delays = _delays(database, port, "/fil/direct/", facts)
        heard += len(delays)
        live.append(_p95(delays))
        queue.append(_p95(_delays(database, port, "/bench/memory", memory)))
    due = LISTENERS * ROUNDS * EACH
    yield Measure(f"direct : non reçus sur {due} ({database.engine})", due - heard, 0, "faits", due - heard, 0)
    p95, base = median(live), median(queue)
    yield Measure(f"direct : p95 à {LISTENERS} ({database.engine})", p95, base, "ms", p95 / base, 3)


def _p95(delays: list[float]) -> float:
    return 1000 * quantiles(delays, n=20)[-1]


if __name__ == "__main__":
    sys.exit(tell(measures()))
