"""Signing in with ProConnect, and everything that must make it fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.urls import reverse

from toile.accounts import checks, services
from toile.accounts.models import Person
from toile.accounts.tests.conftest import (
    ALLAUTH_LEAVES_UNDEFINED,
    SYSTEM,
    app_code,
    code_in_letter,
    signed_in,
    with_second_factor,
)
from toile.accounts.tests.fake_provider import FakeProvider
from toile.thread.models import Fact

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED, pytest.mark.slow]
LEAVE = "/compte/oidc/proconnect/login/"


def configured(settings, provider, **changes):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "provider_class": "toile.accounts.proconnect.ProConnectProvider",
            "APPS": [provider.app(**changes)],
        }
    }


@pytest.fixture
def provider(settings) -> Iterator[FakeProvider]:
    fake = FakeProvider()
    configured(settings, fake)
    yield fake
    fake.close()


def follow(address):
    """The provider's answer to the browser: where it sends it."""
    return requests.get(address, allow_redirects=False, timeout=5).headers["Location"]


def enter(client, leave=LEAVE):
    """Leave for the provider and come back; the answer to the coming back."""
    back = urlsplit(follow(client.post(leave).url))
    return client.get(f"{back.path}?{back.query}")


def newcomer(client):
    """Sign in for the first time, proving the address that the provider gave."""
    response = enter(client)
    assert response.url.startswith("/compte/confirm-email/")
    client.post("/compte/confirm-email/", {"code": code_in_letter()})


def test_a_person_enters_once_their_address_is_proved_and_little_of_them_is_kept(client, provider):
    newcomer(client)
    assert signed_in(client)
    person = Person.objects.get()
    assert (person.email, person.display_name) == ("agente@example.org", "Angélique Cornouiller")
    account = SocialAccount.objects.get()
    assert (account.uid, set(account.extra_data)) == ("sujet-1", {"email"})
    assert {fact.kind: fact.data for fact in Fact.objects.all()} == {
        "accounts.person.signed_up": {},
        "accounts.person.signed_in": {"way": "outside", "second_factor": False},
    }


def test_what_is_sent_names_the_level_the_nonce_and_a_challenge(client, provider):
    enter(client)
    asked = provider.asked
    assert asked["acr_values"] == "eidas1"
    assert set(asked["scope"].split()) == {"openid", "given_name", "usual_name", "email"}
    assert len(asked["nonce"]) >= 32
    assert len(asked["state"]) >= 16
    assert asked["code_challenge_method"] == "S256"


def test_the_address_of_the_page_cannot_weaken_what_is_asked(client, provider):
    enter(client, f"{LEAVE}?auth_params=acr_values%3Deidas0&scope=phone")
    assert provider.asked["acr_values"] == "eidas1"
    assert "phone" not in provider.asked["scope"]


def test_each_departure_has_its_own_nonce_and_state(client, provider):
    enter(client)
    first = provider.asked
    enter(type(client)())
    assert first["nonce"] != provider.asked["nonce"]
    assert first["state"] != provider.asked["state"]


def test_the_second_time_one_enters_at_once_as_the_same_person(client, provider):
    newcomer(client)
    again = type(client)()
    assert enter(again).url == reverse("home")
    assert signed_in(again)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        "state",
        "nonce",
        "no_nonce",
        "signature",
        "signature_none",
        "signature_hmac",
        "kid",
        "no_keys",
        "acr",
        "expired",
        "issuer",
        "audience",
        "no_id_token",
        "userinfo_signature",
        "userinfo_signature_none",
        "userinfo_signature_hmac",
        "userinfo_plain",
        "userinfo_other",
        "userinfo_audience",
        "discovery_issuer",
        "discovery_incomplete",
        "down",
        "nonsense",
    ],
)
def test_one_thing_wrong_and_nobody_enters(client, provider, fault, caplog):
    departure = client.post(LEAVE).url
    provider.fault = fault
    back = urlsplit(follow(departure) if fault not in ("down", "nonsense") else "http://testserver" + LEAVE)
    address = f"{back.path}?{back.query}"
    if fault in ("down", "nonsense"):
        state = parse_qs(urlsplit(departure).query)["state"][0]
        address = f"{LEAVE}callback/?code=abc&state={state}"
    with caplog.at_level(logging.WARNING, "toile.accounts"):
        response = client.get(address)
    assert response.status_code == 401
    assert not signed_in(client)
    assert not Person.objects.exists()
    assert "identity provider proconnect refused" in caplog.text


@pytest.mark.parametrize("fault", ["down", "nonsense", "discovery_issuer", "discovery_incomplete"])
def test_a_provider_that_does_not_answer_gives_a_page_not_a_crash(client, provider, fault):
    provider.fault = fault
    assert client.post(LEAVE).status_code == 401


