"""Notices by e-mail: gathered, in their person's words and hours, each once in effect, stopped in one click."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.utils import timezone

from toile.accounts.models import Person
from toile.kernel import readers
from toile.kernel.acts import act, current_act
from toile.kernel.jobs import LeaseLost, run_waiting
from toile.kernel.models import Job
from toile.kernel.readers import Contribution
from toile.kernel.testing import own_database
from toile.thread import names, notices, posting, subscribing, telling
from toile.thread.kinds import Visibility
from toile.thread.models import Notice, Preference
from toile.thread.names import Named
from toile.thread.rules.telling import MOST_AN_HOUR, QuietHours, Rhythm
from toile.thread.services import record

from .happenings import (
    ANNOUNCED,
    HAPPENED,
    KINDS,
    NOON,
    SYSTEM,
    THING,
    at,
    catch_up,
    follower_of,
    happen,
    reader,
    tell,
)

pytestmark = pytest.mark.django_db
KILLED = Path(__file__).parent / "killed_telling.py"
MORNING = NOON.replace(hour=8, minute=0) + timedelta(days=1)


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thing has a name and a page."""
    shown = {THING: Named("L’atelier & co", "/annuaire/atelier/", is_fictional=True)}
    monkeypatch.setattr(names, "_namers", [lambda who, asked: {pk: shown[pk] for pk in asked if pk in shown}])


# --- What is written -------------------------------------------------------------------------------------------------


def test_what_happens_is_written_at_once_and_once():
    camille = follower_of()
    happen()
    tell()
    (message,) = mail.outbox
    assert message.to == ["camille@exemple.test"]
    assert message.subject == "L’atelier & co se montre (fictif)"
    stop = Preference.objects.get(person=camille.pk).stop
    for part in (message.body, message.alternatives[0].content):
        assert "Bonjour Camille," in part
        assert "http://127.0.0.1:8000/annuaire/atelier/" in part
        assert "http://127.0.0.1:8000/fil/avis/" in part
        assert "http://127.0.0.1:8000/fil/abonnements/" in part
        assert f"http://127.0.0.1:8000/fil/avis/arreter/{stop}/at_once/" in part
    assert "* L’atelier & co se montre (fictif)\n" in message.body
    assert "L’atelier &amp; co se montre (fictif)</a>" in message.alternatives[0].content
    tell()
    assert len(mail.outbox) == 1
    assert Notice.objects.get().told_at is not None


def test_the_message_can_be_stopped_in_one_click_and_watches_nobody():
    camille = follower_of()
    happen()
    tell()
    headers = mail.outbox[0].message()
    stop = Preference.objects.get(person=camille.pk).stop
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/fil/avis/arreter/{stop}/at_once/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert not re.findall(r"<(img|link|script|style|iframe)\b|style=", mail.outbox[0].alternatives[0].content)


def test_each_rhythm_gathers_its_own_notices_in_one_message():
    follower_of(news=Rhythm.DAILY, followed=Rhythm.AT_ONCE)
    happen(times=3)
    happen(kind=ANNOUNCED, times=2)
    tell()
    assert [message.subject for message in mail.outbox] == ["3 avis\xa0: L’atelier & co se montre (fictif)"]
    assert mail.outbox[0].body.count("\n* ") == 3
    with at(timezone.now() + timedelta(days=1)):
        posting.ask()
        run_waiting()
    assert mail.outbox[1].subject == "2 avis de la journée\xa0: L’atelier & co annonce une fête (fictif)"


def test_thirty_notices_are_written_out_and_the_others_announced():
    follower_of()
    happen(times=40)
    tell()
    (message,) = mail.outbox
    assert message.subject.startswith("Plus de 30 avis")
    assert message.body.count("\n* ") == 30
    assert "D’autres avis vous attendent" in message.body
    assert not Notice.objects.filter(told_at__isnull=True).exists()


def test_a_fact_that_cannot_be_said_does_not_silence_the_others(caplog: pytest.LogCaptureFixture):
    follower_of()
    happen()
    with act(SYSTEM):
        record(HAPPENED, about=[THING])
        current_act().queue[-1][2][0].data = {"undeclared": 1}
    tell()
    (message,) = mail.outbox
    assert message.body.count("\n* ") == 1
    assert "could not be told" in caplog.text


def test_nothing_leaves_in_quiet_hours():
    camille = follower_of()
    Preference.objects.update(quiet_from="20:00", quiet_until="08:00")
    happen()
    with at(NOON.replace(hour=22)):
        tell()
    assert mail.outbox == []
    with at(MORNING):
        tell()
    assert [message.to for message in mail.outbox] == [[camille.email]]


