"""Receiving the letter: the same answer for every address, proved by a link, stopped in one click, asked again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from toile.accounts.services import open_account
from toile.directory.models import Letter, Subscriber
from toile.directory.services import subscribing
from toile.kernel.acts import Actor
from toile.kernel.jobs import enqueue, run_waiting
from toile.kernel.links import sign
from toile.kernel.models import Job
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import VISITOR
from toile.kernel.retention import report
from toile.thread.models import Fact

from .open_pages import send

pytestmark = pytest.mark.django_db
ADDRESS = "lectrice@example.org"
ME = Actor.system("essai")


def asked(client: Any, email: str = ADDRESS, **more: Any) -> Any:
    return send(client, "/lettre/s-abonner/", "letter", email=email, agreed="on", **more)


def link(what: str = "confirmer") -> str:
    """The path of the last message's link."""
    found = re.search(rf"http://127\.0\.0\.1:8000(/lettre/{what}/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def subscribed(**fields: Any) -> Subscriber:
    now = timezone.now()
    given = {"email": ADDRESS, "words": "2026-11", "asked_at": now - timedelta(hours=1), "confirmed_at": now}
    return Subscriber.objects.create(**(given | fields))


def test_an_address_receives_once_its_link_was_answered_and_not_before(client: Any) -> None:
    answer = asked(client, email=" Lectrice@Example.org ")
    assert (answer.status_code, answer.url) == (302, "/lettre/s-abonner/demande/")
    found = Subscriber.objects.get()
    assert (found.email, found.is_receiving, found.words) == (ADDRESS, False, "2026-11")
    assert mail.outbox == [], "a job writes it"
    run_waiting()
    assert mail.outbox[0].to == [ADDRESS] and "Je demande à recevoir la lettre du mois" in mail.outbox[0].body
    page = client.get(link()).content.decode()
    assert "Recevoir la lettre\u202f?" in page
    assert not Subscriber.objects.get().is_receiving, "a scanner of mail that follows the link subscribes nobody"
    assert "C’est confirmé" in client.post(link()).content.decode()
    found = Subscriber.objects.get()
    assert found.is_receiving
    again = client.post(link())
    assert again.status_code == 200 and Subscriber.objects.get().confirmed_at == found.confirmed_at
    assert not Fact.objects.exists() and ADDRESS not in str(list(Job.objects.order_by("pk").values()))


def test_the_answer_is_the_same_whatever_the_address(client: Any) -> None:
    subscribed(email="deja@example.org")
    subscribed(email="fini@example.org", stopped_at=timezone.now(), stopped_because="asked")
    answers = set()
    for number, email in enumerate(("neuve@example.org", "deja@example.org", "fini@example.org")):
        answer = asked(client, email=email, address=f"192.0.2.{number}")
        answers.add((answer.status_code, answer.url))
    assert len(answers) == 1
    assert run_waiting() == 3
    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert sorted(bodies) == ["deja@example.org", "fini@example.org", "neuve@example.org"]
    assert "reçoit déjà" in bodies["deja@example.org"] and "confirmer" not in bodies["deja@example.org"]
    assert "confirmer" in bodies["fini@example.org"] and "confirmer" in bodies["neuve@example.org"]
    assert Subscriber.objects.get(email="deja@example.org").is_receiving
    assert not Subscriber.objects.get(email="fini@example.org").is_receiving


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "sans arobase"},
        {"agreed": ""},
        {"surname": "robot"},
        {"seconds_ago": 0},
    ],
)
def test_what_only_a_program_sends_is_refused_and_words_are_kept(client: Any, wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"email": ADDRESS, "agreed": "on"} | wrong
    answer = send(client, "/lettre/s-abonner/", "letter", **given)
    assert answer.status_code == 422 and given["email"] in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_one_address_is_not_flooded(client: Any) -> None:
    statuses = [asked(client, address=f"192.0.2.{number}").status_code for number in range(5)]
    assert statuses == [302, 302, 302, 422, 422]


def test_a_link_is_forged_too_old_or_followed_by_another(client: Any) -> None:
    found = subscribed(confirmed_at=None)
    good = subscribing.token_for(found)
    other = subscribed(email="autre@example.org", confirmed_at=None)
    for forged in (
        good[:-2],
        sign("directory.other.confirm", f"{found.pk} x"),
        "x",
        sign(subscribing.PURPOSE, f"{uuid4()} x"),
    ):
        assert client.get(f"/lettre/confirmer/{forged}/").status_code == 404
    Subscriber.objects.filter(pk=found.pk).update(asked_at=timezone.now())
    assert client.post(f"/lettre/confirmer/{good}/").status_code == 410, "a newer request has its own link"
    Subscriber.objects.filter(pk=other.pk).update(asked_at=timezone.now() - timedelta(days=8))
    other.refresh_from_db()
    assert client.post(f"/lettre/confirmer/{subscribing.token_for(other)}/").status_code == 410
    assert not Subscriber.objects.receiving().exists()


