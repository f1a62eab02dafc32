"""The digest of kept searches: what is new for its person and nobody else, each message once in effect."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import open_account
from toile.kernel.acts import Actor
from toile.kernel.jobs import LeaseLost, enqueue, run_waiting
from toile.kernel.jobs.kinds import timetable
from toile.kernel.jobs.queue import enqueue_due
from toile.kernel.models import Job
from toile.kernel.readers import Reader
from toile.kernel.testing import own_database
from toile.thread import digest, services
from toile.thread.jobs import SETTLED
from toile.thread.models import Cadence, SavedSearch

from .trials import Shelf, shelved

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
KEPT_AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # seven o'clock in Paris
KILLED = Path(__file__).parent / "killed.py"


@pytest.fixture(autouse=True)
def shelf() -> Iterator[Shelf]:
    yield from shelved()


def person(name: str = "camille") -> Person:
    return open_account(SYSTEM, f"{name}@exemple.test", name.capitalize())


def kept(who: Person, query: str = "q=fil", *, cadence: str = Cadence.WEEKLY, name: str = "Le fil") -> SavedSearch:
    search, _ = services.keep(Reader(who.pk), "things", query, name, cadence)
    SavedSearch.objects.filter(pk=search.pk).update(told_until=KEPT_AT)
    search.refresh_from_db()
    return search


def run(cadence: str = Cadence.WEEKLY, until: datetime = MONDAY) -> Job:
    job = enqueue(SYSTEM, "thread.digest", cadence=cadence, until=until.isoformat())
    run_waiting()
    job.refresh_from_db()
    return job


def after(days: float) -> datetime:
    return KEPT_AT + timedelta(days=days)


# --- What is told ----------------------------------------------------------------------------------------------------


def test_what_is_new_since_the_search_was_kept_is_told_once(shelf: Shelf):
    search = kept(person())
    shelf.put("fil ancien", changed=after(-1))
    shelf.put("fil de soie", changed=after(2))
    shelf.put("corde", changed=after(2))
    job = run()
    assert (job.state, job.message) == (Job.State.DONE, "Messages envoyés\xa0: 1")
    (message,) = mail.outbox
    assert message.to == ["camille@exemple.test"]
    assert message.subject == "1 nouveauté\xa0: Le fil"
    for part in (message.body, message.alternatives[0].content):
        assert "Bonjour Camille," in part
        assert "fil de soie" in part
        assert "http://127.0.0.1:8000/chose/fil de soie/" in part
        assert "Une chose qui est rouge" in part
        assert "lundi 16 novembre 2026" in part
        assert "http://127.0.0.1:8000/fil/?q=fil" in part
        assert f"http://127.0.0.1:8000/fil/recherches/arreter/{search.stop}/" in part
        assert "ancien" not in part
        assert "corde" not in part
    search.refresh_from_db()
    assert search.told_until == MONDAY
    run()
    run(until=MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 1, "nothing new: no message"


def test_the_message_can_be_stopped_in_one_click_and_watches_nobody(shelf: Shelf):
    search = kept(person())
    shelf.put("fil", changed=after(1))
    run()
    (message,) = mail.outbox
    headers = message.message()
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/fil/recherches/arreter/{search.stop}/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    html = message.alternatives[0].content
    assert not re.findall(r"<(img|link|script|style|iframe)\b|style=", html)
    assert [part.get_content_type() for part in headers.walk()][:2] == ["multipart/alternative", "text/plain"]


def test_what_the_person_may_no_longer_see_is_not_told(shelf: Shelf):
    mine, other = person("camille"), person("dominique")
    kept(mine)
    kept(other)
    shelf.put("fil secret", changed=after(1), seen_by=mine.pk)
    run()
    assert [message.to for message in mail.outbox] == [["camille@exemple.test"]]


def test_each_rhythm_has_its_hour_and_what_happens_after_the_cut_waits_for_the_next(shelf: Shelf):
    kept(person("jour"), cadence=Cadence.DAILY)
    kept(person("semaine"), cadence=Cadence.WEEKLY)
    kept(person("jamais"), cadence=Cadence.NEVER)
    shelf.put("fil premier", changed=after(0.1))
    shelf.put("fil second", changed=MONDAY + timedelta(minutes=1))
    run(Cadence.DAILY)
    assert [message.to for message in mail.outbox] == [["jour@exemple.test"]]
    assert "second" not in mail.outbox[0].body
    run(Cadence.DAILY, MONDAY + timedelta(days=1))
    assert [message.to for message in mail.outbox] == [["jour@exemple.test"]] * 2
    assert "premier" not in mail.outbox[1].body


def test_fifty_are_told_and_the_rest_is_announced(shelf: Shelf):
    kept(person())
    for number in range(60):
        shelf.put(f"fil {number:02}", changed=after(1) + timedelta(minutes=number))
    run()
    (message,) = mail.outbox
    assert message.subject.startswith("Plus de 50 nouveautés")
    assert message.body.count("\n* ") == 50
    assert "fil 59" in message.body
    assert "Il y en a d’autres" in message.body


def test_many_changes_after_the_cut_hide_nothing_of_before_it(shelf: Shelf):
    kept(person())
    shelf.put("fil premier", changed=after(1))
    for number in range(digest.MOST_TOLD + 1):
        shelf.put(f"fil {number:02}", changed=MONDAY + timedelta(minutes=1 + number))
    run()
    (message,) = mail.outbox
    assert message.subject.startswith("1 nouveauté")
    assert "fil premier" in message.body


def test_signs_of_a_name_stay_signs_in_both_parts_and_never_make_a_header(shelf: Shelf):
    kept(person(), name="Fil & <b>\nBcc: x")
    shelf.put("fil & <i>laine</i>\r\nseule", changed=after(1))
    run()
    (message,) = mail.outbox
    assert message.subject.endswith("Fil & <b> Bcc: x")
    assert "* fil & <i>laine</i> seule\n" in message.body
    assert "fil &amp; &lt;i&gt;laine&lt;/i&gt; seule" in message.alternatives[0].content
    assert "Bcc" not in message.message()


# --- To whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["unproved", "closed", "erased"])
def test_who_is_not_to_be_written_to_gets_nothing_and_owes_nothing(shelf: Shelf, how: str):
    who = person()
    search = kept(who)
    shelf.put("fil", changed=after(1))
    if how == "unproved":
        EmailAddress.objects.update(verified=False)
    elif how == "closed":
        Person.objects.update(is_active=False)
    else:
        who.delete()
    run()
    assert mail.outbox == []
    search.refresh_from_db()
    assert search.told_until == MONDAY


def test_who_stops_while_messages_leave_gets_none(shelf: Shelf):
    search = kept(person())
    shelf.put("fil", changed=after(1))
    services.stop_messages(search)
    assert not digest.tell(SYSTEM, search.pk, Cadence.WEEKLY, MONDAY)
    assert mail.outbox == []


# --- What goes wrong -------------------------------------------------------------------------------------------------


def test_a_message_refused_or_a_search_that_breaks_waits_without_holding_up_the_others(
    shelf: Shelf, settings: Any, caplog: pytest.LogCaptureFixture
):
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    refused = kept(person("refus"))
    broken = kept(person("panne"), "q=panne")
    gone = kept(person("partie"))
    SavedSearch.objects.filter(pk=gone.pk).update(list="partie")
    kept(person("camille"))
    shelf.put("fil", changed=after(1))
    with caplog.at_level(logging.WARNING):
        job = run()
    assert job.state == Job.State.DONE
    assert [message.to for message in mail.outbox] == [["camille@exemple.test"]]
    waiting = set(SavedSearch.objects.filter(told_until=KEPT_AT).values_list("pk", flat=True))
    assert waiting == {refused.pk, broken.pk}
    assert "exemple.test" not in caplog.text, "no address in the log"


def test_a_mail_server_that_does_not_answer_is_tried_again_and_loses_nothing(
    shelf: Shelf, settings: Any, caplog: pytest.LogCaptureFixture
):
    search = kept(person())
    shelf.put("fil", changed=after(1))
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.Silent"
    job = run()
    assert job.state == Job.State.WAITING
    for _attempt in range(3):
        Job.objects.update(not_before=timezone.now())
        run_waiting()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED, "it is not tried for ever"
    search.refresh_from_db()
    assert search.told_until == KEPT_AT
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run(until=MONDAY + timedelta(days=7))
    assert len(mail.outbox) == 1


def test_killed_between_sending_and_noting_the_same_message_leaves_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    kept(person())
    shelf.put("fil", changed=after(1))
    real = services.note_told

    def killed(*args: Any) -> None:
        raise LeaseLost("killed")

    for _time in range(2):
        monkeypatch.setattr(services, "note_told", killed)
        job = enqueue(SYSTEM, "thread.digest", key="once", cadence=Cadence.WEEKLY, until=MONDAY.isoformat())
        run_waiting()
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1), attempts=1)
        shelf.put("fil d’après", changed=MONDAY + timedelta(hours=1))
    monkeypatch.setattr(services, "note_told", real)
    run_waiting()
    run()
    texts = {(sent.extra_headers["Message-ID"], sent.subject, sent.body) for sent in mail.outbox}
    assert len(mail.outbox) == 3
    assert len(texts) == 1, "the same message in the same words, which mail servers recognise by its Message-ID"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_outright_while_they_send_leave_one_message_for_each_search():
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
    assert told["searches"] == told["recipients"] == told["messages"] == 40
    assert told["sent"] <= 40 + 2, "each kill repeats one message at most"
    assert told["state"] == "done"


# --- By itself -------------------------------------------------------------------------------------------------------


def test_it_is_due_at_seven_each_day_and_on_mondays(shelf: Shelf):
    kept(person("jour"), cadence=Cadence.DAILY)
    assert {name for name in timetable if name.startswith("thread.digest")} == {
        "thread.digest.daily",
        "thread.digest.weekly",
    }
    enqueue_due(MONDAY - timedelta(days=2))
    asked = {job.args["cadence"] for job in enqueue_due(MONDAY) if job.kind == "thread.digest"}
    assert asked == {"daily", "weekly"}
    tomorrow = {job.args["cadence"] for job in enqueue_due(MONDAY + timedelta(days=1)) if job.kind == "thread.digest"}
    assert tomorrow == {"daily"}


def test_a_work_started_late_still_cuts_ten_minutes_before_its_hour(shelf: Shelf):
    search = kept(person(), cadence=Cadence.DAILY)
    enqueue(SYSTEM, "thread.digest", cadence=Cadence.DAILY)
    run_waiting()
    search.refresh_from_db()
    local = timezone.localtime(search.told_until + SETTLED)
    assert (local.hour, local.minute) == (7, 0)
    assert timezone.now() - search.told_until < timedelta(days=1) + SETTLED
