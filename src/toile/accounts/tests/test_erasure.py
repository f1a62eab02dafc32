"""Erasing oneself: proved anew, said twice, at once and whole; and whatever could bring somebody back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.utils import timezone

from toile.accounts import services
from toile.accounts.models import Person, RoleGrant
from toile.accounts.services.erasure import erase_leftovers, marks, marks_path
from toile.accounts.tests.conftest import ALLAUTH_LEAVES_UNDEFINED, PASSWORD, SYSTEM, signed_in
from toile.accounts.tests.test_own_data import PAGE, keep_search, reader
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Forbidden, NotVisible
from toile.kernel.jobs import RunningJob, enqueue, run_waiting
from toile.kernel.jobs.kinds import JobKind, kinds
from toile.kernel.models import Job
from toile.kernel.readers import Role
from toile.thread.models import Fact, SavedSearch

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]
NOW_PAGE = f"{PAGE}effacer/maintenant/"


@pytest.fixture(autouse=True)
def erasures_are_noted_apart(settings, tmp_path):
    settings.VAR = tmp_path


def entered(client, person: Person):
    """The last page, opened after the password was given again."""
    client.force_login(person)
    asked = client.get(NOW_PAGE)
    assert asked.url.startswith("/compte/reauthenticate/")
    client.post(asked.url, {"password": PASSWORD})
    return client.get(NOW_PAGE)


def test_a_person_erases_their_account_at_once(client, person, other):
    elsewhere = type(client)()
    elsewhere.force_login(person)
    assert entered(client, person).status_code == 200
    wrong = client.post(NOW_PAGE, {"address": "bourrache@example.org"})
    assert wrong.status_code == 422
    assert "bourrache@example.org" in wrong.content.decode(), "nothing typed is lost"
    done = client.post(NOW_PAGE, {"address": " Ortie@Example.org "}, follow=True)
    assert "Votre compte est effacé" in done.content.decode()
    assert not signed_in(client)
    assert not signed_in(elsewhere)
    assert list(Person.objects.all()) == [other]
    assert not EmailAddress.objects.filter(email="ortie@example.org").exists()
    assert Fact.objects.filter(kind="accounts.person.erased", actor__isnull=True).count() == 1
    assert [mark.person for mark in marks()] == [person.pk]


def test_without_password_a_letter_leads_to_the_last_page(client, other, person, settings):
    client.force_login(other)
    assert client.get(NOW_PAGE).status_code == 404
    page = client.post(f"{PAGE}effacer/courriel/").content.decode()
    assert "bourrache@example.org" in page
    run_waiting()
    link = next(word for word in mail.outbox[-1].body.split() if "cle=" in word).removeprefix(settings.TOILE_URL)
    assert client.get(link).status_code == 200
    assert Person.objects.filter(pk=other.pk).exists(), "scanners of mail open links: opening one erases nothing"

    thief = type(client)()
    third = services.open_account(SYSTEM, "vesce@example.org")
    thief.force_login(third)
    assert thief.get(link).status_code == 404
    assert thief.post(link, {"address": "vesce@example.org"}).status_code == 404

    client.post(link, {"address": "bourrache@example.org"})
    assert not Person.objects.filter(pk=other.pk).exists()
    assert client.get(link).status_code in (302, 404), "used once, it has nobody to erase"


def test_nobody_erases_somebody_else(person, other):
    with pytest.raises(Forbidden):
        services.erase(Actor.of(reader(other)), reader(other), person.pk)


def test_the_last_administrator_hands_over_first(client, administrator, person):
    with pytest.raises(services.LastAdministrator):
        services.erase(Actor.of(reader(administrator)), reader(administrator), administrator.pk)
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    services.grant_role(Actor(administrator.pk, "web"), reader(administrator), person.pk, Role.OFFICER)
    services.erase(Actor.of(reader(administrator)), reader(administrator), administrator.pk)
    assert set(RoleGrant.objects.values_list("role", "granted_by")) == {("administrator", None), ("officer", None)}


def test_sessions_where_their_address_was_typed_go_too(client, person):
    waiting = type(client)()
    waiting.post("/compte/login/code/", {"email": person.email})
    stranger = type(client)()
    stranger.post("/compte/login/code/", {"email": "nobody@example.org"})
    before = Session.objects.count()
    services.erase(SYSTEM, None, person.pk)
    assert Session.objects.count() == before - 1


# --- Work under way, and what comes back -----------------------------------------------------------------------------


@pytest.fixture
def writing(monkeypatch, person) -> Iterator[list[str]]:
    """A work that keeps searches for who asked, one act each; they are erased while it runs, between two acts."""
    steps: list[str] = []

    def run(job: RunningJob, note: str) -> None:
        for number in range(3):
            with act(job.actor):
                SavedSearch.objects.create(person=person.pk, list="l", query=str(number), name="Ortie")
                job.save_cursor(number)
            steps.append(f"kept {number}")
            if number == 0:
                services.erase(SYSTEM, None, person.pk)

    monkeypatch.setitem(kinds, "essai.garder", JobKind("essai.garder", "garder", run, 3))
    return steps


def test_an_erasure_while_a_work_runs_is_whole(person, writing):
    job = enqueue(Actor(person.pk, "web"), "essai.garder", note="pour ortie@example.org")
    assert run_waiting() == 1
    assert writing == ["kept 0"], "the act after the erasure was rolled back"
    assert not SavedSearch.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.actor, job.args, job.cursor, job.error) == ("cancelled", None, {}, None, "")
    assert run_waiting() == 0


def test_work_asked_by_others_that_carries_their_address_stops(person, other):
    carried = enqueue(Actor(other.pk, "web"), "thread.digest", cadence="daily", email="ortie@example.org")
    kept = enqueue(Actor(other.pk, "web"), "thread.digest", cadence="weekly")
    services.erase(SYSTEM, None, person.pk)
    carried.refresh_from_db()
    kept.refresh_from_db()
    assert (carried.state, carried.args) == ("cancelled", {})
    assert (kept.state, kept.actor, kept.args) == ("waiting", other.pk, {"cadence": "weekly"})


def test_what_a_request_wrote_meanwhile_goes_the_next_night(person):
    services.erase(SYSTEM, None, person.pk)
    keep_search(person)
    erase_leftovers(SYSTEM, timezone.now() - timedelta(days=2))
    assert not SavedSearch.objects.exists()


def test_a_backup_put_back_does_not_bring_anybody_back(person, other, administrator):
    services.erase(SYSTEM, None, person.pk)
    # The backup is older than the erasure: the person is there again, and the last to administer.
    RoleGrant.objects.all().delete()
    back = Person.objects.create_user("ortie@example.org", None, id=person.pk)
    EmailAddress.objects.create(user=back, email=back.email, verified=True, primary=True)
    RoleGrant.objects.create(person=back, role=Role.ADMINISTRATOR)
    keep_search(back)
    assert services.replay_erasures() == 1
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not SavedSearch.objects.exists()
    assert services.replay_erasures() == 0


def test_erasures_are_noted_beside_the_database_from_the_thread_too(person):
    services.erase(SYSTEM, None, person.pk)
    marks_path().write_text('{"person": "cut sho')
    assert services.note_erasures() == 1
    assert services.note_erasures() == 0
    assert [mark.person for mark in marks()] == [person.pk]
    assert "ortie" not in marks_path().read_text().lower()


def test_erasing_twice_says_that_nobody_is_there(person):
    services.erase(SYSTEM, None, person.pk)
    with pytest.raises(NotVisible):
        services.erase(SYSTEM, None, person.pk)


def test_a_job_of_nobody_stays(person):
    job = enqueue(SYSTEM, "thread.digest", cadence="daily")
    services.erase(SYSTEM, None, person.pk)
    assert Job.objects.get(pk=job.pk).state == "waiting"
