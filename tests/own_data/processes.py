"""What the test of an erasure in the middle of a work runs in processes of their own."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402

from toile.accounts.models import Person  # noqa: E402
from toile.accounts.services import erase, open_account  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.jobs import RunningJob, enqueue, job, run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.thread.models import SavedSearch  # noqa: E402

ADDRESS = "ortie@example.org"
FOLDER = Path(os.environ["TOILE_VAR"])
BEGINS, ERASED = FOLDER / "begins", FOLDER / "erased"


def wait_for(path: Path, seconds: float) -> None:
    """Wait for another process to leave this file, no longer than this."""
    until = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)  # another process leaves it: there is nothing else to wait on


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


@job("tests.keep", label="garder")
def keep(running: RunningJob) -> None:
    """Two acts, each keeping a search for who asked; during the first one, somebody erases them."""
    for number in range(2):
        with act(running.actor):
            SavedSearch.objects.create(person=running.actor.person, list="l", query=str(number), name="Ortie")
            if number == 0:
                say("written")
                wait_for(BEGINS, 60)
                # On SQLite the erasure waits for this act: the act does not wait for the erasure.
                wait_for(ERASED, 30 if connection.vendor == "postgresql" else 0.5)
            running.save_cursor(number)
        wait_for(ERASED, 30)


def prepare() -> None:
    """Somebody, and the work that they asked for."""
    person = open_account(Actor.system("tests"), ADDRESS)
    enqueue(Actor(person.pk, "web"), "tests.keep")


def work() -> None:
    run_waiting()


def erase_them() -> None:
    person = Person.objects.get(email=ADDRESS).pk
    BEGINS.touch()
    erase(Actor.system("tests"), None, person)
    ERASED.touch()


def left() -> None:
    """What is left of them."""
    states = list(Job.objects.filter(kind="tests.keep").values_list("state", "actor"))
    say(json.dumps({"searches": SavedSearch.objects.count(), "people": Person.objects.count(), "jobs": states}))


if __name__ == "__main__":
    {"prepare": prepare, "work": work, "erase": erase_them, "left": left}[sys.argv[1]]()
