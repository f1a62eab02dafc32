"""The second factor: an app's code, recovery codes, and the roles that wait for one."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from toile.accounts import queries, services
from toile.accounts.tests.conftest import (
    ALLAUTH_LEAVES_UNDEFINED,
    PASSWORD,
    SYSTEM,
    app_code,
    code_in_letter,
    signed_in,
    with_second_factor,
)
from toile.kernel.readers import Role, reader_of
from toile.thread.models import Fact

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]
ACTIVATE = "/compte/second-facteur/totp/activate/"
GIVE = "/compte/second-facteur/authenticate/"


def by_password(client):
    return client.post("/compte/login/", {"login": "ortie@example.org", "password": PASSWORD})


def test_the_password_alone_no_longer_signs_in(client, person):
    secret = with_second_factor(person)
    assert by_password(client).url == GIVE
    assert not signed_in(client)
    client.post(GIVE, {"code": app_code(secret)})
    assert signed_in(client)
    assert Fact.objects.get(kind="accounts.person.signed_in").data == {"way": "password", "second_factor": True}


def test_a_code_by_mail_alone_no_longer_signs_in(client, person):
    with_second_factor(person)
    client.post("/compte/login/code/", {"email": person.email})
    assert client.post("/compte/login/code/confirm/", {"code": code_in_letter()}).url == GIVE
    assert not signed_in(client)


def test_a_wrong_code_is_refused_and_an_app_code_serves_once(client, person):
    secret = with_second_factor(person)
    by_password(client)
    assert client.post(GIVE, {"code": "000000" if app_code(secret) != "000000" else "111111"}).status_code == 200
    used = app_code(secret)
    client.post(GIVE, {"code": used})
    client.post(reverse("account_logout"))
    by_password(client)
    client.post(GIVE, {"code": used})
    assert not signed_in(client)


def test_a_recovery_code_serves_once(client, person):
    with_second_factor(person)
    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap()
    used = stored.get_unused_codes()[0]
    by_password(client)
    client.post(GIVE, {"code": used})
    assert signed_in(client)
    client.post(reverse("account_logout"))
    by_password(client)
    client.post(GIVE, {"code": used})
    assert not signed_in(client)


def test_activating_asks_for_the_password_again_then_gives_recovery_codes(client, person):
    by_password(client)
    assert client.get(ACTIVATE).url.startswith("/compte/reauthenticate/")
    client.post("/compte/reauthenticate/", {"password": PASSWORD})
    page = client.get(ACTIVATE)
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = page.context["form"].secret
    assert client.post(ACTIVATE, {"code": app_code(secret)}).url == "/compte/second-facteur/recovery-codes/"
    codes = client.get("/compte/second-facteur/recovery-codes/").content.decode()
    first = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    assert first in codes


def test_a_role_waits_until_there_is_a_second_factor(client, person, settings):
    settings.TOILE_MFA_ROLES = frozenset({"administrator"})
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    services.grant_role(SYSTEM, None, person.pk, Role.OFFICER)
    assert reader_of(person.pk).roles == {"officer"}
    assert by_password(client).url == ACTIVATE
    assert client.get("/compte/personnes/").status_code == 403
    assert "second facteur" in client.get("/compte/").content.decode()
    with_second_factor(person)
    assert reader_of(person.pk).roles == {"officer", "administrator"}
    assert client.get("/compte/personnes/").status_code == 200


def test_a_role_that_asks_for_nothing_more_is_in_force_at_once(client, person, settings):
    settings.TOILE_MFA_ROLES = frozenset()
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    assert by_password(client).url == reverse("home")
    assert queries.roles_in_force([person.pk]) == {person.pk: {"administrator"}}


def test_without_its_second_factor_a_role_is_no_longer_in_force(client, administrator, settings):
    settings.TOILE_MFA_ROLES = frozenset({"administrator"})
    client.force_login(administrator)
    assert client.get("/compte/personnes/").status_code == 200
    Authenticator.objects.filter(user=administrator).delete()
    assert client.get("/compte/personnes/").status_code == 403


def test_what_waits_is_said_on_the_home_page(client, person, settings):
    settings.TOILE_MFA_ROLES = frozenset({"administrator"})
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    client.force_login(person)
    assert "Activer un second facteur" in client.get("/").content.decode()
