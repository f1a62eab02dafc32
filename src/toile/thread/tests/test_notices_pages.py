"""« Avis » and « Abonnements »: one’s own notices, read one by one or together; following, and how one is told."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from toile.kernel.jobs import follow as follow_all
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import VISITOR
from toile.kernel.retention import retentions
from toile.thread import names, subscribing
from toile.thread.follow_block import follow_block
from toile.thread.home import unread
from toile.thread.models import Cursor, Fact, Notice, Preference, SavedSearch, Subscription
from toile.thread.names import Named
from toile.thread.subscribing import MOST_FOLLOWED, follow_subject

from .happenings import OTHER, SYSTEM, THING, catch_up, follower_of, happen, person, reader

pytestmark = pytest.mark.django_db
MINE, TELLING = "/fil/avis/", "/fil/abonnements/"
SECRET = uuid.uuid4()


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {THING: Named("L’atelier", "/annuaire/atelier/", is_fictional=True), OTHER: Named("Firminy")}
    monkeypatch.setattr(names, "_namers", [lambda who, asked: {pk: shown[pk] for pk in asked if pk in shown}])


@pytest.fixture
def camille() -> Any:
    return follower_of()


@pytest.fixture
def signed_in(client: Client, camille: Any) -> Client:
    client.force_login(camille)
    return client


def words(answer: Any) -> str:
    return str(answer.content.decode())


def chosen(**changed: str) -> dict[str, str]:
    """What the form of one's choices sends."""
    topics = {f"topic-{code}": "weekly" for code in ("news", "figures", "path", "followed", "mine", "account")}
    return {**topics, "quiet_from": "22:00", "quiet_until": "07:00"} | changed


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_what_happens_to_what_one_follows_is_there_with_its_link_unread_first(signed_in: Client, camille: Any):
    happen(times=2)
    catch_up()
    first, second = Notice.objects.order_by("pk")
    page = words(signed_in.get(MINE))
    assert "2 avis à lire." in page
    assert page.count('<a href="/annuaire/atelier/">L’atelier</a> se montre') == 2
    assert "fictif" in page
    signed_in.post("/fil/avis/lus/", {"notice": second.pk})
    assert [row.notice for row in signed_in.get(MINE).context["rows"]] == [first, second]
    assert [item.count for item in unread(reader(camille))] == [1]
    signed_in.post("/fil/avis/lus/")
    assert "Tout est lu." in words(signed_in.get(MINE))
    assert unread(reader(camille)) == []


def test_nobody_reads_nor_marks_the_notices_of_another(client: Client, camille: Any):
    happen()
    catch_up()
    client.force_login(person("dominique"))
    assert "Aucun avis" in words(client.get(MINE))
    client.post("/fil/avis/lus/", {"notice": Notice.objects.get().pk})
    client.post("/fil/avis/lus/")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("number", [1, 25])
def test_the_page_takes_a_known_number_of_statements(signed_in: Client, number: int, django_assert_num_queries: Any):
    happen(times=number)
    catch_up()
    signed_in.get(MINE)
    # Session, person, two rooms for the reader; notices counted and read, unread ones counted; subjects; preference;
    # address; the territory's name.
    with django_assert_num_queries(11):
        signed_in.get(MINE)


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "9" * 40])
def test_any_page_number_is_answered(signed_in: Client, page: str):
    assert signed_in.get(MINE, {"page": page}).status_code == 200


@pytest.mark.parametrize("notice", ["0", "-3", "x", "9" * 40, str(2**63 - 1)])
def test_a_notice_that_is_none_marks_nothing(signed_in: Client, notice: str):
    happen()
    catch_up()
    assert signed_in.post("/fil/avis/lus/", {"notice": notice}).status_code == 302
    assert Notice.objects.get().read_at is None


# --- Following -------------------------------------------------------------------------------------------------------


def test_a_thing_is_followed_and_left_from_its_page(signed_in: Client, camille: Any):
    Subscription.objects.all().delete()
    answer = signed_in.post("/fil/suivre/", {"subject": THING, "next": "/annuaire/atelier/"})
    assert answer.url == "/annuaire/atelier/"
    signed_in.post("/fil/suivre/", {"subject": THING})
    assert Subscription.objects.filter(person=camille.pk, subject=THING).count() == 1, "twice does no more than once"
    page = words(signed_in.get(TELLING))
    assert '<a href="/annuaire/atelier/">L’atelier</a>' in page
    signed_in.post("/fil/suivre/", {"subject": THING, "stop": "1"})
    assert not Subscription.objects.filter(person=camille.pk).exists()
    assert Fact.objects.filter(actor=camille.pk).count() == 0, "what one follows is nobody else's business"


