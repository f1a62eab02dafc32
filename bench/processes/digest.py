"""What `bench/digest.py` runs against a database of its own: subscribers and what they are told of, and a worker."""

from __future__ import annotations

import json
import resource
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.utils import timezone  # noqa: E402

from toile.accounts.models import Person  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.jobs import run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.thread import follower, posting  # noqa: E402
from toile.thread.kinds import fact_kind  # noqa: E402
from toile.thread.models import Notice, Preference, Subscription  # noqa: E402
from toile.thread.services import record  # noqa: E402

HAPPENED = fact_kind("bench.thing.happened", sentence="arrive", label="Mesure")
THING = uuid.uuid4()
FACTS = 5
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def prepare(count: str) -> None:
    """`count` people who follow a thing by a message each day, five facts, and their notices, due now; seconds."""
    people = [Person(email=f"p{number}@exemple.test", display_name=f"P{number}") for number in range(int(count))]
    for start in range(0, len(people), 1000):
        lot = people[start : start + 1000]
        Person.objects.bulk_create(lot)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in lot
        )
        Preference.objects.bulk_create(Preference(person=one.pk, rhythms={"followed": "daily"}) for one in lot)
        Subscription.objects.bulk_create(Subscription(person=one.pk, subject=THING, made_at=LONG_AGO) for one in lot)
    with act(Actor.system("bench")):
        for _ in range(FACTS):
            record(HAPPENED, about=[THING])
    start_at = time.perf_counter()
    while follower.step():
        pass
    seconds = time.perf_counter() - start_at
    Notice.objects.update(due_at=timezone.now())
    print(json.dumps({"seconds": seconds, "notices": Notice.objects.count()}))


def work() -> None:
    """Write what is due; the seconds and the peak memory (MiB) of this process."""
    start = time.perf_counter()
    posting.ask()
    run_waiting()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak": peak}))


def expire() -> None:
    """The lease of the dead worker runs out: a minute later, elsewhere."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


if __name__ == "__main__":
    {"prepare": prepare, "work": work, "expire": expire}[sys.argv[1]](*sys.argv[2:])
