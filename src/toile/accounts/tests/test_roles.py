"""Giving roles and taking them back."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.urls import reverse

from toile.accounts import services
from toile.accounts.models import RoleGrant
from toile.accounts.tests.conftest import SYSTEM, with_second_factor
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden
from toile.kernel.readers import Reader, Role, reader_of
from toile.thread.models import Fact
from toile.thread.names import name_all
from toile.thread.queries import audit, timeline

pytestmark = pytest.mark.django_db


def reading(person):
    return reader_of(person.pk, person.display_name)


def test_an_administrator_gives_a_role_and_the_audit_says_who_to_whom(administrator, person):
    reader = reading(administrator)
    services.grant_role(Actor.of(reader), reader, person.pk, Role.ADVISER)
    assert reader_of(person.pk).roles == {"adviser"}
    entry = audit(reader, kind="accounts.role.granted")[0]
    assert entry.actor.label == "Administration"
    assert "Ortie Cardon" in entry.sentence
    assert "Accompagnement des projets" in entry.sentence


def test_the_fact_holds_ids_and_never_a_name(administrator, person):
    services.grant_role(SYSTEM, None, person.pk, Role.BUYER)
    assert Fact.objects.latest("id").data == {"role": "buyer"}


def test_a_role_taken_back_keeps_its_dates(administrator, person):
    reader = reading(administrator)
    services.grant_role(SYSTEM, None, person.pk, Role.ADVISER)
    services.take_back_role(Actor.of(reader), reader, person.pk, Role.ADVISER)
    assert reader_of(person.pk).roles == frozenset()
    grant = RoleGrant.objects.get(person=person)
    assert grant.since <= grant.until


def test_a_role_can_be_given_again_later(person):
    services.grant_role(SYSTEM, None, person.pk, Role.ADVISER)
    administrator_free(person)
    services.grant_role(SYSTEM, None, person.pk, Role.ADVISER)
    assert RoleGrant.objects.filter(person=person).count() == 2


def administrator_free(person):
    services.take_back_role(SYSTEM, None, person.pk, Role.ADVISER)


def test_the_same_role_is_not_given_twice(person):
    services.grant_role(SYSTEM, None, person.pk, Role.ADVISER)
    with pytest.raises(services.RoleAlreadyHeld, match="a déjà le rôle"):
        services.grant_role(SYSTEM, None, person.pk, Role.ADVISER)
    assert Fact.objects.filter(kind="accounts.role.granted").count() == 1


def test_the_database_itself_refuses_a_role_twice(person):
    RoleGrant.objects.create(person=person, role="adviser")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=person, role="adviser")


def test_a_role_not_held_cannot_be_taken_back(person):
    with pytest.raises(services.RoleNotHeld):
        services.take_back_role(SYSTEM, None, person.pk, Role.ADVISER)


def test_the_last_administrator_stays(administrator):
    reader = reading(administrator)
    with pytest.raises(services.LastAdministrator):
        services.take_back_role(Actor.of(reader), reader, administrator.pk, Role.ADMINISTRATOR)
    assert reading(administrator).has_role(Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    "roles", [frozenset(), frozenset({"officer", "adviser", "facilitator", "site_manager", "buyer"})]
)
def test_nobody_but_an_administrator_gives_a_role(person, roles):
    reader = Reader(person.pk, "Ortie", roles=roles)
    with pytest.raises(Forbidden):
        services.grant_role(Actor.of(reader), reader, person.pk, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        services.grant_role(Actor(uuid4(), "web"), None, person.pk, Role.ADMINISTRATOR)
    assert not RoleGrant.objects.exists()


def test_names_of_people_are_for_administrators_and_for_oneself(administrator, person, other):
    ids = [person.pk, other.pk]
    assert set(name_all(reading(administrator), ids)) == set(ids)
    assert set(name_all(reading(person), ids)) == {person.pk}
    assert name_all(Reader(), ids) == {}


def test_ones_own_opening_of_the_account_is_read_by_oneself_only(person, other):
    assert len(timeline(reading(person), [person.pk])) == 1
    assert timeline(reading(other), [person.pk]) == []


def test_the_confirm_page_says_what_the_role_allows_and_changes_nothing(client, administrator, person):
    client.force_login(administrator)
    url = reverse("accounts:grant_role", args=[person.pk, "administrator"])
    page = client.get(url).content.decode()
    assert "donner et reprendre les rôles" in page
    assert "Ortie Cardon" in page
    assert reader_of(person.pk).roles == frozenset()
    assert client.post(url).url == reverse("accounts:person", args=[person.pk])
    assert RoleGrant.objects.filter(person=person, role="administrator").exists()


def test_a_refusal_is_said_on_the_page_in_a_sentence(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("accounts:take_back_role", args=[administrator.pk, "administrator"]))
    assert response.status_code == 422
    assert "dernière personne" in response.content.decode()


def test_an_unknown_role_or_person_is_not_found(client, administrator, person):
    client.force_login(administrator)
    assert client.get(reverse("accounts:grant_role", args=[person.pk, "roi"])).status_code == 404
    assert client.post(reverse("accounts:grant_role", args=[uuid4(), "buyer"])).status_code == 404
    assert client.get(reverse("accounts:person", args=[uuid4()])).status_code == 404


def test_people_are_searched_by_address_and_by_name(client, administrator, person, other):
    client.force_login(administrator)
    by_address = client.get("/compte/personnes/", {"q": "BOURRACHE@"}).content.decode()
    assert "Bourrache Vesce" in by_address
    assert "Ortie Cardon" not in by_address
    assert "Ortie Cardon" in client.get("/compte/personnes/", {"q": "cardon"}).content.decode()
    assert "Personne ne correspond" in client.get("/compte/personnes/", {"q": "%"}).content.decode()


def test_the_list_of_people_is_paged_and_costs_the_same_however_long(
    client, administrator, django_assert_max_num_queries
):
    for number in range(65):
        services.open_account(SYSTEM, f"p{number}@example.org")
    client.force_login(administrator)
    with django_assert_max_num_queries(9):
        first = client.get("/compte/personnes/")
    assert "66" in first.content.decode()
    assert first.content.decode().count('scope="row"') == 30
    for odd in ("3", "999", "-1", "x", "\0"):
        assert client.get("/compte/personnes/", {"page": odd}).status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_dismiss_each_other_at_once(administrator, person):
    services.grant_role(SYSTEM, None, person.pk, Role.ADMINISTRATOR)
    with_second_factor(person)
    start, refused = threading.Barrier(2), []

    def dismiss(whom, who):
        reader = reading(who)
        start.wait()
        try:
            services.take_back_role(Actor.of(reader), reader, whom.pk, Role.ADMINISTRATOR)
        except (services.LastAdministrator, Forbidden) as error:
            refused.append(error)
        finally:
            close_old_connections()
            connection.close()

    pairs = [(administrator, person), (person, administrator)]
    threads = [threading.Thread(target=dismiss, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert RoleGrant.objects.filter(role="administrator", until__isnull=True).count() == 1
