"""« Mon compte »: what it says, changing one's name, closing one's sessions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from toile.accounts import services
from toile.accounts.models import Person
from toile.accounts.tests.conftest import PASSWORD, SYSTEM, signed_in, with_second_factor
from toile.kernel.readers import Role
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db


def test_it_says_who_one_is_what_one_may_do_and_what_protects_the_account(client, person, settings):
    settings.TOILE_MFA_ROLES = frozenset()
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    with_second_factor(person)
    client.force_login(person)
    page = client.get("/compte/").content.decode()
    for words in ("Ortie Cardon", "ortie@example.org", "Administration de la plateforme", "10 codes de secours"):
        assert words in page
    assert "donner et reprendre les rôles" in page


def test_without_password_it_says_that_codes_are_sent(client, other):
    client.force_login(other)
    assert "un code vous est envoyé" in client.get("/compte/").content.decode()


def test_it_is_for_those_who_are_signed_in(client, db):
    assert client.get("/compte/").url == "/compte/login/?next=/compte/"


def test_reading_it_costs_a_known_number_of_queries(client, person, django_assert_max_num_queries):
    client.force_login(person)
    with django_assert_max_num_queries(12):
        client.get("/compte/")


def test_a_name_is_changed_and_the_page_of_the_form_keeps_what_was_typed(client, person):
    client.force_login(person)
    refused = client.post("/compte/nom/", {"display_name": "x" * 121})
    assert refused.status_code == 422
    assert "x" * 121 in refused.content.decode()
    client.post("/compte/nom/", {"display_name": "Ortie Blanche"})
    assert Person.objects.get(pk=person.pk).display_name == "Ortie Blanche"


def test_closing_the_other_sessions_leaves_this_one_open(client, person):
    elsewhere = type(client)()
    elsewhere.force_login(person)
    client.force_login(person)
    assert client.get(reverse("accounts:close_sessions")).status_code == 405
    client.post(reverse("accounts:close_sessions"))
    assert signed_in(client)
    assert not signed_in(elsewhere)
    assert Fact.objects.get(kind="accounts.sessions.closed").visibility == "own"


def test_leaving_closes_the_session_and_asks_first_when_read(client, person):
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    assert client.post(reverse("account_logout")).url == reverse("home")
    assert not signed_in(client)


def test_a_persona_is_entered_in_the_demo_only(client, person, rf, settings):
    request = rf.post("/")
    request.session, request.user = client.session, AnonymousUser()
    settings.DEMO = False
    with pytest.raises(services.NotADemo):
        services.sign_in_as(request, person)
    assert not Fact.objects.filter(kind="accounts.person.signed_in").exists()
    settings.DEMO = True
    services.sign_in_as(request, person)
    assert request.user == person
    assert Fact.objects.get(kind="accounts.person.signed_in").data["way"] == "demo"


def test_an_address_opens_one_account_whatever_its_case(person):
    again = services.open_account(SYSTEM, "  ORTIE@example.org ")
    assert again.pk == person.pk
    assert again.check_password(PASSWORD)
