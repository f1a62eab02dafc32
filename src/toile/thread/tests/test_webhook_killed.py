"""A worker killed between sending and noting sends again, under the same id; nothing is lost, nothing else twice."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.db import connection

from toile.kernel.testing import own_database

from .receiving import receiver

PROCESSES = Path(__file__).parent / "webhook_processes.py"


@pytest.mark.django_db
@pytest.mark.slow
def test_killed_between_sending_and_noting_it_sends_again_under_the_same_id():
    with own_database(connection.vendor) as database, receiver() as other:
        database.environment["TOILE_DEBUG"] = "1"  # this machine may be reached
        database.run(PROCESSES, "prepare", other.url)
        answer, other.answer = other.answer, None
        with database.start(PROCESSES, "work") as worker:
            until = time.monotonic() + 60
            while not other.requests and time.monotonic() < until:
                time.sleep(0.01)
            worker.kill()  # it was received, and is not noted
        assert len(other.requests) == 1
        other.answer = answer
        database.run(PROCESSES, "work")
        told = json.loads(database.run(PROCESSES, "told"))
    ids = [request.headers["toile-id"] for request in other.requests]
    assert ids == [told[0][0], told[0][0], told[1][0]]
    assert [line[1:] for line in told] == [["delivered", 1], ["delivered", 1]]
