"""Kill -9 while people save: every acknowledged write is there, and whole (fifty kills of each: bench/kills.py)."""

from __future__ import annotations

import pytest
from django.db import connection

from toile.directory.tests.killed_server import WRITERS, broken
from toile.kernel.testing import own_database

KILLS = 4


@pytest.mark.slow
@pytest.mark.django_db
def test_what_a_killed_server_acknowledged_is_there_and_whole() -> None:
    with own_database(connection.vendor) as database:
        tally = broken(database, KILLS, seed=1)
    assert (tally.kills, tally.lost, tally.halves) == (KILLS, 0, 0)
    assert tally.acknowledged >= WRITERS
