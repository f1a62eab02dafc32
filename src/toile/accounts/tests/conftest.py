"""People, and what they receive by mail, for this room's tests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache

from toile.accounts import services
from toile.accounts.models import Person
from toile.kernel.acts import Actor
from toile.kernel.readers import Role

SYSTEM = Actor.system("test")
# Variables that django-allauth's own templates, which extend ours, ask for without always giving them.
ALLAUTH_LEAVES_UNDEFINED = pytest.mark.may_be_undefined("cancel_url", "can_change", "can_resend", "user")
PASSWORD = "ortie-cardon-bourrache-42"


@pytest.fixture(autouse=True)
def throttling_starts_from_zero(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
        cache.clear()


@pytest.fixture(autouse=True)
def passwords_are_hashed_quickly(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db: Any) -> Person:
    return services.open_account(SYSTEM, "ortie@example.org", "Ortie Cardon", PASSWORD)


@pytest.fixture
def other(db: Any) -> Person:
    return services.open_account(SYSTEM, "bourrache@example.org", "Bourrache Vesce")


@pytest.fixture
def administrator(db: Any) -> Person:
    found = services.open_account(SYSTEM, "administration@example.org", "Administration", PASSWORD)
    services.grant_role(SYSTEM, None, found.pk, Role.ADMINISTRATOR)
    with_second_factor(found)
    return found


def with_second_factor(person: Person) -> str:
    """Give the person an authenticator app and recovery codes; the app's secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def app_code(secret: str) -> str:
    """What the authenticator app shows now: of the counters accepted, the one in the middle."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def letter() -> str:
    """The body of the last mail sent."""
    return str(mail.outbox[-1].body)


def code_in_letter() -> str:
    """The code that the last mail carries."""
    return re.findall(r"\b\d{4}-\d{4}\b", letter())[-1]


def signed_in(client: Any) -> bool:
    """Whether « Mon compte » opens."""
    return client.get("/compte/").status_code == 200
