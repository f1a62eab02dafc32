"""Opening an account, and changing the address or the password of one."""

from __future__ import annotations

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from toile.accounts import services
from toile.accounts.models import Person
from toile.accounts.tests.conftest import ALLAUTH_LEAVES_UNDEFINED, PASSWORD, SYSTEM, code_in_letter, letter, signed_in
from toile.thread.models import Fact, FactAbout

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]
SIGN_UP = "/compte/signup/"
VERIFY = "/compte/confirm-email/"
NEWCOMER = {"email": "Vesce@Example.org", "display_name": "Vesce", "password1": PASSWORD}


def test_an_account_opens_once_its_address_is_proved(client):
    assert client.post(SIGN_UP, NEWCOMER).url.startswith(VERIFY)
    assert not signed_in(client)
    client.post(VERIFY, {"code": code_in_letter()})
    assert signed_in(client)
    person = Person.objects.get()
    assert (person.email, person.display_name) == ("vesce@example.org", "Vesce")
    fact = Fact.objects.get(kind="accounts.person.signed_up")
    assert (fact.visibility, fact.data) == ("own", {})
    assert FactAbout.objects.get(fact=fact).subject == person.pk


def test_an_account_needs_no_password(client):
    client.post(SIGN_UP, NEWCOMER | {"password1": ""})
    client.post(VERIFY, {"code": code_in_letter()})
    assert signed_in(client)
    assert not Person.objects.get().has_usable_password()


def test_thirteen_characters_are_too_few_and_nothing_typed_is_lost(client):
    response = client.post(SIGN_UP, NEWCOMER | {"password1": "ortie-cardon1"})
    page = response.content.decode()
    assert "14 caractères" in page
    assert 'value="Vesce"' in page
    assert not Person.objects.exists()


def test_passwords_are_kept_under_argon2(settings):
    settings.PASSWORD_HASHERS = import_module("toile.config.settings").PASSWORD_HASHERS
    person = services.open_account(SYSTEM, "vesce@example.org", "Vesce", PASSWORD)
    assert person.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("guessable", ["123456789987654321", "Vesce@Example.org", "vesce@example.or"])
def test_a_password_easily_guessed_is_refused(client, guessable):
    assert client.post(SIGN_UP, NEWCOMER | {"password1": guessable}).status_code == 200
    assert not Person.objects.exists()


def test_an_address_already_known_is_not_told_but_its_owner_is_written_to(client, person):
    stranger = type(client)()
    known = client.post(SIGN_UP, NEWCOMER | {"email": person.email})
    unknown = stranger.post(SIGN_UP, NEWCOMER)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(VERIFY).status_code == stranger.get(VERIFY).status_code == 200
    assert Person.objects.filter(email=person.email).count() == 1
    assert mail.outbox[0].to == [person.email]
    assert "existe déjà" in mail.outbox[0].subject


def test_a_new_address_counts_once_its_code_is_typed_and_the_old_one_is_warned(client, person):
    client.force_login(person)
    reauthenticate(client)
    client.post("/compte/email/", {"action_add": "", "email": "ortie@exemple.test"})
    person.refresh_from_db()
    assert person.email == "ortie@example.org"
    client.post(VERIFY, {"code": code_in_letter()})
    person.refresh_from_db()
    assert person.email == "ortie@exemple.test"
    assert EmailAddress.objects.get(user=person).email == "ortie@exemple.test"
    assert any(m.to == ["ortie@example.org"] for m in mail.outbox)


def reauthenticate(client):
    client.post("/compte/reauthenticate/", {"password": PASSWORD})


def test_taking_anothers_address_tells_nothing_and_changes_nothing(client, person, other):
    client.force_login(person)
    reauthenticate(client)
    response = client.post("/compte/email/", {"action_add": "", "email": other.email})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.email == "ortie@example.org"
    assert not EmailAddress.objects.filter(user=person, email=other.email).exists()


def test_a_forgotten_password_is_replaced_with_a_code(client, person):
    client.post("/compte/password/reset/", {"email": person.email})
    client.post(reverse("account_confirm_password_reset_code"), {"code": code_in_letter()})
    new = "sureau-noir-cornouiller"
    client.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)


def test_asking_for_a_reset_tells_nothing_of_an_unknown_address(client, person):
    stranger = type(client)()
    known = client.post("/compte/password/reset/", {"email": person.email})
    unknown = stranger.post("/compte/password/reset/", {"email": "inconnue@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert client.get(known.url).status_code == stranger.get(unknown.url).status_code == 200


def test_changing_the_password_asks_for_the_old_one_and_closes_the_other_sessions(client, person):
    elsewhere = type(client)()
    elsewhere.force_login(person)
    client.force_login(person)
    reauthenticate(client)
    new = "sureau-noir-cornouiller"
    client.post("/compte/password/change/", {"oldpassword": "faux", "password1": new, "password2": new})
    assert signed_in(elsewhere)
    client.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert signed_in(client)
    assert not signed_in(elsewhere)


def test_letters_are_in_french_and_carry_no_password(client):
    client.post(SIGN_UP, NEWCOMER)
    assert "Bonjour" in letter()
    assert PASSWORD not in letter()
    assert mail.outbox[0].subject.startswith("[Toile] ")
