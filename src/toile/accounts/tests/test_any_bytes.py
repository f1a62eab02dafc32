"""Any bytes in any form, any address: a page that says no, never a crash."""

from __future__ import annotations

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from toile.accounts.tests.conftest import ALLAUTH_LEAVES_UNDEFINED, PASSWORD

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]

FIELDS = [
    "action", "action_add", "action_primary", "action_remove", "action_send", "account", "client", "code", "credential",
    "address", "answer", "cle",
    "csrfmiddlewaretoken", "display_name", "email", "id", "key", "login", "next", "oldpassword", "page", "password",
    "password1", "password2", "process", "q", "remember", "resend", "role", "state", "error", "trust", "uid",
]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(
        ["", "\0", "a\0b@example.org", "é" * 300, "ortie@example.org", "🧵", "\ud7ff", "-1", "999999999999999999999"]
    ),
    st.text(max_size=40),
)
FORM = st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=6)
RAW = st.binary(max_size=80)


def every_address(person) -> list[str]:
    """Each named address under /compte/, its parameters filled."""
    given_values = {
        "pk": person.pk,
        "role": "adviser",
        "provider_id": "proconnect",
        "code": "une.chose",
        "suffix": "json",
    }
    names = [str(name) for name in _names(get_resolver())]
    found = []
    for name, parameters in names_with_parameters(names):
        address = reverse(name, kwargs={key: given_values[key] for key in parameters})
        if address.startswith("/compte/"):
            found.append(address)
    return sorted(found)


def _names(resolver, prefix="") -> list[str]:
    found = []
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            found.append(prefix + name)
    for namespace, (_, inner) in resolver.namespace_dict.items():
        found += _names(inner, f"{prefix}{namespace}:")
    return found


def names_with_parameters(names):
    room = [name for name in names if name.startswith(("accounts:", "account_", "mfa_", "socialaccount_", "openid_"))]
    for name in room:
        namespace, _, last = name.rpartition(":")
        resolver = get_resolver()
        if namespace:
            resolver = resolver.namespace_dict[namespace][1]
        possibilities = resolver.reverse_dict.getlist(last)
        yield name, possibilities[0][0][0][1]


def visitor() -> Client:
    return Client()


def waiting_for_a_code() -> Client:
    client = Client()
    client.post("/compte/login/code/", {"email": "ortie@example.org"})
    return client


def waiting_for_a_verification() -> Client:
    client = Client()
    client.post("/compte/signup/", {"email": "nouvelle@example.org", "display_name": "N", "password1": ""})
    return client


def waiting_for_a_reset() -> Client:
    client = Client()
    client.post("/compte/password/reset/", {"email": "ortie@example.org"})
    return client


def waiting_for_the_app() -> Client:
    client = Client()
    client.post("/compte/login/", {"login": "administration@example.org", "password": PASSWORD})
    return client


def signed_in_as_administrator() -> Client:
    client = waiting_for_the_app()
    from toile.accounts.models import Person

    client.force_login(Person.objects.get(email="administration@example.org"))
    client.post("/compte/second-facteur/reauthenticate/", {"code": "x"})
    return client


STANDINGS = [
    visitor,
    waiting_for_a_code,
    waiting_for_a_verification,
    waiting_for_a_reset,
    waiting_for_the_app,
    signed_in_as_administrator,
]


@pytest.fixture
def no_throttling(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_REAUTHENTICATION_REQUIRED = False
    settings.MFA_REAUTHENTICATION_REQUIRED = False


def test_the_walk_sees_every_form_of_the_room(administrator):
    addresses = every_address(administrator)
    assert len(addresses) >= 30
    assert {"/compte/login/", "/compte/personnes/", "/compte/second-facteur/totp/activate/"} <= set(addresses)


@pytest.mark.slow
@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: standing.__name__)
def test_no_form_and_no_address_crashes(standing, administrator, person, no_throttling):
    addresses = every_address(person)

    @given(st.sampled_from(addresses), FORM, st.one_of(st.none(), RAW), st.booleans())
    def try_one(address, form, raw, posted):
        client = standing()
        if raw is not None:
            form_type = "application/x-www-form-urlencoded"
            name = FIELDS[len(raw) % len(FIELDS)]
            response = client.generic("POST", address, f"{name}=".encode() + quote_from_bytes(raw).encode(), form_type)
        elif posted:
            response = client.post(address, form)
        else:
            response = client.get(f"{address}?{urlencode(form, errors='replace')}")
        assert response.status_code < 500, (address, form)

    try_one()


@pytest.mark.parametrize("broken", [b"%", b"\xff\xfe=\x00", b"--x\r\nbroken", b"{"])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/plain"]
)
def test_a_body_that_is_not_a_form_is_answered(client, person, broken, kind):
    for address in ("/compte/login/", "/compte/signup/", "/compte/login/code/", "/compte/password/reset/"):
        assert client.generic("POST", address, broken, kind).status_code < 500


@pytest.mark.parametrize("nul", ["a\0b", "\0"])
def test_each_field_of_the_forms_of_entering_refuses_a_nul_byte(client, nul):
    forms = {
        "/compte/login/": {"login": nul, "password": nul},
        "/compte/signup/": {"email": nul, "display_name": nul, "password1": nul * 20},
        "/compte/login/code/": {"email": nul},
        "/compte/password/reset/": {"email": nul},
    }
    for address, form in forms.items():
        assert client.post(address, form).status_code == 200
        assert client.get(address, form | {"next": nul}).status_code == 200


def test_the_step_of_the_second_factor_answers_a_form_without_code(administrator):
    client = waiting_for_the_app()
    assert client.post("/compte/second-facteur/authenticate/", {}).status_code == 200
