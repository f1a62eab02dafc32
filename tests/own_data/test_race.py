"""An erasure in one process while a work of theirs is in the middle of an act in another: nothing is left of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from toile.kernel.testing import own_database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PROCESSES = Path(__file__).parent / "processes.py"


def test_nothing_is_left_of_somebody_erased_in_the_middle_of_an_act():
    with own_database(connection.vendor) as database:
        database.run(PROCESSES, "prepare")
        with database.start(PROCESSES, "work") as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "written\n"
            database.run(PROCESSES, "erase")
            worker.communicate(timeout=60)
        left = json.loads(database.run(PROCESSES, "left").splitlines()[-1])
    assert left == {"searches": 0, "people": 0, "jobs": [["cancelled", None]]}
