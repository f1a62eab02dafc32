"""What the test of killed workers runs in processes of their own: a campaign to send, a worker, what became of it."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from uuid import uuid4

import django

os.environ["TOILE_EMAIL_BACKEND"] = "toile.thread.tests.mailboxes.Telling"
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from toile.directory.models import Confirmation  # noqa: E402
from toile.directory.services import campaigns  # noqa: E402
from toile.directory.tests.campaigns import prepared, reachable  # noqa: E402
from toile.kernel.acts import Actor  # noqa: E402
from toile.kernel.jobs import run_waiting  # noqa: E402
from toile.kernel.models import Job  # noqa: E402
from toile.kernel.readers import Reader, Role  # noqa: E402

MAILS = Path(settings.EMAIL_FILE_PATH)


def prepare(count: str) -> None:
    """A campaign over `count` structures, started."""
    officer = Reader(uuid4(), roles=frozenset({Role.OFFICER}))
    reachable(*[f"Structure {number}" for number in range(int(count))])
    campaigns.start(Actor.of(officer), officer, prepared(officer, "partout=1"))


def work() -> None:
    """Write; the mail server says a line for each letter."""
    run_waiting()


def expire() -> None:
    """The lease of the dead worker runs out."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))


def told() -> None:
    """How many letters left, how many different, to how many addresses."""
    letters = [message_from_bytes(path.read_bytes()) for path in MAILS.glob("*.eml")]
    answer = {
        "sent": len(letters),
        "letters": len({letter["Message-ID"] for letter in letters}),
        "recipients": len({letter["To"] for letter in letters}),
        "noted": Confirmation.objects.filter(state="sent").count(),
        "asked": Confirmation.objects.count(),
        "state": Job.objects.get(kind="directory.campaign.send").state,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    steps = {"prepare": prepare, "work": work, "expire": expire, "told": told}
    steps[sys.argv[1]](*sys.argv[2:])