def test_one_click_stops_it_without_a_page_nor_a_cookie(client: Any) -> None:
    found = subscribed()
    address = f"/lettre/arreter/{found.secret}/"
    assert "Arrêter la lettre\u202f?" in client.get(address).content.decode()
    assert Subscriber.objects.get().is_receiving, "a link that is followed stops nothing"
    strict = Client(enforce_csrf_checks=True)
    for _time in "ab":
        assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.get().stopped_because == "asked"
    confirm = subscribing.token_for(found)
    assert client.post(f"/lettre/confirmer/{confirm}/").status_code == 410, "an old link does not begin it again"
    assert client.post(f"/lettre/arreter/{uuid4()}/").status_code == 200, "nothing is learnt of who receives it"


def test_after_three_years_it_is_asked_again_and_silence_ends_it(client: Any) -> None:
    old = timezone.now() - timedelta(days=3 * 366)
    kept = subscribed(asked_at=old, confirmed_at=old)
    silent = subscribed(email="muette@example.org", asked_at=old, confirmed_at=old)
    fresh = subscribed(email="neuve@example.org")
    for _time in "ab":
        enqueue(ME, "directory.letter.renew")
        run_waiting()
    assert sorted(message.to[0] for message in mail.outbox) == [kept.email, silent.email], "asked once"
    assert all("La voulez-vous encore" in message.body for message in mail.outbox)
    assert Subscriber.objects.receiving().count() == 3, "and it still comes meanwhile"
    kept.refresh_from_db()
    client.post(f"/lettre/confirmer/{subscribing.token_for(kept)}/")
    later = timezone.now() + timedelta(days=31)
    assert subscribing.tidy(ME, now=later)["stopped"] == 1
    assert {one.email for one in Subscriber.objects.receiving()} == {kept.email, fresh.email}
    assert Subscriber.objects.get(email=silent.email).stopped_because == "silent"


def test_what_is_of_no_use_any_more_is_removed() -> None:
    now = timezone.now()
    subscribed(email="jamais@example.org", confirmed_at=None, asked_at=now - timedelta(days=8))
    subscribed(email="attend@example.org", confirmed_at=None, asked_at=now - timedelta(days=6))
    subscribed(email="fini@example.org", stopped_at=now - timedelta(days=31), stopped_because="asked")
    subscribed(email="recent@example.org", stopped_at=now - timedelta(days=29), stopped_because="asked")
    assert [line.due for line in report(None, now) if line.code == "directory.subscriber"] == [2], "a dry run"
    assert subscribing.tidy(ME, now=now) == {"stopped": 0, "never": 1, "gone": 1}
    assert subscribing.tidy(ME, now=now) == {"stopped": 0, "never": 0, "gone": 0}
    assert set(Subscriber.objects.values_list("email", flat=True)) == {"attend@example.org", "recent@example.org"}


def test_a_message_asked_and_then_stopped_does_not_leave() -> None:
    subscribing.subscribe(ME, VISITOR, ADDRESS)
    subscribing.stop(Subscriber.objects.get())
    run_waiting()
    assert mail.outbox == []


# --- One's own data ---------------------------------------------------------------------------------------------------


def test_a_person_reads_their_subscription_and_it_goes_with_them() -> None:
    someone = Someone(uuid4(), frozenset({ADDRESS}))
    by_address, by_account = subscribed(), subscribed(email="ailleurs@example.org", person=someone.person)
    other = subscribed(email="autre@example.org")
    letter = Letter.objects.create(month="2026-11-01", title="La lettre", made_by=someone.person)
    told = list(holdings["directory.subscriber"].export(someone))
    assert {row["Adresse"] for row in told} == {by_address.email, by_account.email}
    assert "Je demande à recevoir" in told[0]["Ce que vous avez accepté"]
    assert [row["Lettre"] for row in holdings["directory.letter"].export(someone)] == ["La lettre"]
    for _twice in "ab":
        for code in ("directory.subscriber", "directory.letter"):
            holdings[code].erase(someone)
    assert list(Subscriber.objects.order_by("pk")) == [other]
    letter.refresh_from_db()
    assert letter.made_by is None


def test_who_asks_from_their_account_is_known_as_its_person(client: Any) -> None:
    person = open_account(ME, ADDRESS, "Une lectrice")
    client.force_login(person)
    asked(client)
    asked(client, email="autre@example.org", address="192.0.2.2")
    held = dict(Subscriber.objects.values_list("email", "person"))
    assert held == {ADDRESS: person.pk, "autre@example.org": None}
