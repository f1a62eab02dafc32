"""An error reported by anybody: received, treated once, answered, its address forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from toile.directory.models import ErrorReport
from toile.directory.models.reports import ReportState, Subject
from toile.directory.services import close_report, report_error
from toile.directory.services.reports import forget_told
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, NotVisible
from toile.kernel.home import work_waiting
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Role
from toile.thread.models import Fact

from .conftest import reader_with
from .open_pages import send
from .structures import make, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

ACTOR = Actor.system("essai")


def reported(organisation: Any = None, *, email: str = "", words: str = "Fermée depuis mai.") -> ErrorReport:
    about = organisation or make("La fermée")
    return report_error(ACTOR, about, subject=Subject.CLOSED, words=words, email=email)


def test_anybody_reports_an_error_and_learns_what_comes_next(client: Client) -> None:
    organisation = make("La fermée")
    url = f"/annuaire/{organisation.pk}/signaler/"
    assert client.get(url).status_code == 200
    given = {"subject": "closed", "words": "Le rideau est baissé.", "email": "voisin@exemple.fr"}
    answer = send(client, url, "report", **given)
    assert answer.status_code == 302
    assert "compare avec les sources" in client.get(answer["Location"]).content.decode()
    (made,) = ErrorReport.objects.all()
    assert (made.subject, made.words, made.email, made.state) == ("closed", given["words"], given["email"], "open")
    (fact,) = Fact.objects.filter(kind="directory.report.received").order_by("pk")
    assert (fact.data, fact.visibility) == ({"report": str(made.pk)}, "audit")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"subject": "wrong", "words": ""}, "quelle information"),
        ({"subject": "autre"}, "Ce qui est faux"),
        ({"words": "http://a.fr http://b.fr http://c.fr"}, "deux liens"),
        ({"surname": "x"}, "champ caché"),
        ({"seconds_ago": 0}, "plus vite"),
        ({"email": "voisin@"}, "la fin"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client: Client, given: dict[str, Any], words: str) -> None:
    base = {"subject": "moved", "words": "Au 12, pas au 10.", "email": "voisin@exemple.fr"}
    refused = send(client, f"/annuaire/{make().pk}/signaler/", "report", **(base | given))
    shown = refused.content.decode()
    assert refused.status_code == 422 and words in shown
    assert (base | given)["email"] in shown
    assert not ErrorReport.objects.exists()


def test_two_clicks_are_one_report() -> None:
    organisation = make()
    for _ in "ab":
        reported(organisation)
    assert (ErrorReport.objects.count(), Fact.objects.filter(kind="directory.report.received").count()) == (1, 1)
    assert reported(organisation, words="Autre chose").pk


def test_any_bytes_are_answered(client: Client) -> None:
    url = f"/annuaire/{make().pk}/signaler/"
    for words in ("\0", "x" * 5000, "\u202e" * 50):
        assert send(client, url, "report", subject="wrong", words=words, email="\0@").status_code == 422
    assert client.post(url, {"drawn": "\0" * 500, "subject": []}).status_code == 422


def test_a_private_project_is_reported_by_nobody(client: Client) -> None:
    with pytest.raises(NotVisible):
        reported(make_private())
    assert client.get(f"/annuaire/{make_private().pk}/signaler/").status_code == 404


def test_the_queue_shows_the_oldest_first_and_both_states(client: Client, person: Any) -> None:
    first, second = reported(make("La première")), reported(make("La seconde"))
    ErrorReport.objects.filter(pk=second.pk).update(made_at=timezone.now() - timedelta(days=3))
    client.force_login(person(Role.OFFICER))
    shown = client.get("/annuaire/signalements/").content.decode()
    assert shown.index("La seconde") < shown.index("La première")
    assert client.post(f"/annuaire/signalements/{first.pk}/", {"state": "mended"}).status_code == 302
    assert "La première" not in client.get("/annuaire/signalements/").content.decode()
    assert "La première" in client.get("/annuaire/signalements/?etat=clos&page=zzz").content.decode()


@pytest.mark.parametrize("several", [1, 3])
def test_the_queue_costs_the_same_whatever_waits(
    client: Client, person: Any, django_assert_num_queries: Any, several: int
) -> None:
    for number in range(several):
        reported(make(f"Structure {number}"))
    client.force_login(person(Role.OFFICER))
    with django_assert_num_queries(8):
        client.get("/annuaire/signalements/")


def test_the_queue_is_the_team_s(client: Client, person: Any) -> None:
    made = reported()
    client.force_login(person(Role.BUYER))
    for url in ("/annuaire/signalements/", f"/annuaire/signalements/{made.pk}/"):
        assert client.get(url).status_code == 403
    buyer = reader_with(Role.BUYER)
    with pytest.raises(Forbidden):
        close_report(ACTOR, buyer, made, state=ReportState.MENDED, answer="", url="")


def test_a_closed_report_is_answered_by_mail(client: Client, person: Any) -> None:
    made = reported(email="voisin@exemple.fr")
    client.force_login(person(Role.OFFICER))
    url = f"/annuaire/signalements/{made.pk}/"
    refused = client.post(url, {"state": "refused", "answer": " "})
    assert refused.status_code == 422 and "Dites pourquoi rien ne change" in refused.content.decode()
    assert client.post(url, {"state": "refused", "answer": "Elle a rouvert."}).status_code == 302
    run_waiting()
    (letter,) = mail.outbox
    assert letter.to == ["voisin@exemple.fr"] and "Elle a rouvert." in letter.body
    assert Fact.objects.filter(kind="directory.report.closed").count() == 1
    assert "Elle a rouvert." in client.get(url).content.decode()


def test_nobody_is_written_to_who_left_no_address() -> None:
    officer = reader_with(Role.OFFICER)
    close_report(Actor.of(officer), officer, reported(), state=ReportState.MENDED, answer="", url="")
    assert run_waiting() == 0
    assert mail.outbox == []


def test_two_people_closing_the_same_report_are_a_conflict_said_kindly(client: Client, person: Any) -> None:
    made, officer = reported(), reader_with(Role.OFFICER)
    client.force_login(person(Role.OFFICER))
    close_report(Actor.of(officer), officer, made, state=ReportState.MENDED, answer="C’est fait.", url="")
    late = client.post(f"/annuaire/signalements/{made.pk}/", {"state": "refused", "answer": "Non."})
    shown = late.content.decode()
    assert late.status_code == 409 and "Une autre personne" in shown and "C’est fait." in shown
    with pytest.raises(Conflict):
        close_report(Actor.of(officer), officer, made, state=ReportState.REFUSED, answer="Non.", url="")
    made.refresh_from_db()
    assert (made.state, made.answer) == ("mended", "C’est fait.")


def test_addresses_are_forgotten_ninety_days_after_the_answer_and_all_within_a_year() -> None:
    officer, (old, recent, waits) = reader_with(Role.OFFICER), [reported(make(), email="v@exemple.fr") for _ in "abc"]
    ErrorReport.objects.update(words="C’est fermé.")
    for one in (old, recent):
        close_report(Actor.of(officer), officer, one, state=ReportState.MENDED, answer="", url="")
    ErrorReport.objects.filter(pk=old.pk).update(closed_at=timezone.now() - timedelta(days=91))
    assert [forget_told(ACTOR, now=timezone.now()) for _ in "ab"] == [(1, 0), (0, 0)]
    kept = dict(ErrorReport.objects.order_by("pk").values_list("pk", "email"))
    assert (kept[old.pk], kept[recent.pk], kept[waits.pk]) == ("", "v@exemple.fr", "v@exemple.fr")
    assert forget_told(ACTOR, now=timezone.now() + timedelta(days=366)) == (2, 2)
    assert list(ErrorReport.objects.exclude(words="").values_list("pk", flat=True)) == [waits.pk]


def test_what_waits_is_on_the_team_s_home_page() -> None:
    reported()
    reported(make())
    (item,) = [one for one in work_waiting(reader_with(Role.OFFICER)) if "signal" in one.sentence]
    assert (item.count, item.url) == (2, "/a-traiter/?quoi=directory.report")
    assert work_waiting(reader_with(Role.BUYER)) == []
