"""What the test of a killed worker runs in processes of their own: a webhook, a fact, a worker, what became of them."""

from __future__ import annotations

import json
import sys
import uuid
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.jobs import run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.thread.kinds import kinds  # noqa: E402
from toile.thread.models import Delivery, Webhook  # noqa: E402
from toile.thread.services import record  # noqa: E402
from toile.thread.webhooks import delivering  # noqa: E402

SYSTEM = Actor.system("tests")


def prepare(url: str) -> None:
    """A webhook, and two facts that it is to be told of."""
    Webhook.objects.create(name="Essai", url=url)
    for _ in range(2):
        with act(SYSTEM):
            record(kinds["directory.organisation.closed", 1], about=[uuid.uuid4()])


def work() -> None:
    """What a worker does; the lease of one that died has run out."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    delivering.step()
    run_waiting()


def told() -> None:
    """Each delivery's id, state and tries, in order."""
    rows = Delivery.objects.order_by("fact").values_list("pk", "state", "tries")
    sys.stdout.write(json.dumps([[str(pk), state, tries] for pk, state, tries in rows]))


if __name__ == "__main__":
    {"prepare": prepare, "work": work, "told": told}[sys.argv[1]](*sys.argv[2:])
