"""Webhooks: what is planned, what leaves, what comes of a side that does not answer; and the team's pages."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from toile.kernel import readers
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.jobs import run_waiting
from toile.kernel.models import Job
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import Contribution, Reader, Role
from toile.kernel.retention import retentions
from toile.thread import names
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.models import Delivery, Fact, Webhook
from toile.thread.names import Named
from toile.thread.services import record
from toile.thread.webhooks import delivering, queries, sending, services, verify_example

from .receiving import Receiver, receiver

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
OFFICER = Reader(uuid.uuid4(), "Camille", roles=frozenset({Role.OFFICER}))
OPENED = fact_kind("tests.hook.opened", sentence="ouvre & <b>{other}</b>", label="Ouverture")
CLOSED = fact_kind("tests.hook.closed", sentence="ferme.", label="Fermeture")
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """This machine may be reached; one subject has a name for everybody, the other for nobody."""
    settings.TOILE_WEBHOOKS_LOOPBACK = True
    settings.TOILE_URL = "https://toile.example"
    monkeypatch.setattr(names, "_namers", [lambda reader, subjects: {ONE: Named("L’Épicerie", "/fiche/1/")}])


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now() + timedelta(hours=1)  # jobs are asked for at the real time: it is past

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the rows and of the work; it advances when told."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def hook(other: Receiver, path: str = "", **how: Any) -> Webhook:
    return services.add(OFFICER, "Essai", other.url + path, **how)


def happen(*about: UUID, kind: Any = OPENED, visibility: Visibility = Visibility.PUBLIC) -> int:
    with act(SYSTEM):
        record(kind, about=about or [ONE], visibility=visibility)
    return Fact.objects.latest("id").pk


def work() -> None:
    """What a worker does: the step, then the jobs that it asked for."""
    delivering.step()
    run_waiting()


def told(other: Receiver) -> list[int]:
    return [json.loads(request.body)["fact"]["number"] for request in other.requests]


def states(webhook: Webhook) -> list[tuple[str, int, int | None]]:
    rows = Delivery.objects.filter(webhook=webhook).order_by("fact")
    return list(rows.values_list("state", "tries", "code"))


# --- What leaves -----------------------------------------------------------------------------------------------------


def test_what_happens_from_now_on_is_carried_once_in_order_and_signed(other):
    happen()
    webhook = hook(other)
    numbers = [happen(), happen(ONE, TWO), happen(kind=CLOSED)]
    happen(visibility=Visibility.MEMBERS)
    work()
    work()
    assert told(other) == numbers
    assert states(webhook) == [("delivered", 1, 204)] * 3
    for request in other.requests:
        given = {name.title(): value for name, value in request.headers.items()}
        assert verify_example.is_from_toile(webhook.secret, given, request.body)
    said = json.loads(other.requests[1].body)
    assert said["id"] == other.requests[1].headers["toile-id"] == str(Delivery.objects.get(fact=numbers[1]).pk)
    # Without markup, as a visitor reads it; who may not be named is not said to be concerned.
    assert said["fact"]["sentence"].startswith("L’Épicerie ouvre & une personne ou une structure dont le nom")
    assert said["fact"]["about"] == [{"id": str(ONE), "name": "L’Épicerie", "url": "https://toile.example/fiche/1/"}]


def test_only_the_kinds_and_the_subject_asked_for_are_carried(other):
    webhook = hook(other, kinds=[OPENED.code], subject=TWO)
    wanted = [happen(TWO), happen(ONE, TWO)]
    happen(ONE), happen(TWO, kind=CLOSED)
    work()
    assert told(other) == wanted
    webhook.refresh_from_db()
    assert webhook.cursor == Fact.objects.filter(kind=CLOSED.code).latest("id").pk


def test_a_step_without_anything_to_do_asks_three_things(django_assert_num_queries, other):
    Webhook.objects.create(name="A", url="https://a.example/", cursor=2**40)
    with django_assert_num_queries(3):
        assert delivering.step() is False


def test_planning_twice_or_by_two_workers_gives_each_fact_once(other, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    webhook = hook(other)
    numbers = [happen() for _ in range(5)]
    assert [services.plan(SYSTEM, timezone.now()) for _ in range(4)] == [True, True, False, False]
    Webhook.objects.update(cursor=0)
    while services.plan(SYSTEM, timezone.now()):
        pass
    assert list(Delivery.objects.order_by("fact").values_list("fact", flat=True)) == numbers
    assert webhook.deliveries.count() == 5


# --- A side that does not answer -------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_for_24_hours_then_the_webhook_is_paused(other, clock):
    webhook = hook(other)
    happen()
    other.answers("503 Plus tard")
    start = clock.now
    at = []
    while not Webhook.objects.get().paused_at and len(at) < 20:
        work()
        at.append(clock.now - start)
        clock.now = Delivery.objects.get().next_at - timedelta(seconds=1)
        work()
        clock.now += timedelta(seconds=1)
    assert len(other.requests) == len(at)
    assert [round(wait.total_seconds() / 60) for wait in at] == [0, 1, 6, 36, 156, 516, 1236, 1440]
    assert len({request.headers["toile-id"] for request in other.requests}) == 1
    assert states(webhook) == [("given_up", 8, 503)]
    webhook.refresh_from_db()
    assert webhook.paused_because == "silent"
    assert Fact.objects.filter(kind="thread.webhook.paused", visibility="audit").get().data == {"because": "silent"}
    # What happens meanwhile waits; resumed, all of it leaves, in order.
    happen()
    work()
    other.answers("200 OK")
    services.resume(OFFICER, webhook)
    work()
    assert [state for state, _, _ in states(webhook)] == ["delivered", "delivered"]


def test_a_side_that_never_answers_costs_one_try_and_holds_up_nobody(other, monkeypatch, clock):
    monkeypatch.setattr(sending, "READ_SECONDS", 0.1)
    with receiver() as silent:
        silent.answer = None
        mute = hook(silent)
        alive = hook(other)
        numbers = [happen() for _ in range(4)]
        work()
        assert told(other) == numbers
        assert len(silent.requests) == 1
        assert sorted(states(mute)) == [("waiting", 0, None)] * 3 + [("waiting", 1, None)]
        # The next facts are not tried before the first one's turn.
        work()
        assert len(silent.requests) == 1
        assert states(alive) == [("delivered", 1, 204)] * 4


def test_one_fact_refused_does_not_hold_up_the_next_ones(other):
    webhook = hook(other)
    happen(), happen()
    other.answers("422 Illisible")
    work()
    assert states(webhook) == [("waiting", 1, 422)] * 2


def test_gone_for_good_or_turned_private_pauses_at_once(other, monkeypatch):
    webhook = hook(other)
    happen(), happen()
    other.answers("410 Gone")
    work()
    webhook.refresh_from_db()
    assert (webhook.paused_because, len(other.requests)) == ("gone", 1)
    services.resume(OFFICER, webhook)
    monkeypatch.setattr(delivering, "post", lambda *_, **__: sending.Answer(None, "private"))
    work()
    webhook.refresh_from_db()
    assert webhook.paused_because == "private"


def test_what_was_sent_thirty_days_ago_is_forgotten_and_what_waits_is_not():
    webhook = Webhook.objects.create(name="A", url="https://a.example/")
    now = timezone.now()
    for days, state in ((31, "delivered"), (31, "waiting"), (29, "delivered"), (40, "given_up")):
        ended = None if state == "waiting" else now
        Delivery.objects.create(
            webhook=webhook,
            fact=days * 10 + len(state),
            made_at=now - timedelta(days=days),
            state=state,
            ended_at=ended,
        )
    retention = retentions["thread.delivery"]
    assert retention.due(now) == 2
    assert retention.apply(SYSTEM, now) == 2
    assert retention.due(now) == 0
    assert Delivery.objects.count() == 2


# --- By the team -----------------------------------------------------------------------------------------------------


def test_only_the_team_may_add_pause_renew_or_remove(other):
    webhook = hook(other)
    for reader in (Reader(), Reader(uuid.uuid4()), Reader(uuid.uuid4(), roles=frozenset({Role.ADVISER}))):
        for refused in (services.pause, services.resume, services.renew_secret, services.remove, services.try_out):
            with pytest.raises(Forbidden):
                refused(reader, webhook)
        with pytest.raises(Forbidden):
            services.add(reader, "x", "https://exemple.org/")
        assert not Webhook.objects.visible_to(reader).exists()


def test_a_trial_is_sent_once_even_paused_and_says_what_came_of_it(other):
    webhook = hook(other)
    services.pause(OFFICER, webhook)
    happen()
    services.try_out(OFFICER, webhook)
    with pytest.raises(Conflict):
        services.try_out(OFFICER, webhook)
    other.answers("500 Oops")
    work()
    assert json.loads(other.requests[0].body) == {"id": str(Delivery.objects.get().pk), "test": True, "fact": None}
    assert states(webhook) == [("given_up", 1, 500)]
    services.try_out(OFFICER, webhook)
    assert Job.objects.filter(kind="thread.webhook", state="waiting").count() == 1


def test_erasing_who_added_it_leaves_the_webhook_without_them(other):
    hook(other)
    holding, somebody = holdings["thread.webhook"], Someone(OFFICER.person)
    assert [row["Nom"] for row in holding.export(somebody)] == ["Essai"]
    with act(SYSTEM):
        holding.erase(somebody)
    assert Webhook.objects.get().made_by is None
    assert list(holding.export(somebody)) == []


@pytest.fixture
def officer(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    given = Contribution(roles=[Role.OFFICER])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, given)])
    client.force_login(get_user_model().objects.create_user("camille@exemple.test", display_name="Camille"))
    return client


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://127.0.0.2:8443.exemple/", "adresse entière"),
        ("https://10.0.0.1/", "réseau privé"),
        ("http://exemple.org/", "https://"),
        ("https://2130706433/", "quatre nombres"),
        ("https://introuvable.invalid.exemple.invalid/", "réseau privé"),
    ],
)
def test_a_bad_address_is_told_beside_its_field_and_what_was_typed_stays(officer, url, words):
    answer = officer.post(reverse("thread:webhook_add"), {"name": "Partenaire", "url": url, "kinds": [OPENED.code]})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["url"])
    assert 'value="Partenaire"' in answer.content.decode()
    assert not Webhook.objects.exists()


def test_the_secret_is_shown_once_when_added_and_once_when_renewed(officer, other):
    page = reverse("thread:webhook_add")
    asked = {"name": "Partenaire", "url": other.url, "subject": f"https://toile.example/annuaire/{ONE}/"}
    added = officer.post(page, asked)
    made = Webhook.objects.get()
    assert made.secret in added.content.decode()
    assert (made.subject, made.kinds) == (ONE, [])
    assert "no-store" in added["Cache-Control"]
    again = officer.post(page, asked)
    assert (again.status_code, "déjà" in str(again.context["form"].errors["url"])) == (422, True)
    old, here = made.secret, reverse("thread:webhook", args=[made.pk])
    for url in (here, reverse("thread:webhooks"), reverse("thread:webhook_renew", args=[made.pk])):
        assert old not in officer.get(url).content.decode()
    renewed = officer.post(reverse("thread:webhook_renew", args=[made.pk]))
    made.refresh_from_db()
    assert made.secret != old and made.secret in renewed.content.decode()
    happen()
    work()
    given = {name.title(): value for name, value in other.requests[0].headers.items()}
    assert verify_example.is_from_toile(made.secret, given, other.requests[0].body)


def test_the_page_says_what_was_sent_why_it_stopped_and_lets_one_resume(officer, other):
    webhook = hook(other, kinds=[OPENED.code], subject=ONE)
    other.answers("302 Found", "Location: https://ailleurs.example/")
    happen()
    work()
    here = reverse("thread:webhook", args=[webhook.pk])
    shown = officer.get(here).content.decode()
    assert "donnez l’adresse finale" in shown
    assert "L’Épicerie" in shown and "… ouvre &amp; …" in shown
    assert officer.post(reverse("thread:webhook_pause", args=[webhook.pk])).status_code == 302
    assert "Suspendu depuis" in officer.get(here).content.decode()
    assert "suspendu par une personne" in officer.get(reverse("thread:webhooks")).content.decode()
    officer.post(reverse("thread:webhook_resume", args=[webhook.pk]))
    assert Webhook.objects.get().paused_at is None
    officer.post(reverse("thread:webhook_try", args=[webhook.pk]))
    assert ">essai<" in officer.get(here).content.decode()
    officer.post(reverse("thread:webhook_remove", args=[webhook.pk]))
    assert not Webhook.objects.exists() and not Delivery.objects.exists()
    kept = list(Fact.objects.filter(kind__startswith="thread.webhook.").order_by("id").values_list("kind", flat=True))
    assert [kind.rsplit(".", 1)[1] for kind in kept] == ["added", "paused", "resumed", "removed"]


def test_the_pages_ask_as_many_things_whatever_their_rows(officer, django_assert_max_num_queries):
    webhooks = [Webhook.objects.create(name=f"n{n}", url=f"https://e{n}.example/") for n in range(6)]
    Delivery.objects.bulk_create(Delivery(webhook=webhooks[0], fact=n) for n in range(1, 60))
    with django_assert_max_num_queries(4):  # session, person, and one
        officer.get(reverse("thread:webhooks"))
    with django_assert_max_num_queries(6):
        officer.get(reverse("thread:webhook", args=[webhooks[0].pk]))


def test_the_guide_is_public_and_shows_the_example_that_is_tested(client):
    shown = client.get(reverse("thread:webhooks_guide"))
    assert "hmac.compare_digest(expected" in shown.content.decode()
    assert "8 fois en 24 heures" in shown.content.decode().replace("\u202f", " ").replace("\xa0", " ")
