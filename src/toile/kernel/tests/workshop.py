"""What the tests of the worker run in processes of their own: jobs that leave a numbered trace of each step."""

from __future__ import annotations

import os
import sys
import time

import django

django.setup()

from django.db import connection  # noqa: E402

from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.jobs import RunningJob, enqueue, job, run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402

ME = Actor.system("tests")


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@job("tests.walk", label="Marche")
def walk(running: RunningJob, steps: int) -> None:
    """Each step is a row that can exist once; where to resume is saved with it."""
    for number in range((running.cursor or 0) + 1, steps + 1):
        with act(running.actor):
            sql("INSERT INTO step (number, process) VALUES (%s, %s)", number, os.getpid())
            running.save_cursor(number)
        say(number)
        time.sleep(0.02)
        if running.cancelled:
            return


@job("tests.mark", label="Marque")
def mark(running: RunningJob, number: int) -> None:
    time.sleep(0.01)
    with act(running.actor):
        sql("INSERT INTO step (number, process) VALUES (%s, %s)", number, os.getpid())


def prepare(kind: str, count: str) -> None:
    sql("CREATE TABLE step (number INTEGER PRIMARY KEY, process INTEGER NOT NULL)")
    with act(ME):
        if kind == "walk":
            enqueue(ME, "tests.walk", steps=int(count))
        else:
            for number in range(int(count)):
                enqueue(ME, "tests.mark", number=number)


def work() -> None:
    """Until the queue holds nothing active, as a worker whose lease is short."""
    while Job.objects.filter(kind__startswith="tests.", state__in=("waiting", "running")).exists():
        run_waiting(lease=2.0, heartbeat=0.3)
        time.sleep(0.1)


def report() -> None:
    states = ",".join(sorted(set(Job.objects.filter(kind__startswith="tests.").values_list("state", flat=True))))
    say(states)
    for number, process in sql("SELECT number, process FROM step ORDER BY number"):
        say(number, process)


if __name__ == "__main__":
    {"prepare": prepare, "work": work, "report": report}[sys.argv[1]](*sys.argv[2:])
