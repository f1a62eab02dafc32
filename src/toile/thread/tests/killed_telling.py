"""What the test of killed workers runs in processes of their own: followers, facts, a worker, what became of them."""

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

from toile.kernel.jobs import run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.thread import follower, posting  # noqa: E402
from toile.thread.models import Notice  # noqa: E402
from toile.thread.tests.happenings import catch_up, follower_of, happen  # noqa: E402

MAILS = Path(settings.EMAIL_FILE_PATH)


def prepare(count: str) -> None:
    """`count` people who follow a thing, and five facts about it."""
    for number in range(int(count)):
        follower_of(name=f"p{number}")
    happen(times=5)


def follow() -> None:
    """Make notices, a few at a time, saying a line for each step."""
    follower.ROWS = 20
    while follower.step():
        sys.stdout.write("one\n")
        sys.stdout.flush()


def work() -> None:
    """Write what is due; the mail server says a line for each message."""
    catch_up()
    posting.ask()
    run_waiting()


def expire() -> None:
    """The lease of the dead worker runs out."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


def told() -> None:
    """How many notices, how many messages left, how many different, to how many people."""
    messages = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.eml")]
    answer = {
        "notices": Notice.objects.count(),
        "untold": Notice.objects.filter(told_at__isnull=True).count(),
        "sent": len(messages),
        "messages": len({message["Message-ID"] for message in messages}),
        "recipients": len({message["To"] for message in messages}),
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    steps = {"prepare": prepare, "follow": follow, "work": work, "expire": expire, "told": told}
    steps[sys.argv[1]](*sys.argv[2:])
