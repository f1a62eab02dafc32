"""The public list: requests a second of `/annuaire/` beside the empty page, under the same server, signed in."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection

from measuring import PROCESSES, Measure, interleaved, tell

from toile.kernel.testing import OwnDatabase, own_database

PAGE, EMPTY = "/annuaire/", "/-/vide"
ROUNDS, EACH = 7, 60
MOST_QUERIES = 12
SCRIPT = PROCESSES / "listing.py"


@contextmanager
def _server(database: OwnDatabase) -> Iterator[int]:
    """The site as it is served, one worker, on a free port; ended by its own number."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "toile.config.asgi:application", "--port", str(port)]
    with subprocess.Popen([*command, "--log-level", "warning"], env=database.environment) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def _seconds(connection: HTTPConnection, path: str, cookie: str) -> float:
    """Seconds for `EACH` requests on one kept connection."""
    start = time.perf_counter()
    for _ in range(EACH):
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200 or "Mon compte" not in body.decode():
            raise RuntimeError(f"{path} answered {response.status}, or forgot who reads")
    return time.perf_counter() - start


def measures() -> Iterator[Measure]:
    with own_database("sqlite") as database:
        prepared = json.loads(database.run(SCRIPT, "prepare").splitlines()[-1])
        queries = json.loads(database.run(SCRIPT, "queries", PAGE, prepared["cookie"]).splitlines()[-1])["queries"]
        yield Measure("annuaire : requêtes SQL", queries, MOST_QUERIES, "requêtes", queries / MOST_QUERIES, 1)
        with _server(database) as port, closing(HTTPConnection("127.0.0.1", port)) as connection:
            listing, empty = interleaved(
                ROUNDS,
                lambda: _seconds(connection, PAGE, prepared["cookie"]),
                lambda: _seconds(connection, EMPTY, prepared["cookie"]),
            )
        name = f"annuaire : {prepared['structures']} structures, une page"
        yield Measure(name, EACH / listing, EACH / empty, "pages/s", empty / listing, 0.25, at_least=True)


if __name__ == "__main__":
    sys.exit(tell(measures()))
