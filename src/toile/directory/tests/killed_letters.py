"""What the test of killed workers runs in processes of their own: a letter to send, a worker, what became of it."""

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

from toile.directory.models import Letter, Subscriber  # noqa: E402
from toile.directory.services.letters import OwnWords, begin, send_to_all, write  # noqa: E402
from toile.kernel.acts import Actor  # noqa: E402
from toile.kernel.jobs import run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.kernel.readers import Reader, Role  # noqa: E402

MAILS = Path(settings.EMAIL_FILE_PATH)


def prepare(count: str) -> None:
    """`count` addresses, and a letter that leaves for them."""
    agreed = {"words": "2026-11", "confirmed_at": timezone.now()}
    kept = [Subscriber(email=f"p{n}@example.org", **agreed) for n in range(int(count))]
    Subscriber.objects.bulk_create(kept)
    actor = Actor.system("tests")
    officer = Reader(kept[0].pk, roles=frozenset({Role.OFFICER}))
    made = begin(actor, officer, timezone.localdate())
    made = write(actor, officer, made, title="T", introduction="", keys=[], own=OwnWords("Un mot"), version=1)
    send_to_all(actor, officer, made, version=made.version)


def work() -> None:
    """Send; the mail server says a line for each message."""
    run_waiting()


def expire() -> None:
    """The lease of the dead worker runs out."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


def told() -> None:
    """How many messages left, how many different, to how many addresses."""
    messages = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.eml")]
    answer = {
        "sent": len(messages),
        "messages": len({message["Message-ID"] for message in messages}),
        "recipients": len({message["To"] for message in messages}),
        "delivered": Letter.objects.get().delivered,
        "state": Job.objects.get(kind="directory.letter.send").state,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    steps = {"prepare": prepare, "work": work, "expire": expire, "told": told}
    steps[sys.argv[1]](*sys.argv[2:])
