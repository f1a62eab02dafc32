"""The pages of long work: administrators see all of it, others their own, and the state moves without a click."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from toile.kernel import readers
from toile.kernel.models import Job
from toile.kernel.readers import Contribution, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> uuid.UUID:
    """Somebody signed in, without any role."""
    user = get_user_model().objects.create_user("b@exemple.test", display_name="Bérénice")
    client.force_login(user)
    return user.pk


@pytest.fixture
def administrator(person: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    given = Contribution(roles=[Role.ADMINISTRATOR])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, given)])
    return person


def running(actor: uuid.UUID | None) -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind="kernel.housekeeping",
        actor=actor,
        via="web",
        state="running",
        lease=uuid.uuid4(),
        lease_until=now,
        done=1200,
        total=4800,
        message="Lecture",
    )


def ended(actor: uuid.UUID | None, state: str, **fields: object) -> Job:
    return Job.objects.create(
        kind="kernel.housekeeping", actor=actor, via="web", state=state, ended_at=timezone.now(), **fields
    )


def test_the_list_is_for_administrators(client: Client, person: uuid.UUID) -> None:
    assert client.get("/-/travaux/").status_code == 403


def test_the_list_shows_every_job_and_filters_by_state(client: Client, administrator: uuid.UUID) -> None:
    assert "Aucun travail ici" in client.get("/-/travaux/").content.decode()
    running(None)
    ended(uuid.uuid4(), "failed")
    everything = client.get("/-/travaux/").content.decode()
    assert everything.count("Ménage") == 2
    assert "1 200 sur 4 800" in everything.replace("\u202f", " ")
    assert client.get("/-/travaux/?state=failed").content.decode().count("Ménage") == 1
    assert client.get("/-/travaux/?state=nonsense&page=x").status_code == 200


def test_the_list_costs_the_same_with_one_job_and_with_forty(client: Client, administrator: uuid.UUID) -> None:
    counts = []
    for more in (1, 39):
        for _ in range(more):
            ended(None, "done")
        with CaptureQueriesContext(connection) as queries:
            client.get("/-/travaux/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_asked_follows_the_job_and_nobody_else_knows_of_it(client: Client, person: uuid.UUID) -> None:
    mine = client.get(running(person).get_absolute_url()).content.decode()
    assert 'max="4800" value="1200"' in mine
    assert 'hx-trigger="every 2s"' in mine
    assert "Actualiser" in mine
    for other in (uuid.uuid4(), None):
        assert client.get(running(other).get_absolute_url()).status_code == 404
    assert client.get(f"/-/travaux/{uuid.uuid4()}/").status_code == 404


def test_the_fragment_stops_asking_when_the_job_ends_and_links_to_its_result(client: Client, person: uuid.UUID) -> None:
    htmx = {"HX-Request": "true"}
    moving = client.get(running(person).get_absolute_url(), headers=htmx)
    assert moving.status_code == 200
    assert "<html" not in moving.content.decode()
    over = client.get(ended(person, "done", result_url="/annuaire/").get_absolute_url(), headers=htmx)
    assert over.status_code == 286
    assert "hx-trigger" not in over.content.decode()
    assert 'href="/annuaire/"' in over.content.decode()


def test_a_failure_says_why_and_only_administrators_may_run_it_again(client: Client, person: uuid.UUID) -> None:
    failed = ended(person, "failed", error="Ce fichier est vide.")
    page = client.get(failed.get_absolute_url()).content.decode()
    assert "Ce fichier est vide." in page
    assert "Relancer" not in page
    assert client.post(failed.get_absolute_url() + "relancer/").status_code == 403


def test_an_administrator_runs_it_again_and_twice_is_told(client: Client, administrator: uuid.UUID) -> None:
    failed = ended(None, "failed", error="Ce fichier est vide.")
    assert "Relancer" in client.get(failed.get_absolute_url()).content.decode()
    again = failed.get_absolute_url() + "relancer/"
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.error) == ("waiting", "")
    assert client.post(again).status_code == 409


def test_who_asked_stops_the_job(client: Client, person: uuid.UUID) -> None:
    mine = running(person)
    assert client.post(mine.get_absolute_url() + "arreter/", follow=True).status_code == 200
    mine.refresh_from_db()
    assert mine.cancel_asked
    assert client.post(running(None).get_absolute_url() + "arreter/").status_code == 404


def test_a_job_whose_room_is_gone_is_still_readable(client: Client, person: uuid.UUID) -> None:
    gone = Job.objects.create(kind="old.room.work", actor=person, via="web", state="done", ended_at=timezone.now())
    assert "old.room.work" in client.get(gone.get_absolute_url()).content.decode()