def test_what_the_person_may_no_longer_read_is_not_written(monkeypatch: pytest.MonkeyPatch):
    camille, dominique = follower_of(), follower_of(name="dominique")
    member = Contribution(organisations=[THING])
    monkeypatch.setattr(readers, "_contributors", [lambda people: dict.fromkeys(people, member)])
    happen(kind=KINDS[Visibility.MEMBERS])
    catch_up()
    assert Notice.objects.count() == 2
    monkeypatch.setattr(readers, "_contributors", [lambda people: {dominique.pk: member}])
    tell()
    assert [message.to for message in mail.outbox] == [[dominique.email]]
    assert list(notices.notices(reader(camille))) == []
    assert not Notice.objects.filter(due_at__isnull=False).exists(), "it does not come back later"


def test_a_name_is_told_to_who_may_read_it_only(monkeypatch: pytest.MonkeyPatch):
    inside, outside = follower_of(name="dedans"), follower_of(name="dehors")
    member = Contribution(organisations=[THING])
    monkeypatch.setattr(readers, "_contributors", [lambda people: {p: member for p in people if p == inside.pk}])
    monkeypatch.setattr(
        names, "_namers", [lambda who, asked: {THING: Named("Un projet privé")} if who.organisations else {}]
    )
    happen()
    tell()
    written = {message.to[0]: message.body for message in mail.outbox}
    assert "Un projet privé" in written[inside.email]
    assert "Un projet privé" not in written[outside.email]
    assert "dont le nom n’est pas public" in written[outside.email]


@pytest.mark.parametrize("how", ["unproved", "closed", "erased"])
def test_who_is_not_to_be_written_to_gets_nothing_and_owes_nothing(how: str):
    camille = follower_of()
    happen()
    catch_up()
    if how == "unproved":
        EmailAddress.objects.update(verified=False)
    elif how == "closed":
        Person.objects.update(is_active=False)
    else:
        camille.delete()
    tell()
    assert mail.outbox == []
    assert not Notice.objects.filter(due_at__isnull=False).exists()


@pytest.mark.parametrize(("people", "facts"), [(1, 1), (30, 3)])
def test_a_batch_of_messages_is_prepared_in_a_known_number_of_statements(
    people: int, facts: int, django_assert_num_queries: Any
):
    everybody = sorted(follower_of(name=f"p{number}").pk for number in range(people))
    happen(times=facts)
    catch_up()
    # What is due, twice; its facts and their subjects; two rooms for the readers; preferences; addresses.
    with django_assert_num_queries(8):
        made = telling.letters(everybody, timezone.now())
    assert [len(letter.told) for letter in made] == [facts] * people


# --- Ten thousand in a minute, and an address that refuses -----------------------------------------------------------


def test_an_hour_brings_twenty_messages_then_one_for_all_the_rest():
    follower_of()
    for second in range(25):
        with at(NOON + timedelta(seconds=second)):
            happen()
            tell()
    assert len(mail.outbox) == MOST_AN_HOUR
    with at(NOON + timedelta(hours=1, seconds=1)):
        tell()
    assert len(mail.outbox) == MOST_AN_HOUR + 1
    assert mail.outbox[-1].subject.startswith("5 avis")
    assert not Notice.objects.filter(due_at__isnull=False).exists()


@pytest.mark.slow
def test_ten_thousand_notices_in_a_minute_make_twenty_one_messages():
    camille = follower_of()
    for second in range(50):
        with at(NOON + timedelta(seconds=second)):
            happen(times=200)
            tell()
    with at(NOON + timedelta(hours=1, seconds=1)):
        tell()
    assert Notice.objects.filter(person=camille.pk, told_at__isnull=False).count() == 10_000
    assert len(mail.outbox) == MOST_AN_HOUR + 1
    assert notices.count_unread(reader(camille)) == 100, "« 99+ »: a page does not count further"


