"""What `bench/listing.py` runs: the demo loaded and indexed, a person signed in; the statements that one page makes."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from toile.accounts.models import Person  # noqa: E402
from toile.demo.personas import personas  # noqa: E402
from toile.demo.services import load_demo  # noqa: E402
from toile.directory.models import Organisation  # noqa: E402
from toile.directory.searched import ORGANISATIONS  # noqa: E402
from toile.kernel.search.indexer import catch_up  # noqa: E402


def prepare() -> dict[str, object]:
    """The demo in its index, and the cookie of a person who represents a structure."""
    load_demo()
    catch_up(ORGANISATIONS.code)
    person = Person.objects.get(email=personas()["association"].email)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return {"cookie": cookie, "structures": Organisation.objects.count()}


def queries(path: str, cookie: str) -> dict[str, int]:
    client = Client(headers={"Cookie": cookie})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return {"queries": len(captured)}


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "queries": queries}[sys.argv[1]](*sys.argv[2:])))
