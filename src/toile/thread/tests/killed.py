"""What the test of killed workers runs in processes of their own: searches to tell, a worker, what became of it."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import django

os.environ["TOILE_EMAIL_BACKEND"] = "toile.thread.tests.mailboxes.Telling"
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from toile.accounts.services import open_account  # noqa: E402
from toile.kernel.acts import Actor  # noqa: E402
from toile.kernel.jobs import enqueue, run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.kernel.readers import Reader  # noqa: E402
from toile.thread.models import Cadence, SavedSearch  # noqa: E402
from toile.thread.services import keep  # noqa: E402
from toile.thread.tests.trials import shelved  # noqa: E402

SYSTEM = Actor.system("tests")
kept = shelved()
MAILS = Path(settings.EMAIL_FILE_PATH)


def prepare(count: str) -> None:
    """`count` people who each keep a search, and the work that tells them."""
    for number in range(int(count)):
        person = open_account(SYSTEM, f"p{number}@exemple.test")
        keep(Reader(person.pk), "things", "q=fil", "Le fil", Cadence.WEEKLY)
    SavedSearch.objects.update(told_until=timezone.now() - timedelta(days=7))
    until = timezone.now() - timedelta(hours=1)
    enqueue(SYSTEM, "thread.digest", cadence=Cadence.WEEKLY, until=until.isoformat())


def work() -> None:
    """Tell; the mail server says a line for each message."""
    next(kept).put("fil de soie", changed=timezone.now() - timedelta(days=1))
    run_waiting()


def expire() -> None:
    """The lease of the dead worker runs out."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


def told() -> None:
    """How many messages left, how many different, to how many people."""
    messages = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.eml")]
    until = Job.objects.get(kind="thread.digest").args["until"]
    answer = {
        "sent": len(messages),
        "messages": len({message["Message-ID"] for message in messages}),
        "recipients": len({message["To"] for message in messages}),
        "searches": SavedSearch.objects.filter(told_until=until).count(),
        "state": Job.objects.get(kind="thread.digest").state,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    steps = {"prepare": prepare, "work": work, "expire": expire, "told": told}
    steps[sys.argv[1]](*sys.argv[2:])
