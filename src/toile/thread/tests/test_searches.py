"""Kept searches: one row for one question, one’s own only, opened, renamed, stopped by who holds the secret link."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from toile.kernel.errors import Forbidden
from toile.kernel.lists import lists
from toile.kernel.lists.beside import Beside, beside
from toile.kernel.lists.beside import declared as beside_lists
from toile.kernel.readers import VISITOR, Reader
from toile.thread import queries, services
from toile.thread.home import keeping
from toile.thread.models import Cadence, Fact, SavedSearch
from toile.thread.searches import TooLong, normalised
from toile.thread.services import MOST_KEPT, TooManySearches

from .trials import Shelf, shelved

pytestmark = pytest.mark.django_db
MINE = "/fil/recherches/"
SOMEBODY = Reader(uuid.uuid4(), "A")
OTHER = Reader(uuid.uuid4(), "B")


@pytest.fixture(autouse=True)
def shelf() -> Iterator[Shelf]:
    yield from shelved()


@pytest.fixture
def person() -> Any:
    return get_user_model().objects.create_user("camille@exemple.test", display_name="Camille")


@pytest.fixture
def signed_in(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def kept(reader: Reader = SOMEBODY, query: str = "q=fil", name: str = "Fil", **how: Any) -> SavedSearch:
    return services.keep(reader, "things", query, name, **how)[0]


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# --- One question, one row -------------------------------------------------------------------------------------------


def test_two_addresses_that_ask_the_same_are_one_search():
    page = lists["things"]
    one = normalised(page, QueryDict("couleur=rouge&q=fil&page=4&vue=tableau&couleur=bleu&inconnu=1&ou="))
    other = normalised(page, QueryDict("q=fil&couleur=bleu&couleur=rouge&couleur=bleu"))
    assert one == other == "q=fil&couleur=bleu&couleur=rouge"


def test_a_question_too_long_to_be_kept_is_refused_in_words():
    many = "&".join(f"couleur={'x' * 55}{number}" for number in range(60))
    with pytest.raises(TooLong, match="trop de filtres"):
        normalised(lists["things"], QueryDict(many))


def test_a_search_kept_twice_is_one_row_that_keeps_its_name_and_takes_the_rhythm():
    first, is_new = services.keep(SOMEBODY, "things", "q=fil", "Fil")
    assert is_new
    again, is_new = services.keep(SOMEBODY, "things", "q=fil", "Autre", Cadence.WEEKLY)
    assert (again.pk, again.name, again.cadence, is_new) == (first.pk, "Fil", Cadence.WEEKLY, False)
    assert SavedSearch.objects.count() == 1
    assert kept(OTHER).pk != first.pk
    assert not Fact.objects.exists(), "what somebody looks for is nobody else's business"


def test_fifty_searches_are_kept_and_not_one_more():
    SavedSearch.objects.bulk_create(
        SavedSearch(person=SOMEBODY.person, list="things", query=f"q={number}", name="n") for number in range(MOST_KEPT)
    )
    with pytest.raises(TooManySearches, match="50 recherches"):
        kept()
    assert kept(query="q=3").query == "q=3", "one of the fifty is found again"
    assert kept(OTHER)


def test_a_visitor_keeps_nothing():
    with pytest.raises(Forbidden):
        kept(VISITOR)


def test_messages_that_begin_tell_what_happens_from_now_on():
    search = kept()
    long_ago = timezone.now() - timezone.timedelta(days=90)
    SavedSearch.objects.update(told_until=long_ago)
    search.refresh_from_db()
    services.change_search(SOMEBODY, search, "Fil", Cadence.DAILY)
    begun = search.told_until
    assert begun > long_ago
    services.change_search(SOMEBODY, search, "Fil", Cadence.WEEKLY)
    assert search.told_until == begun


def test_a_search_belongs_to_one_person():
    search = kept()
    assert list(queries.kept_searches(OTHER)) == list(queries.kept_searches(VISITOR)) == []
    for change in (lambda: services.forget(OTHER, search), lambda: services.change_search(OTHER, search, "x", "daily")):
        with pytest.raises(Forbidden):
            change()


# --- « Mes recherches » ----------------------------------------------------------------------------------------------


def test_a_search_is_kept_from_a_list_then_shown_with_what_it_finds_now(signed_in: Client, shelf: Shelf):
    shelf.put("fil bleu", colour="bleu")
    shelf.put("fil rouge")
    posted = {"list": "things", "query": "q=fil&couleur=bleu&page=2", "name": "", "cadence": "weekly"}
    page = signed_in.post(MINE, posted, follow=True)
    assert page.redirect_chain == [(MINE, 302)]
    assert said(page) == ["La recherche «\xa0fil, Bleu\xa0» est gardée."]
    html = page.content.decode()
    assert "1 sur 2" in html
    for suffix in ("/", ".xlsx", ".atom"):
        assert f'href="/fil{suffix}?q=fil&amp;couleur=bleu"' in html
    assert '<option value="weekly" selected>' in html
    again = signed_in.post(MINE, posted, follow=True)
    assert "Vous gardez déjà cette recherche" in said(again)[0]
    assert SavedSearch.objects.get().cadence == "weekly"


@pytest.mark.parametrize("searches", [1, 3])
def test_the_page_costs_as_many_statements_for_three_searches_as_for_one(
    signed_in: Client, person: Any, searches: int, django_assert_num_queries: Any
):
    for number in range(searches):
        kept(Reader(person.pk), f"q={number}", cadence=Cadence.DAILY)
    # Session, person, what two rooms know of them, the territory's name; count, rows, the address to write to.
    with django_assert_num_queries(8):
        signed_in.get(MINE)


def test_the_first_page_says_where_searches_come_from(signed_in: Client):
    assert "Aucune recherche gardée" in signed_in.get(MINE).content.decode()


def test_who_has_no_proved_address_is_told_that_no_message_comes(signed_in: Client, person: Any):
    kept(Reader(person.pk))
    assert "n’est pas encore confirmée" not in signed_in.get(MINE).content.decode()
    kept(Reader(person.pk), cadence=Cadence.DAILY)
    assert "n’est pas encore confirmée" in signed_in.get(MINE).content.decode()


def test_a_search_whose_list_is_gone_is_still_shown_and_deleted(signed_in: Client, person: Any):
    search = SavedSearch.objects.create(person=person.pk, list="partie", query="q=1", name="D’avant")
    html = signed_in.get(MINE).content.decode()
    assert "D’avant" in html
    assert "n’existe plus" in html
    signed_in.post(reverse("thread:search_forget", args=[search.pk]))
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"list": "inconnue", "query": "", "cadence": "never"},
        {"list": "things", "query": "q=1", "cadence": "chaque heure"},
        {"list": "things", "query": "q=1", "cadence": "never", "name": "n" * 121},
        {"list": "things", "query": "&".join(f"couleur={'é' * 50}{n}" for n in range(60)), "cadence": "never"},
    ],
)
def test_what_cannot_be_kept_is_said_on_the_page(signed_in: Client, posted: dict[str, str]):
    page = signed_in.post(MINE, posted, follow=True)
    assert page.status_code == 200
    assert said(page)
    assert not SavedSearch.objects.exists()


def test_a_search_is_renamed_on_one_line_and_an_empty_name_is_refused(signed_in: Client, person: Any):
    search = kept(Reader(person.pk))
    address = reverse("thread:search", args=[search.pk])
    assert signed_in.post(address, {"name": " ", "cadence": "daily"}).status_code == 422
    signed_in.post(address, {"name": "Lieu\xa0:\r\nBcc: fils", "cadence": "daily"})
    search.refresh_from_db()
    assert (search.name, search.cadence) == ("Lieu\xa0: Bcc: fils", "daily"), "one line, its no-break space kept"


def test_the_searches_of_others_do_not_exist(signed_in: Client):
    search = kept(OTHER)
    for name in ("search", "search_forget"):
        address = reverse(f"thread:{name}", args=[search.pk])
        assert signed_in.get(address).status_code == signed_in.post(address).status_code == 404
    assert SavedSearch.objects.filter(pk=search.pk).exists()


def test_deleting_asks_first(signed_in: Client, person: Any):
    search = kept(Reader(person.pk))
    address = reverse("thread:search_forget", args=[search.pk])
    assert "Vous ne recevrez plus" in signed_in.get(address).content.decode()
    assert SavedSearch.objects.exists()
    assert "est supprimée" in said(signed_in.post(address, follow=True))[0]
    assert not SavedSearch.objects.exists()


# --- Beside a list ---------------------------------------------------------------------------------------------------


def asked_of(reader: Reader, address: str) -> Any:
    request = RequestFactory().get(address)
    request.reader = reader
    return request


def test_a_visitor_is_offered_to_sign_in_and_a_feed_without_account():
    filled = keeping(asked_of(VISITOR, "/fil/?q=fil&page=3"), lists["things"], "«\xa0fil\xa0»")
    assert filled == {
        "list": "",
        "feed": "/fil.atom?q=fil",
        "login": "/compte/login/?next=%2Ffil%2F%3Fq%3Dfil%26page%3D3",
    }


def test_who_is_signed_in_is_offered_to_keep_the_search_under_its_own_words():
    filled = keeping(asked_of(SOMEBODY, "/fil/?couleur=bleu&q=fil"), lists["things"], "fil, Bleu")
    assert filled is not None
    assert (filled["list"], filled["query"], filled["name"]) == ("things", "q=fil&couleur=bleu", "fil, Bleu")


def test_blocks_stand_beside_lists_in_their_order_and_may_stay_away(monkeypatch: pytest.MonkeyPatch):
    blocks = [
        Beside("b.html", lambda request, page, words: {"page": page.code, "words": words}, 20),
        Beside("never.html", lambda request, page, words: None, 15),
        Beside("a.html", lambda request, page, words: {}, 10),
    ]
    monkeypatch.setattr("toile.kernel.lists.beside.declared", blocks)
    shown = beside(asked_of(VISITOR, "/fil/"), lists["things"], "fil")
    assert [block["template"] for block in shown] == ["a.html", "b.html"]
    assert shown[1]["filled"] == {"page": "things", "words": "fil"}
    assert [block.template for block in beside_lists].count("thread/search_keep.html") == 1


# --- The secret link -------------------------------------------------------------------------------------------------


def test_the_link_of_a_message_stops_it_in_one_click_without_signing_in(client: Client):
    search = kept(cadence=Cadence.WEEKLY)
    address = reverse("thread:search_stop", args=[search.stop])
    assert "Arrêter les messages" in client.get(address).content.decode()
    search.refresh_from_db()
    assert search.cadence == Cadence.WEEKLY, "a scanner that follows links stops nothing"
    for _time in range(2):
        assert "sont arrêtés" in client.post(address).content.decode()
        search.refresh_from_db()
        assert (search.cadence, search.name) == (Cadence.NEVER, "Fil")
    assert "sont arrêtés" in client.get(address).content.decode()


def test_a_mail_client_posts_by_itself_without_cookie():
    search = kept(cadence=Cadence.DAILY)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("thread:search_stop", args=[search.stop]), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    search.refresh_from_db()
    assert search.cadence == Cadence.NEVER
    assert strict.post(MINE, {"list": "things"}).status_code == 403, "nothing else is open without the cookie"


def test_the_link_of_a_deleted_search_says_that_nothing_is_left_to_do(client: Client):
    answer = client.get(reverse("thread:search_stop", args=[uuid.uuid4()]))
    assert answer.status_code == 404
    assert "n’envoie aucun message" in answer.content.decode()