def test_an_address_that_refuses_three_times_is_written_to_no_more(settings: Any, client: Any):
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    refuses, other = follower_of(name="refus"), follower_of(name="autre")
    now = NOON
    happen()
    for hour in range(6):
        with at(now + timedelta(hours=2 * hour)):
            tell()
    assert [message.to for message in mail.outbox] == [[other.email]], "the others are written to"
    row = Preference.objects.get(person=refuses.pk)
    assert row.refusals == 3
    assert row.paused_at == now + timedelta(hours=4)
    happen()
    catch_up()
    assert not Notice.objects.filter(person=refuses.pk, due_at__isnull=False).exists()

    client.force_login(refuses)
    assert "Nos courriels vous reviennent." in client.get("/fil/avis/").content.decode()
    client.post("/fil/avis/reprendre/")
    assert "Nos courriels vous reviennent." not in client.get("/fil/avis/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    happen()
    tell()
    assert mail.outbox[-1].to in ([refuses.email], [other.email])
    assert [refuses.email] in [message.to for message in mail.outbox]


def test_a_message_that_is_taken_forgives_the_refusals_of_before():
    camille = follower_of()
    Preference.objects.filter(person=camille.pk).update(refusals=2)
    happen()
    tell()
    assert Preference.objects.get(person=camille.pk).refusals == 0


def test_a_server_that_does_not_answer_stops_the_work_and_nothing_is_lost(settings: Any, caplog: Any):
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.Silent"
    follower_of()
    happen()
    tell()
    job = Job.objects.get(kind=posting.JOB)
    assert job.state == Job.State.WAITING
    assert "exemple.test" not in caplog.text
    tell()
    assert Job.objects.filter(kind=posting.JOB).count() == 1, "it is not asked for again while it waits"
    Job.objects.update(state=Job.State.FAILED, ended_at=timezone.now())
    posting.ask()
    assert Job.objects.filter(kind=posting.JOB).count() == 1, "nor at once after it failed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(ended_at=timezone.now() - timedelta(hours=1))
    tell()
    assert len(mail.outbox) == 1


# --- Once in effect --------------------------------------------------------------------------------------------------


def test_killed_between_sending_and_noting_the_same_message_leaves_again(monkeypatch: pytest.MonkeyPatch):
    follower_of()
    happen(times=2)
    catch_up()
    real = posting._note

    def killed(*args: Any, **fields: Any) -> None:
        raise LeaseLost("killed")

    for _time in range(2):
        monkeypatch.setattr(posting, "_note", killed)
        posting.ask()
        run_waiting()
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
        happen()
        catch_up()
    monkeypatch.setattr(posting, "_note", real)
    run_waiting()
    same = {(sent.extra_headers["Message-ID"], sent.subject, sent.body) for sent in mail.outbox[:3]}
    assert len(same) == 1, "the same message in the same words, which mail servers recognise by its Message-ID"
    tell()
    assert len(mail.outbox) == 4, "what happened meanwhile is another message"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_outright_leave_one_message_for_each_person():
    with own_database(connection.vendor) as database:
        database.run(KILLED, "prepare", "60")
        for step in ("follow", "work"):
            for _time in range(2):
                with database.start(KILLED, step) as worker:
                    assert worker.stdout is not None
                    for _line in range(4):
                        worker.stdout.readline()
                    worker.kill()
                database.run(KILLED, "expire")
        database.run(KILLED, "work")
        told = json.loads(database.run(KILLED, "told"))
    assert told["notices"] == 60 * 5, "each person is told of each fact once"
    assert told["recipients"] == told["messages"] == 60
    assert told["sent"] <= 60 + 2 * posting.NOTED_TOGETHER, "each kill repeats those not noted yet, and no other"
    assert told["untold"] == 0


# --- Choosing and stopping -------------------------------------------------------------------------------------------


def test_a_link_in_the_message_stops_its_rhythm_and_nothing_else(client: Any):
    camille = follower_of(news=Rhythm.DAILY)
    happen()
    happen(kind=ANNOUNCED)
    tell()
    (url,) = re.findall(r"http://127.0.0.1:8000(/fil/avis/arreter/\S+)", mail.outbox[0].body)
    happen()
    catch_up()
    assert "Arrêter les messages\u202f?" in client.get(url).content.decode()
    assert Preference.objects.get(person=camille.pk).rhythms["followed"] == "at_once", "reading it stops nothing"
    client.handler.enforce_csrf_checks = True
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert "Les messages sont arrêtés" in answer.content.decode()
    assert client.post(url).status_code == 200, "twice does no more than once"
    kept = Preference.objects.get(person=camille.pk).rhythms
    assert (kept["followed"], kept["news"]) == ("on_site", "daily")
    assert set(Notice.objects.filter(due_at__isnull=False).values_list("rhythm", flat=True)) == {"daily"}
    happen()
    tell()
    assert len(mail.outbox) == 1
    assert Notice.objects.filter(person=camille.pk).count() == 4, "notices stay on the site"


@pytest.mark.parametrize("rhythm", ["at_once", "never", "on_site", "autre"])
def test_a_link_that_stops_nothing_says_so(client: Any, rhythm: str):
    follower_of()
    assert client.get(f"/fil/avis/arreter/{uuid.uuid4()}/{rhythm}/").status_code == 404
    mine = Preference.objects.get().stop
    assert client.get(f"/fil/avis/arreter/{mine}/{rhythm}/").status_code == (200 if rhythm == "at_once" else 404)


def test_what_waits_follows_a_new_choice():
    camille = follower_of(followed=Rhythm.WEEKLY)
    happen()
    tell()
    assert mail.outbox == []
    chosen = dict.fromkeys(["news", "mine", "account"], Rhythm.NEVER) | {"followed": Rhythm.AT_ONCE}
    subscribing.set_preferences(reader(camille), chosen, QuietHours(begins=NOON.time(), ends=NOON.time()))
    tell()
    assert len(mail.outbox) == 1
