"""What the tests of the live stream run in processes of their own: facts written, a person signed in, locked out."""

from __future__ import annotations

import json
import sys
import time
import uuid
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from toile.accounts.services import open_account  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.testing import meet  # noqa: E402
from toile.thread.kinds import Visibility, kinds  # noqa: E402
from toile.thread.models import Fact  # noqa: E402
from toile.thread.services import record  # noqa: E402

SYSTEM = Actor.system("tests")


def write(count: str, visibility: str = Visibility.PUBLIC, about: str = "", name: str = "") -> None:
    """`count` acts of one fact each; in turns with another writer if this one has a name. Prints their numbers."""
    kind = kinds["directory.organisation.closed", 1]
    for number in range(int(count)):
        if name and number % 10 == 0:
            meet(name, number)
        with act(SYSTEM):
            record(kind, about=[UUID(about) if about else uuid.uuid4()], visibility=Visibility(visibility))
        time.sleep(0.001)
    sys.stdout.write(json.dumps(list(Fact.objects.order_by("id").values_list("pk", flat=True))))


def person() -> None:
    """Somebody signed in: their UUID and their cookie."""
    somebody = open_account(SYSTEM, "camille@exemple.test")
    client = Client()
    client.force_login(somebody)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    sys.stdout.write(json.dumps({"person": str(somebody.pk), "cookie": cookie}))


if __name__ == "__main__":
    {"write": write, "person": person}[sys.argv[1]](*sys.argv[2:])
