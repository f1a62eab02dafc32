"""What the order test runs in processes of their own: writers, a reader with its cursor, and what the table holds."""

from __future__ import annotations

import json
import sys
import time
import uuid
from itertools import pairwise

import django

django.setup()

from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.testing import meet  # noqa: E402
from toile.thread.kinds import fact_kind  # noqa: E402
from toile.thread.models import Fact  # noqa: E402
from toile.thread.queries import facts_after  # noqa: E402
from toile.thread.services import record  # noqa: E402

HAPPENED = fact_kind("tests.order.kept", sentence="arrive", label="Ordre")


def write(name: str, count: str) -> None:
    """`count` acts of one fact each, in the name of one of two writers."""
    actor = Actor.system(name)
    for number in range(int(count)):
        if number % 10 == 0:
            meet(name, number)
        with act(actor):
            record(HAPPENED, about=[uuid.uuid4()])
        time.sleep(0.001)  # SQLite's waiting writers sleep: without a pause the other would keep the turn


def follow(count: str) -> None:
    """Read what comes after the cursor until `count` facts were read, or none came for five seconds."""
    cursor, read, last = 0, 0, time.monotonic()
    while read < int(count) and time.monotonic() - last < 5:
        for fact in facts_after(cursor):
            cursor, read, last = fact.pk, read + 1, time.monotonic()
    sys.stdout.write(json.dumps(read))


def order() -> None:
    """How many facts there are, and how often the writer changes from one fact to the next."""
    writers = list(Fact.objects.order_by("id").values_list("via", flat=True))
    changes = sum(one != other for one, other in pairwise(writers))
    sys.stdout.write(json.dumps({"facts": len(writers), "changes": changes}))


if __name__ == "__main__":
    {"write": write, "follow": follow, "order": order}[sys.argv[1]](*sys.argv[2:])
