"""The panorama's page: the slowest of a hundred beside the empty page, under the same server, signed in."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

from listing import _server
from measuring import PROCESSES, Measure, interleaved, tell

from toile.kernel.testing import own_database

PAGE, EMPTY = "/panorama/", "/-/vide"
ROUNDS, EACH = 7, 100
MOST_QUERIES = 12
SCRIPT = PROCESSES / "panorama_page.py"


def _p95(connection: HTTPConnection, path: str, cookie: str) -> float:
    """Seconds under which 95 requests of a hundred are answered, on one kept connection."""
    lasted = []
    for _ in range(EACH):
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
        lasted.append(time.perf_counter() - start)
        if response.status != 200 or "Mon compte" not in body.decode():
            raise RuntimeError(f"{path} answered {response.status}, or forgot who reads")
    return sorted(lasted)[int(EACH * 0.95) - 1]


def measures() -> Iterator[Measure]:
    with own_database("sqlite") as database:
        prepared = json.loads(database.run(SCRIPT, "prepare").splitlines()[-1])
        queries = json.loads(database.run(SCRIPT, "queries", PAGE, prepared["cookie"]).splitlines()[-1])["queries"]
        yield Measure("panorama : requêtes SQL", queries, MOST_QUERIES, "requêtes", queries / MOST_QUERIES, 1)
        with _server(database) as port, closing(HTTPConnection("127.0.0.1", port)) as connection:
            page, empty = interleaved(
                ROUNDS,
                lambda: _p95(connection, PAGE, prepared["cookie"]),
                lambda: _p95(connection, EMPTY, prepared["cookie"]),
            )
        name = f"panorama : {prepared['figures']} chiffres, {prepared['drawings']} dessins, p95"
        yield Measure(name, 1000 * page, 1000 * empty, "ms", page / empty, 2.0)


if __name__ == "__main__":
    sys.exit(tell(measures()))
