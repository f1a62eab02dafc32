"""The adviser’s day, 300 firms and 2,000 files of one person, beside the empty page of the same server, signed in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

from listing import _server
from measuring import PROCESSES, Measure, interleaved, tell
from panorama_page import _p95

from toile.kernel.testing import own_database

PAGE, EMPTY = "/parcours/ma-journee/", "/-/vide"
ROUNDS = 7
MOST_QUERIES, MOST_TIMES = 12, 6.0
SCRIPT = PROCESSES / "adviser_day.py"


def measures() -> Iterator[Measure]:
    with own_database("sqlite") as database:
        prepared = json.loads(database.run(SCRIPT, "prepare").splitlines()[-1])
        queries = json.loads(database.run(SCRIPT, "queries", PAGE, prepared["cookie"]).splitlines()[-1])["queries"]
        yield Measure("journée : requêtes SQL", queries, MOST_QUERIES, "requêtes", queries / MOST_QUERIES, 1)
        with _server(database) as port, closing(HTTPConnection("127.0.0.1", port)) as connection:
            page, empty = interleaved(
                ROUNDS,
                lambda: _p95(connection, PAGE, prepared["cookie"]),
                lambda: _p95(connection, EMPTY, prepared["cookie"]),
            )
        name = f"journée : {prepared['firms']} structures, {prepared['files']} dossiers, p95"
        yield Measure(name, 1000 * page, 1000 * empty, "ms", page / empty, MOST_TIMES)


if __name__ == "__main__":
    sys.exit(tell(measures()))
