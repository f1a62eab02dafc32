"""A reader that asks for « what comes after my cursor » skips no fact, whatever the number of writers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from toile.kernel.testing import own_database

PROCESSES = Path(__file__).parent / "processes.py"
EACH = 500


@pytest.mark.django_db
@pytest.mark.slow
def test_no_fact_is_skipped_by_a_reader_while_two_writers_write() -> None:
    with own_database(connection.vendor) as database:
        with (
            database.start(PROCESSES, "follow", str(2 * EACH)) as reader,
            database.start(PROCESSES, "write", "one", str(EACH)) as one,
            database.start(PROCESSES, "write", "two", str(EACH)) as two,
        ):
            read, _ = reader.communicate(timeout=120)
            assert one.wait(120) == two.wait(120) == 0
        kept = json.loads(database.run(PROCESSES, "order"))
    assert kept["changes"] > EACH / 20, "the two writers did not write at the same time: nothing was proved"
    assert kept["facts"] == 2 * EACH
    assert json.loads(read) == 2 * EACH
