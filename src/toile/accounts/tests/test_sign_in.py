"""Signing in by code and by password: what is asked, how often, and what is never told."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse

from toile.accounts.tests.conftest import ALLAUTH_LEAVES_UNDEFINED, PASSWORD, code_in_letter, letter, signed_in
from toile.thread.models import Fact

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]
ASK_NAME = "account_request_login_code"
ASK = "/compte/login/code/"
CONFIRM = "/compte/login/code/confirm/"


def ask(client, email="ortie@example.org"):
    return client.post(ASK, {"email": email})


def test_a_code_received_by_mail_signs_in_and_is_noted_without_address_or_machine(client, person):
    assert ask(client).url == CONFIRM
    response = client.post(CONFIRM, {"code": code_in_letter()})
    assert response.url == reverse("home")
    assert signed_in(client)
    fact = Fact.objects.get(kind="accounts.person.signed_in")
    assert (fact.data, fact.visibility, fact.actor) == ({"way": "code", "second_factor": False}, "audit", person.pk)


def test_the_code_has_eight_digits_and_may_be_typed_without_its_dash(client, person):
    ask(client)
    code = code_in_letter()
    assert re.fullmatch(r"\d{4}-\d{4}", code)
    client.post(CONFIRM, {"code": code.replace("-", "")})
    assert signed_in(client)


def test_a_code_serves_once(client, person):
    ask(client)
    code = code_in_letter()
    client.post(CONFIRM, {"code": code})
    client.post(reverse("account_logout"))
    assert client.post(CONFIRM, {"code": code}).status_code == 302
    assert not signed_in(client)


def test_a_code_is_worth_nothing_in_another_browser(client, person):
    ask(client)
    code = code_in_letter()
    stranger = type(client)()
    ask(stranger)
    stranger.post(CONFIRM, {"code": code})
    assert not signed_in(stranger)


def test_the_fifth_wrong_code_ends_the_attempt(client, person):
    ask(client)
    code = code_in_letter()
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for _ in range(4):
        assert client.post(CONFIRM, {"code": wrong}).status_code == 200
    assert client.post(CONFIRM, {"code": wrong}).status_code == 302
    client.post(CONFIRM, {"code": code})
    assert not signed_in(client)


def test_a_code_lives_ten_minutes(client, person, monkeypatch):
    import time

    ask(client)
    code, now = code_in_letter(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    client.post(CONFIRM, {"code": code})
    monkeypatch.undo()
    assert not signed_in(client)


def test_nearly_ten_minutes_later_the_code_still_serves(client, person, monkeypatch):
    import time

    ask(client)
    code, now = code_in_letter(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 595)
    assert client.post(CONFIRM, {"code": code}).url == reverse("home")


def without_tokens(response, email):
    page = response.content.decode().replace(email, "…")
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+|erreurs-[0-9a-f]{8}', "", page)


def test_an_unknown_address_gets_the_same_answers_as_a_known_one(client, person):
    stranger = type(client)()
    known, unknown = ask(client), ask(stranger, "inconnue@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    pages = [without_tokens(c.get(CONFIRM), e) for c, e in ((client, person.email), (stranger, "inconnue@example.org"))]
    assert pages[0] == pages[1]
    wrong = [
        without_tokens(c.post(CONFIRM, {"code": "12"}), e)
        for c, e in ((client, person.email), (stranger, "inconnue@example.org"))
    ]
    assert wrong[0] == wrong[1]
    assert [m.to for m in mail.outbox] == [["ortie@example.org"], ["inconnue@example.org"]]
    assert not re.search(r"\d{4}-\d{4}", letter())


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person):
    known = client.post("/compte/login/", {"login": person.email, "password": "mauvais mot de passe"})
    unknown = type(client)().post(
        "/compte/login/", {"login": "inconnue@example.org", "password": "mauvais mot de passe"}
    )
    assert known.status_code == unknown.status_code == 200
    assert without_tokens(known, person.email) == without_tokens(unknown, "inconnue@example.org")


def test_a_password_signs_in_whatever_the_case_of_the_address(client, person):
    response = client.post("/compte/login/", {"login": "Ortie@Example.ORG", "password": PASSWORD})
    assert response.url == reverse("home")
    assert Fact.objects.get(kind="accounts.person.signed_in").data["way"] == "password"


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, person):
    for _ in range(5):
        client.post("/compte/login/", {"login": person.email, "password": "mauvais mot de passe"})
    client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    assert not signed_in(client)


def test_a_fourth_code_asked_within_a_minute_is_refused(client, person):
    browsers = [type(client)() for _ in range(4)]
    answers = [ask(browser) for browser in browsers]
    assert [a.status_code for a in answers[:3]] == [302, 302, 302]
    assert len(mail.outbox) == 3
    assert answers[3].status_code in (200, 429)


def test_a_closed_account_no_longer_signs_in(client, person):
    person.is_active = False
    person.save()
    response = client.post("/compte/login/", {"login": person.email, "password": PASSWORD})
    assert response.status_code in (200, 302)
    assert not signed_in(client)


def test_the_page_asked_for_is_found_again_after_signing_in(client, person):
    first = client.get("/compte/nom/")
    assert first.url == "/compte/login/?next=/compte/nom/"
    assert client.post(first.url, {"login": person.email, "password": PASSWORD}).url == "/compte/nom/"


def test_another_site_is_never_the_next_page(client, person):
    response = client.post(
        "/compte/login/?next=https://exemple.invalid/", {"login": person.email, "password": PASSWORD}
    )
    assert response.url == reverse("home")


def test_the_pages_of_entering_are_in_french(client, db):
    pages = [client.get(reverse(name)).content.decode() for name in ("account_login", "account_signup", ASK_NAME)]
    for page in pages:
        assert not re.search(r"\b(Sign|your|password|the|please)\b", re.sub(r"<[^>]+>", " ", page), re.IGNORECASE)


def test_the_pages_of_entering_use_our_words(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert "Recevoir un code par courriel" in page
    assert "Pas encore de compte\u202f?" in page
