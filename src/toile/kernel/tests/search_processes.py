"""What the search tests run in processes of their own: writers, readers of the outbox, indexers in trouble."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import uuid
from pathlib import Path
from threading import Event

import django

django.setup()

from toile.kernel import search  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.models import SearchChange  # noqa: E402
from toile.kernel.readers import VISITOR  # noqa: E402
from toile.kernel.search import IndexUnavailable, Query, find, following, indexer, note  # noqa: E402
from toile.kernel.testing import meet  # noqa: E402
from toile.kernel.tests import searched_things as things  # noqa: E402

search.collections.clear()  # the other rooms have nothing to say here
search.collections[things.CODE] = things.THINGS


def say(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


HELD = Path(os.environ.get("TESTS_THINGS", "absent"))


def write(name: str, count: str) -> None:
    """`count` acts of one change each, in the name of one of two writers."""
    for number in range(int(count)):
        if number % 10 == 0:
            meet(name, number)
        with act(Actor.system(name)):
            note(name, [uuid.uuid4()])
        time.sleep(0.001)  # SQLite's waiting writers sleep: without a pause the other would keep the turn


def follow(count: str) -> None:
    """Read what comes after the cursor until `count` changes were read, or none came for five seconds."""
    cursor, read, turns, before, last = 0, 0, 0, "", time.monotonic()
    while read < int(count) and time.monotonic() - last < 5:
        for change in SearchChange.objects.filter(id__gt=cursor).order_by("id")[:100]:
            turns += change.collection != before
            cursor, read, before, last = change.pk, read + 1, change.collection, time.monotonic()
    say({"read": read, "turns": turns})


def add(name: str) -> None:
    """Write a thing by this name, as a service would."""
    names = json.loads(HELD.read_text()) if HELD.exists() else {}
    pk = uuid.uuid4()
    with act(Actor.system("tests")):
        HELD.write_text(json.dumps({**names, str(pk): name}))
        note(things.CODE, [pk])


def index() -> None:
    """An indexer, until it is ended."""
    indexer.run_indexer(Event(), poll=0.1, pause=0.5)


def hang() -> None:
    """An indexer that stops for ever once it has read the outbox, just before it commits to the index."""
    commit = following.Follower._commit

    def stuck(self: following.Follower, position: object) -> None:
        if self.kept.change:
            say("stuck")
            time.sleep(600)
        commit(self, position)

    following.Follower._commit = stuck
    index()


def full_disk(most: str) -> None:
    """An indexer where no file may grow beyond `most` bytes, for one look at the outbox."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    follower = following.Follower(things.THINGS)
    say(indexer._followed(follower, 1))


def catch_up() -> None:
    say(indexer.catch_up(things.CODE))


def count(words: str) -> None:
    """How many answer to these words; -1 without an index."""
    say(_counted(words))


def found(words: str, many: str) -> None:
    """Wait at most 30 s until so many things answer to these words; whether they do."""
    until = time.monotonic() + 30
    while _counted(words) != int(many) and time.monotonic() < until:
        time.sleep(0.05)
    say(_counted(words) == int(many))


def _counted(words: str) -> int:
    try:
        return find(things.CODE, VISITOR, Query(words=words)).count
    except IndexUnavailable:
        return -1


def until(words: str, seconds: str) -> None:
    """Write a thing by this name; how long until it is found."""
    add(words)
    start = time.monotonic()
    while _counted(words) < 1 and time.monotonic() - start < float(seconds):
        time.sleep(0.01)
    say(time.monotonic() - start)


if __name__ == "__main__":
    # Several commands, parted by « + »: a process takes longer to start than to answer.
    for command in " ".join(sys.argv[1:]).split(" + "):
        name, _, rest = command.partition(" ")
        globals()[name](*(rest.split("|") if rest else ()))