def test_a_provider_that_keeps_us_waiting_is_given_up(client, provider, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    provider.fault = "slow"
    started = time.monotonic()
    assert client.post(LEAVE).status_code == 401
    assert time.monotonic() - started < 1.4


def test_giving_up_at_the_provider_comes_back_to_a_page_that_says_so(client, provider):
    provider.fault = "cancelled"
    assert enter(client).url == reverse("socialaccount_login_cancelled")
    assert client.get(reverse("socialaccount_login_cancelled")).status_code == 200


def test_coming_back_twice_with_the_same_address_enters_once(client, provider):
    back = urlsplit(follow(client.post(LEAVE).url))
    client.get(f"{back.path}?{back.query}")
    assert client.get(f"{back.path}?{back.query}").status_code == 401


def test_coming_back_in_another_browser_enters_nobody(client, provider):
    back = urlsplit(follow(client.post(LEAVE).url))
    stranger = type(client)()
    assert stranger.get(f"{back.path}?{back.query}").status_code == 401
    assert not signed_in(stranger)


def test_an_address_the_provider_did_not_verify_never_opens_somebody_elses_account(client, provider):
    owner = services.open_account(SYSTEM, "agente@example.org", "La vraie")
    response = enter(client)
    assert response.url.startswith("/compte/confirm-email/")
    assert not signed_in(client)
    assert not SocialAccount.objects.filter(user=owner).exists()
    assert mail.outbox[-1].to == ["agente@example.org"]
    assert "existe déjà" in mail.outbox[-1].subject


def test_an_address_said_verified_does_not_either_unless_the_settings_trust_it(client, provider, settings):
    owner = services.open_account(SYSTEM, "agente@example.org", "La vraie")
    provider.person["email_verified"] = True
    enter(client)
    assert not signed_in(client)
    configured(settings, provider, email_authentication=True)
    trusted = type(client)()
    enter(trusted)
    assert signed_in(trusted)
    assert Fact.objects.filter(kind="accounts.person.signed_in", actor=owner.pk).exists()


@pytest.mark.parametrize("said", [False, "true", "false", 1, None])
def test_verified_means_true_and_nothing_else(client, provider, settings, said):
    configured(settings, provider, email_authentication=True)
    services.open_account(SYSTEM, "agente@example.org", "La vraie")
    provider.person["email_verified"] = said
    enter(client)
    assert not signed_in(client)


def test_an_account_still_to_be_verified_by_another_is_not_taken_over(client, provider):
    """Somebody opened an account with the agent's address and never proved it: the agent does not inherit from them."""
    squatter = Person.objects.create_user("agente@example.org", "ortie-cardon-bourrache-42", display_name="Squat")
    EmailAddress.objects.create(user=squatter, email="agente@example.org", primary=True, verified=False)
    enter(client)
    assert not signed_in(client)
    assert not SocialAccount.objects.filter(user=squatter).exists()


def test_a_signed_in_person_may_join_their_identity_to_their_account(client, provider, person):
    client.force_login(person)
    enter(client, f"{LEAVE}?process=connect")
    assert SocialAccount.objects.get().user == person
    assert client.get(reverse("socialaccount_connections")).status_code == 200


def test_the_second_factor_is_asked_of_those_who_come_from_outside_too(client, provider):
    newcomer(client)
    secret = with_second_factor(Person.objects.get())
    again = type(client)()
    assert enter(again).url == "/compte/second-facteur/authenticate/"
    assert not signed_in(again)
    again.post("/compte/second-facteur/authenticate/", {"code": app_code(secret)})
    assert signed_in(again)


def test_leaving_here_leaves_there_too_and_comes_back(client, provider):
    newcomer(client)
    away = client.post(reverse("account_logout")).url
    asked = {key: values[0] for key, values in parse_qs(urlsplit(away).query).items()}
    assert set(asked) == {"id_token_hint", "post_logout_redirect_uri", "state"}
    back = urlsplit(follow(away))
    assert provider.ended == [asked]
    assert not signed_in(client)
    response = client.get(f"{back.path}?{back.query}")
    assert response.url == reverse("home")
    assert "fournisseur" in str(list(response.wsgi_request._messages)[-1])


def test_a_return_from_logout_with_a_made_up_state_says_nothing(client, db):
    for state in ("", "out", "out:0:x", "\0"):
        response = client.get("/compte/deconnecte/", {"state": state})
        assert response.url == reverse("home")
        assert not list(response.wsgi_request._messages)


def test_leaving_after_a_second_factor_still_leaves_there(client, provider):
    newcomer(client)
    secret = with_second_factor(Person.objects.get())
    again = type(client)()
    enter(again)
    again.post("/compte/second-facteur/authenticate/", {"code": app_code(secret)})
    assert again.post(reverse("account_logout")).url.startswith(f"{provider.url}/session/end?")


def test_those_who_did_not_come_from_there_leave_from_here_only(client, provider, person):
    client.force_login(person)
    assert client.post(reverse("account_logout")).url == reverse("home")


def test_a_plain_userinfo_is_accepted_where_the_settings_say_so(client, provider, settings):
    configured(settings, provider, signed_userinfo=False)
    provider.fault = "userinfo_plain"
    newcomer(client)
    assert signed_in(client)


def test_without_a_provider_in_the_settings_its_pages_do_not_exist(client, db):
    assert client.post(LEAVE).status_code == 404
    assert client.get(f"{LEAVE}callback/").status_code == 404
    assert "ProConnect" not in client.get("/compte/login/").content.decode()


def test_the_sign_in_page_offers_the_provider(client, provider):
    assert "ProConnect" in client.get("/compte/login/").content.decode()


def test_a_half_described_or_unprotected_provider_stops_the_start(settings, provider):
    assert checks.identity_provider() == []
    app = provider.app(server_url="http://fournisseur.example.org")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app | {"secret": ""}]}}
    assert [error.id for error in checks.identity_provider()] == ["accounts.E001", "accounts.E002"]
