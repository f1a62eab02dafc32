"""What `bench/adviser_day.py` runs: a door with 300 firms and 2,000 files, all of one adviser; a page's statements."""

from __future__ import annotations

import json
import sys
import uuid
from copy import copy
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from toile.accounts.models import Person  # noqa: E402
from toile.demo.services import ACTOR, COMMUNES, EPCI  # noqa: E402
from toile.directory.models import Organisation  # noqa: E402
from toile.kernel.acts import act  # noqa: E402
from toile.pathway.models import (  # noqa: E402
    Call,
    Case,
    CheckIn,
    Deliverable,
    Door,
    Followed,
    Lead,
    Referral,
    Signal,
    Visit,
)  # fmt: skip
from toile.pathway.rules.signals import weights  # noqa: E402
from toile.pathway.rules.stages import path_of  # noqa: E402
from toile.pathway.rules.team import monday_of  # noqa: E402
from toile.pathway.tests import made_cases as made  # noqa: E402
from toile.territory.services import load_communes_csv, set_home  # noqa: E402

FIRMS, FILES, PARTNERS = 300, 2_000, 12
LEVELS = ("cash_under_1", "cash_1_2", "client_lost", "morale_low", "accounts_late", "debt_declared", "cash_6", "hiring")


def prepare() -> dict[str, object]:
    """Everything of one adviser, which is the worst: a door of twelve would share it. The cookie of that person."""
    load_communes_csv(ACTOR, COMMUNES, EPCI)
    set_home(ACTOR, EPCI.siren, name=EPCI.name)
    door = made.door("MIFE")
    person = made.adviser(door)
    model = made.structure("Une structure")
    with act(ACTOR):
        organisations = [_copied(model, f"Structure {number}") for number in range(FIRMS + FILES)]
        Organisation.objects.bulk_create(organisations, batch_size=500)
    _follow(door, person, organisations[:FIRMS])
    _accompany(door, person, organisations[FIRMS:])
    session = SessionStore()
    found = Person.objects.get(pk=person)
    session[SESSION_KEY] = str(found.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = found.get_session_auth_hash()
    session.create()
    connection.cursor().execute("ANALYZE")
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}", "firms": FIRMS, "files": FILES}


def _copied(model: Organisation, name: str) -> Organisation:
    row = copy(model)
    row._state = copy(model._state)
    row.pk = uuid.uuid4()
    row.canonical_id, row.name, row.siren = row.pk, name, None
    return row


def _follow(door: Door, person: uuid.UUID, organisations: list[Organisation]) -> None:
    today, now = timezone.localdate(), timezone.now()
    firms = [
        Followed(organisation=one, door=door, adviser=person, source="hand", born_on=today - timedelta(days=300))
        for one in organisations
    ]
    Followed.objects.bulk_create(firms)
    asked = [CheckIn(followed=one, due_on=today, sent_at=now, answered_at=now) for one in firms]
    CheckIn.objects.bulk_create(asked)
    Signal.objects.bulk_create(
        Signal(
            followed=firm,
            family=weights().level(level).family,
            level=level,
            seen_on=today - timedelta(days=(number * 7 + place * 31) % 200),
            source="adviser",
            check_in=asked[number] if place == 0 else None,
        )
        for number, firm in enumerate(firms)
        for place, level in enumerate(LEVELS[(number + turn) % len(LEVELS)] for turn in range(6))
    )
    Call.objects.bulk_create(
        Call(followed=firm, by=person, at=now - timedelta(days=30 * turn), next_on=today if number % 9 == 0 else None)
        for number, firm in enumerate(firms)
        for turn in range(1, 4)
    )
    Visit.objects.bulk_create(Visit(followed=firm, adviser=person, monday=monday_of(today)) for firm in firms[::10])


def _accompany(door: Door, person: uuid.UUID, organisations: list[Organisation]) -> None:
    today, now = timezone.localdate(), timezone.now()
    version = made.procedure()
    cases = [
        Case(
            procedure=version,
            organisation=None if number % 20 == 0 else one,
            title=f"Projet {number}",
            door=door,
            state="sent" if number % 20 == 0 else "closed" if number % 3 == 0 else "open",
            adviser=None if number % 20 == 0 else person,
            path="creation",
            stage="ideation",
            next_step="Relire" if number % 2 else "",
            next_step_on=today + timedelta(days=number % 40 - 10) if number % 2 else None,
            sent_at=now,
            closed_at=now if number % 3 == 0 else None,
            last_contact_at=now - timedelta(days=number % 400),
        )
        for number, one in enumerate(organisations)
    ]
    Case.objects.bulk_create(cases)
    stage = path_of("creation").stage("ideation")
    pieces = [one.code for one in (*stage.questions, *stage.deliverables)]
    Deliverable.objects.bulk_create(
        Deliverable(case=case, stage=stage.code, code=code, done_on=today)
        for number, case in enumerate(cases)
        for code in pieces[: number % (len(pieces) + 1)]
    )
    partners = [made.structure(f"Partenaire {number}") for number in range(PARTNERS)]
    Referral.objects.bulk_create(
        Referral(
            case=case,
            partner=partners[number % PARTNERS],
            due_on=today + timedelta(days=number % 20 - 10),
            state=("sent", "asked", "accepted", "declined")[number % 4],
            answered_at=now if number % 4 > 1 else None,
            meeting_on=today + timedelta(days=number % 9) if number % 4 == 2 else None,
        )
        for number, case in enumerate(cases[::2])
    )
    Lead.objects.bulk_create(
        Lead(kind="idea", teller="school", words="Une idée", door=door, due_on=today) for _number in range(100)
    )


def queries(path: str, cookie: str) -> dict[str, int]:
    client = Client(headers={"Cookie": cookie})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return {"queries": len(captured)}


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "queries": queries}[sys.argv[1]](*sys.argv[2:])))
