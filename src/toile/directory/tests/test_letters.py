"""The monthly letter: made from chosen news, looked at as it will be, sent to each once, read on the web."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from toile.accounts.services import open_account
from toile.directory import jobs_letters
from toile.directory.letter_mail import compose
from toile.directory.models import Letter, LetterItem, News, Subscriber
from toile.directory.models.letters import LetterState
from toile.directory.queries.letters import offered_for, shown_in
from toile.directory.rules.letter import month_after, moved
from toile.directory.rules.news import Kind
from toile.directory.services.letters import OwnWords as Own
from toile.directory.services.letters import (
    SavedSince,
    begin,
    remove,
    send_to_all,
    try_on_oneself,
    write,
)
from toile.directory.services.news import Told, draft, publish, withdraw
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.jobs import LeaseLost, run_waiting
from toile.kernel.jobs.queue import run_again
from toile.kernel.models import Job
from toile.kernel.readers import Reader, Role
from toile.kernel.testing import own_database
from toile.thread.models import Fact

from .conftest import reader_with
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
OFFICER = reader_with(Role.OFFICER)
ME = Actor.of(OFFICER)
TODAY = date(2026, 11, 21)
KILLED = Path(__file__).parent / "killed_letters.py"


def told(title: str, *, published: bool = True, private: bool = False) -> News:
    """A news item of a structure of its own."""
    organisation = make_private(f"De {title}") if private else make(f"De {title}", website="https://x.example")
    reader = reader_with(Role.OFFICER, organisations=[organisation])
    news = draft(Actor.of(reader), reader, organisation, Told(Kind.NEWS, title, f"Le texte de {title}."))
    if published:
        publish(Actor.of(reader), reader, news)
    return news


def letter_of(*news: News, **more: Any) -> Letter:
    made = begin(ME, OFFICER, timezone.localdate())
    return write(
        ME, OFFICER, made, title="La lettre", introduction="Bonjour.", keys=[str(n.pk) for n in news], version=1, **more
    )


def receiving(count: int, *, name: str = "p") -> list[Subscriber]:
    made = [
        Subscriber(email=f"{name}{n}@example.org", words="2026-11", confirmed_at=timezone.now()) for n in range(count)
    ]
    return Subscriber.objects.bulk_create(made)


def sent(letter: Letter) -> Letter:
    return send_to_all(ME, OFFICER, letter, version=letter.version)


# --- Made from chosen news --------------------------------------------------------------------------------------------


def test_the_rules_of_a_month_and_of_an_order() -> None:
    assert [month_after(date(2026, month, 31)) for month in (10, 12)] == [date(2026, 11, 1), date(2027, 1, 1)]
    assert moved("abc", "b", -1) == ["b", "a", "c"]
    assert moved("abc", "b", 1) == ["a", "c", "b"]
    assert moved("abc", "a", -1) == moved("abc", "c", 1) == moved("abc", "z", 1) == ["a", "b", "c"]


def test_the_title_of_a_month_is_said_as_it_is_spoken() -> None:
    titles = [begin(ME, OFFICER, date(2026, month, 3)).title for month in (8, 10, 11)]
    assert titles == ["La lettre d’août 2026", "La lettre d’octobre 2026", "La lettre de novembre 2026"]


def test_what_is_offered_is_what_anybody_reads_of_that_month() -> None:
    now, old, unseen = told("Maintenant"), told("Avant"), told("Réservée", private=True)
    told("Brouillon", published=False)
    News.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=70))
    month = timezone.localdate().replace(day=1)
    assert [one.title for one in offered_for(month, [])] == ["Maintenant"]
    assert offered_for(month, [now.pk]) == []
    made = letter_of(now, old, unseen)
    assert [one.title for one in shown_in(made)] == ["Maintenant", "Avant"], (
        "an older one may be named, a private never"
    )


def test_the_order_is_that_asked_and_own_words_come_last() -> None:
    a, b, c = told("A"), told("B"), told("C")
    made = letter_of(a, b, own=Own("Le mot", "Venez.", "https://a.example/x"))
    word = LetterItem.objects.get(news=None)
    made = write(
        ME, OFFICER, made, title="T", introduction="", keys=[str(word.pk), str(c.pk), str(a.pk), str(a.pk), "?"],
        version=made.version,
    )  # fmt: skip
    assert [one.title for one in shown_in(made)] == ["Le mot", "C", "A"], "moved, added, and B left out"


def test_two_people_who_write_lose_nothing(as_officer: Any) -> None:
    a = told("A")
    made = letter_of(a)
    with pytest.raises(SavedSince):
        write(ME, OFFICER, made, title="T", introduction="", keys=[], version=1)
    page = as_officer.post(
        f"/lettre/preparer/{made.pk}/", {"title": "Le mien", "introduction": "Mes mots", "version": "1"}
    )
    assert page.status_code == 409
    text = page.content.decode()
    assert "Mes mots" in text and f'name="version" value="{made.version}"' in text


def test_buttons_move_a_thing_and_what_is_typed_is_kept(as_officer: Any) -> None:
    a, b = told("A"), told("B")
    made = letter_of(a, b)
    address = f"/lettre/preparer/{made.pk}/"
    given = {"title": "T", "introduction": "Tapé", "version": made.version, "garder": [str(a.pk), str(b.pk)]}
    assert as_officer.post(address, given | {"haut": str(b.pk)}).status_code == 302
    made.refresh_from_db()
    assert [one.title for one in shown_in(made)] == ["B", "A"]
    assert made.introduction == "Tapé"
    refused = as_officer.post(address, given | {"own_words": "sans titre", "version": made.version})
    assert refused.status_code == 422 and "Donnez un titre" in refused.content.decode()


def test_only_the_team_prepares_and_sends() -> None:
    made = letter_of(told("A"))
    for reader in (reader_with(), reader_with(Role.BUYER)):
        actor = Actor.of(reader)
        for refused in (
            lambda r=reader, a=actor: begin(a, r, TODAY),
            lambda r=reader, a=actor: write(a, r, made, title="T", introduction="", keys=[], version=2),
            lambda r=reader, a=actor: send_to_all(a, r, made, version=2),
            lambda r=reader, a=actor: try_on_oneself(a, r, made),
            lambda r=reader, a=actor: remove(a, r, made),
        ):
            with pytest.raises(Forbidden):
                refused()


# --- Looked at --------------------------------------------------------------------------------------------------------


def things(page: str) -> list[str]:
    """What a page of the letter shows of each thing."""
    return [part[part.index("<h2") : part.index("</section>")] for part in page.split('<section class="mt-3"')[1:]]


def test_the_preview_shows_the_page_and_the_mail_that_leave(as_officer: Any, client: Any) -> None:
    made = letter_of(told("A"), told("B"))
    base = f"/lettre/preparer/{made.pk}/"
    preview = as_officer.get(f"{base}apercu/").content.decode()
    html = as_officer.get(f"{base}courriel/").content.decode()
    made = sent(made)
    receiving(0)
    web = as_officer.get(f"/lettre/{made.number}/").content.decode()
    assert len(things(preview)) == 2 and things(preview) == things(web)
    left = compose(made)
    assert html.split("<hr>")[0] == left.html.split("<hr>")[0]
    for forbidden in ("<img", "<style", "style=", "<script", "http-equiv", "<link"):
        assert forbidden not in left.html, "nothing fetched, nothing that watches, no colour of ours in the dark"
    assert "Le texte de A." in left.text and "(fictif)" not in left.text
    as_officer.logout()
    assert as_officer.get(f"{base}apercu/").status_code == 302


def test_a_trial_goes_to_who_asks_alone(person: Any) -> None:
    me = person(Role.OFFICER)
    reader = Reader(me.pk, roles=frozenset({Role.OFFICER}))
    made = letter_of(told("A"))
    receiving(2)
    try_on_oneself(Actor.of(reader), reader, made)
    run_waiting()
    assert [message.to for message in mail.outbox] == [[me.email]]
    made.refresh_from_db()
    assert made.state == LetterState.DRAFT
    with pytest.raises(UserError):
        try_on_oneself(ME, OFFICER, made)


def test_pages_take_a_number_of_statements_that_the_rows_do_not_change(
    as_officer: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    made = letter_of(told("A"))
    left = sent(letter_of(told("B")))
    addresses = [
        f"/lettre/preparer/{made.pk}/",
        f"/lettre/preparer/{made.pk}/apercu/",
        f"/lettre/{left.number}/",
        "/lettre/",
    ]
    taken = []
    for address in addresses:
        with django_assert_max_num_queries(16) as found:
            as_officer.get(address)
        taken.append(len(found))
    more = [told(f"N{n}") for n in range(3)]
    write(ME, OFFICER, made, title="T", introduction="", keys=[str(n.pk) for n in more], version=made.version)
    for address, count in zip(addresses, taken, strict=True):
        with django_assert_num_queries(count):
            as_officer.get(address)


# --- Sent -------------------------------------------------------------------------------------------------------------


def test_each_who_receives_is_sent_it_once_and_may_stop_in_one_click() -> None:
    kept = receiving(3)
    Subscriber.objects.create(email="jamais@example.org", words="2026-11")
    Subscriber.objects.create(
        email="fini@example.org", words="2026-11", confirmed_at=timezone.now(), stopped_at=timezone.now(),
        stopped_because="asked",
    )  # fmt: skip
    made = sent(letter_of(told("A")))
    assert (made.number, made.state) == (1, LetterState.SENT)
    assert run_waiting() == 1
    assert sorted(message.to[0] for message in mail.outbox) == sorted(one.email for one in kept)
    by_address = {message.to[0]: message for message in mail.outbox}
    for one in kept:
        message = by_address[one.email]
        stop = f"http://127.0.0.1:8000/lettre/arreter/{one.secret}/"
        assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert stop in message.body and stop in message.alternatives[0].content
        assert message.extra_headers["Message-ID"] == f"<{made.pk.hex}.{one.pk.hex}@127.0.0.1>"
    made.refresh_from_db()
    assert (made.delivered, made.refused) == (3, 0)
    (fact,) = Fact.objects.filter(kind="directory.letter.sent").order_by("pk")
    assert (fact.data, fact.visibility) == ({"number": 1}, "public")


def test_a_letter_leaves_once_and_does_not_change_any_more() -> None:
    receiving(1)
    first, empty = letter_of(told("A")), begin(ME, OFFICER, TODAY)
    with pytest.raises(SavedSince):
        send_to_all(ME, OFFICER, first, version=1)
    left = sent(first)
    for refused in (
        lambda: sent(left),
        lambda: remove(ME, OFFICER, left),
        lambda: write(ME, OFFICER, left, title="T", introduction="", keys=[], version=left.version),
    ):
        with pytest.raises(Conflict):
            refused()
    with pytest.raises(UserError, match="vide"):
        sent(empty)
    assert sent(letter_of(told("B"))).number == 2
    run_waiting()
    assert len(mail.outbox) == 2


def test_what_is_withdrawn_afterwards_is_gone_from_the_page(client: Any) -> None:
    gone, kept = told("Retirée"), told("Gardée")
    made = sent(letter_of(gone, kept))
    assert "Retirée" in client.get("/lettre/1/").content.decode()
    owner = reader_with(organisations=[gone.organisation])
    withdraw(Actor.of(owner), owner, gone)
    page = client.get("/lettre/1/").content.decode()
    assert "Retirée" not in page and "Gardée" in page
    assert client.get(made.get_absolute_url()).status_code == 200
    assert client.get("/lettre/2/").status_code == 404


def test_the_letters_that_left_are_a_list_with_its_feed(client: Any) -> None:
    begin(ME, OFFICER, TODAY)
    assert "Aucune lettre n’est encore partie" in client.get("/lettre/").content.decode()
    sent(letter_of(told("A")))
    assert "1 lettre trouvée sur 1" in client.get("/lettre/").content.decode()
    feed = client.get("/lettre.atom").content.decode()
    assert feed.count("<entry>") == 1 and "/lettre/1/" in feed


def test_an_address_that_refuses_three_letters_in_a_row_is_stopped(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "toile.thread.tests.mailboxes.RefusesOne"
    (bad,), (good,) = receiving(1, name="refus"), receiving(1)
    for number in (1, 2, 3, 4):
        with caplog.at_level(logging.WARNING):
            made = sent(letter_of(told(f"N{number}")))
            run_waiting()
        made.refresh_from_db()
        assert (made.delivered, made.refused) == (1, 1 if number < 4 else 0)
        bad.refresh_from_db()
        assert (bad.refusals, bad.stopped_because) == (min(number, 3), "refused" if number > 2 else "")
    assert "example.org" not in caplog.text, "no address in the log"
    good.refresh_from_db()
    assert good.is_receiving


def test_a_letter_taken_between_two_refused_begins_the_count_again(settings: Any) -> None:
    (one,) = receiving(1, name="refus")
    for backend, expected in (("RefusesOne", 1), ("RefusesOne", 2), ("", 0), ("RefusesOne", 1)):
        settings.EMAIL_BACKEND = (
            f"toile.thread.tests.mailboxes.{backend}" if backend else "django.core.mail.backends.locmem.EmailBackend"
        )
        sent(letter_of(told("N")))
        run_waiting()
        one.refresh_from_db()
        assert one.refusals == expected


def test_killed_between_sending_and_noting_the_same_message_leaves_again(monkeypatch: pytest.MonkeyPatch) -> None:
    receiving(3)
    made = sent(letter_of(told("A")))
    real, calls = jobs_letters.note_delivery, []

    def killed(*args: Any, **kwargs: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise LeaseLost("killed")
        real(*args, **kwargs)

    monkeypatch.setattr(jobs_letters, "note_delivery", killed)
    run_waiting()
    Job.objects.filter(pk=made.job).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_waiting()
    texts = {(message.extra_headers["Message-ID"], message.body) for message in mail.outbox}
    assert (len(mail.outbox), len(texts)) == (4, 3), "one was sent twice, and it is the same message"
    made.refresh_from_db()
    assert (made.delivered, made.refused) == (3, 0)


def test_one_connection_serves_a_batch(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_letters, "AT_ONCE", 4)
    opened = []
    real = jobs_letters.get_connection
    monkeypatch.setattr(jobs_letters, "get_connection", lambda: opened.append(1) or real())
    receiving(10)
    sent(letter_of(told("A")))
    run_waiting()
    assert (len(mail.outbox), len(opened)) == (10, 3)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_killed_outright_while_they_send_leave_one_letter_for_each() -> None:
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
        found = json.loads(database.run(KILLED, "told"))
    assert found["recipients"] == found["messages"] == found["delivered"] == 40
    assert found["sent"] <= 40 + 2, "each kill repeats one message at most"
    assert found["state"] == "done"


def test_an_account_of_somebody_else_changes_nothing_here() -> None:
    """Letters know addresses, not people: an account opened or closed neither adds nor takes one."""
    receiving(1)
    open_account(ME, "p0@example.org", "P")
    assert Subscriber.objects.receiving().count() == 1


def test_a_sending_that_somebody_stops_goes_on_from_there_and_repeats_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    receiving(25)
    made = sent(letter_of(told("A")))
    real, seen = jobs_letters.send, []

    def stopping(message: Any) -> None:
        seen.append(message)
        if len(seen) == 4:
            Job.objects.filter(pk=made.job).update(cancel_asked=True)
        real(message)

    monkeypatch.setattr(jobs_letters, "send", stopping)
    run_waiting()
    job = Job.objects.get(pk=made.job)
    assert (job.state, len(mail.outbox)) == (Job.State.CANCELLED, 10)
    run_again(reader_with(Role.ADMINISTRATOR), job)
    run_waiting()
    made.refresh_from_db()
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == made.delivered == 25