@pytest.mark.parametrize("subject", ["", "x", str(SECRET)], ids=["nothing", "no id", "a thing kept secret"])
def test_what_nobody_names_to_the_reader_cannot_be_followed(signed_in: Client, subject: str):
    assert signed_in.post("/fil/suivre/", {"subject": subject}).status_code == 404
    assert Subscription.objects.count() == 1


def test_the_way_back_never_leaves_the_site(signed_in: Client):
    answer = signed_in.post("/fil/suivre/", {"subject": OTHER, "next": "https://ailleurs.example/"})
    assert answer.url == TELLING


def test_one_follows_two_hundred_pages_at_most(camille: Any):
    Subscription.objects.bulk_create(Subscription(person=camille.pk, subject=uuid.uuid4()) for _ in range(199))
    with pytest.raises(subscribing.TooManyFollowed):
        follow_subject(reader(camille), OTHER)
    assert follow_subject(reader(camille), THING) == "L’atelier", "what is followed already still is"
    assert Subscription.objects.count() == MOST_FOLLOWED


def test_the_button_says_what_it_does_and_leads_a_visitor_to_sign_in(camille: Any, django_assert_num_queries: Any):
    request = RequestFactory().get("/annuaire/atelier/?vue=carte")
    request.reader = VISITOR
    with django_assert_num_queries(0):
        assert follow_block(request, THING) == {"login": "/compte/login/?next=%2Fannuaire%2Fatelier%2F%3Fvue%3Dcarte"}
    request.reader = reader(camille)
    with django_assert_num_queries(1):
        assert follow_block(request, OTHER, [THING])["followed"], "under another identity too"
    assert not follow_block(request, OTHER)["followed"]


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_rhythms_and_quiet_hours_are_kept_and_shown(signed_in: Client, camille: Any):
    answer = signed_in.post(TELLING, chosen(**{"topic-news": "at_once", "quiet_sundays": "on"}))
    assert answer.status_code == 302
    row = Preference.objects.get(person=camille.pk)
    assert row.rhythms == {
        "news": "at_once",
        "figures": "weekly",
        "path": "weekly",
        "followed": "weekly",
        "mine": "weekly",
        "account": "weekly",
    }
    assert (row.quiet.begins, row.quiet.ends, row.quiet.sundays) == (time(22), time(7), True)
    page = signed_in.get(TELLING)
    assert page.context["form"]["topic-news"].value() == "at_once"
    assert '<option value="22:00" selected>' in words(page)


@pytest.mark.parametrize("wrong", [{"topic-news": "parfois"}, {"quiet_from": "25:00"}, {"quiet_until": ""}])
def test_a_choice_that_is_none_is_shown_again_with_the_others(signed_in: Client, camille: Any, wrong: dict[str, str]):
    before = Preference.objects.get(person=camille.pk).rhythms
    answer = signed_in.post(TELLING, chosen(**wrong))
    assert answer.status_code == 422
    assert "Rien n’est perdu" in words(answer)
    assert Preference.objects.get(person=camille.pk).rhythms == before


def test_what_one_may_not_see_any_more_is_listed_without_its_name(signed_in: Client, camille: Any):
    Subscription.objects.create(person=camille.pk, subject=SECRET)
    page = words(signed_in.get(TELLING))
    assert "Une page qui n’est plus ouverte" in page


# --- Whose, and how long ---------------------------------------------------------------------------------------------


def test_all_of_it_goes_with_the_person_and_is_theirs_to_take(camille: Any):
    happen()
    catch_up()
    SavedSearch.objects.create(person=camille.pk, list="x", name="Fil")
    other = follower_of(name="dominique")
    mine = [holdings[f"thread.{code}"] for code in ("search", "subscription", "preference", "notice")]
    someone = Someone(camille.pk)
    assert [len(list(holding.export(someone))) for holding in mine] == [1, 1, 1, 1]
    for _time in range(2):
        for holding in mine:
            holding.erase(someone)
    assert [len(list(holding.export(someone))) for holding in mine] == [0, 0, 0, 0]
    assert Subscription.objects.filter(person=other.pk).count() == 1


def test_notices_last_twelve_months(camille: Any):
    happen(times=2)
    catch_up()
    old, fresh = Notice.objects.order_by("pk")
    Notice.objects.filter(pk=old.pk).update(made_at=fresh.made_at - timedelta(days=370))
    line = retentions["thread.notice"]
    assert line.due(fresh.made_at) == 1
    assert line.apply(SYSTEM, fresh.made_at) == 1
    assert list(Notice.objects.all()) == [fresh]


def test_the_worker_follows_between_two_works(camille: Any):
    happen()
    follow_all()
    assert Notice.objects.count() == 1
    assert Cursor.objects.filter(name="notices", fact=Fact.objects.order_by("pk").last().pk).exists()
