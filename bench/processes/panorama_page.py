"""What `bench/panorama_page.py` runs: an edition made up, drawn, published, a person signed in; a page's statements."""

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

from toile.accounts.services import open_account  # noqa: E402
from toile.demo.panorama import load_panorama  # noqa: E402
from toile.demo.services import ACTOR, COMMUNES, EPCI  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.panorama.drawing import draw  # noqa: E402
from toile.panorama.services.figures import read_figures  # noqa: E402
from toile.panorama.services.outputs import place_fragments  # noqa: E402
from toile.panorama.tests import made_up  # noqa: E402
from toile.territory.services import load_communes_csv, set_home  # noqa: E402


def prepare() -> dict[str, object]:
    """The territory, what others published, an edition of ours drawn; the cookie of a person."""
    load_communes_csv(ACTOR, COMMUNES, EPCI)
    set_home(ACTOR, EPCI.siren, name=EPCI.name)
    load_panorama()
    edition = made_up.edition("published")
    drawn = draw(edition, read_figures(edition))
    with act(ACTOR):
        place_fragments(edition, drawn)
    person = open_account(Actor.system("bench"), "une@exemple.fr", "Une personne")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return {"cookie": cookie, "figures": edition.values.count(), "drawings": len(drawn)}


def queries(path: str, cookie: str) -> dict[str, int]:
    client = Client(headers={"Cookie": cookie})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return {"queries": len(captured)}


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "queries": queries}[sys.argv[1]](*sys.argv[2:])))
