"""A campaign from end to end: workers killed while it writes, four hundred structures asked, answered, mended."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from toile.directory.models import Organisation
from toile.directory.services import campaigns
from toile.kernel.acts import Actor
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.readers import Reader
from toile.kernel.testing import own_database
from toile.kernel.work import kinds
from toile.thread.models import Fact

from .campaigns import LINK, days_go_by, of, prepared, reachable, states
from .structures import make_all

KILLED = Path(__file__).with_name("killed_campaign.py")
SYSTEM = Actor.system("essai")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_outright_while_they_write_leave_one_letter_for_each_structure() -> None:
    with own_database(connection.vendor) as database:
        database.run(KILLED, "prepare", "40")
        for _time in range(2):
            with database.start(KILLED, "work") as worker:
                assert worker.stdout is not None
                for _line in range(8):
                    worker.stdout.readline()
                worker.kill()
            database.run(KILLED, "expire")
        database.run(KILLED, "work")
        told = json.loads(database.run(KILLED, "told"))
    assert told["noted"] == told["asked"] == told["recipients"] == told["letters"] == 40
    assert told["sent"] <= 40 + 2, "each kill repeats one letter at most"
    assert told["state"] == "done"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_four_hundred_structures_are_asked_answer_and_are_mended_from_the_queue(
    client: Client, as_officer: Client, officer: Reader, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    reachable(*[f"Structure {number:03}" for number in range(360)], *[f"Refus {number}" for number in range(10)])
    make_all(*[{"name": f"Sans adresse {number:02}"} for number in range(30)])
    campaign = prepared(officer)
    campaigns.start(Actor.of(officer), officer, campaign)
    run_waiting()
    assert Counter(states(campaign)) == {"sent": 360, "bounced": 10, "no_address": 30}
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 360

    links = [LINK.search(str(message.body))[1] for message in mail.outbox]  # type: ignore[index]
    visitor = Client()
    for number, link in enumerate(links[:200]):
        visitor.post(link, {"answer": "closed" if number % 40 == 39 else "right"})
    form = visitor.get(f"{links[200]}corriger/").context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value()}
    visitor.post(f"{links[200]}corriger/", given | {"description": "Ce que nous faisons vraiment."})
    assert Counter(states(campaign)) == {
        "confirmed": 195, "closed": 5, "corrected": 1, "sent": 159, "bounced": 10, "no_address": 30
    }  # fmt: skip

    for item in kinds["directory.closure"].items(officer, 10)[:2]:
        treat = f"/annuaire/campagnes/reponses/{item.key}/traiter/"
        as_officer.post(treat, {"pending": "closure", "keep": "1", "next": "/a-traiter/"})
    for item in kinds["directory.correction"].items(officer, 10):
        treat = f"/annuaire/campagnes/reponses/{item.key}/traiter/"
        as_officer.post(treat, {"pending": "correction", "keep": "1", "next": "/a-traiter/"})
    for number, item in enumerate(kinds["directory.address"].items(officer, 10)[:2]):
        address = f"/annuaire/campagnes/reponses/{item.key}/adresse/"
        as_officer.post(address, {"email": f"bureau{number}@exemple.fr", "next": "/a-traiter/"})
    run_waiting()
    assert Organisation.objects.filter(stage="ceased").count() == 2
    assert of(campaign).filter(state="sent").count() == 161

    mail.outbox.clear()
    days_go_by(campaign, 14)
    enqueue(SYSTEM, "directory.campaign.send", key=str(campaign.pk), campaign=str(campaign.pk))
    run_waiting()
    reminded = of(campaign).filter(reminded=1).count()
    assert len(mail.outbox) == reminded and reminded in (0, 161), "none on a Sunday"
    campaigns.end(Actor.of(officer), officer, campaign)
    assert Fact.objects.filter(kind="directory.page.confirmed").count() == 195
    assert client.get(links[0]).status_code == 410
