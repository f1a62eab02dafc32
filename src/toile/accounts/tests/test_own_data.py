"""« Vos données »: what is held, who read it, a copy, agreements."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from toile.accounts import services
from toile.accounts.models import Consent, Person
from toile.accounts.tests.conftest import ALLAUTH_LEAVES_UNDEFINED, with_second_factor
from toile.kernel.personal import holdings
from toile.kernel.purposes import Purpose, purposes
from toile.kernel.readers import Reader, reader_of
from toile.kernel.seen import Seen
from toile.thread.models import Fact, SavedSearch

pytestmark = [pytest.mark.django_db, ALLAUTH_LEAVES_UNDEFINED]
PAGE = "/compte/vos-donnees/"
MINE = Purpose("essai.lettre", "recevoir une lettre d’essai", "Une lettre par an, d’essai.", version=2)


@pytest.fixture(autouse=True)
def erasures_are_noted_apart(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def purpose(monkeypatch) -> Purpose:
    monkeypatch.setitem(purposes, MINE.code, MINE)
    return MINE


def reader(person: Person) -> Reader:
    return reader_of(person.pk, person.display_name)


def keep_search(person: Person, name: str = "Vélo") -> SavedSearch:
    return SavedSearch.objects.create(person=person.pk, list="organisations", query=f"q={name}", name=name)


# --- The page and the copy -------------------------------------------------------------------------------------------


def test_it_says_what_is_held_and_leads_to_the_register(client, person):
    keep_search(person)
    client.force_login(person)
    page = client.get(PAGE).content.decode()
    for words in ("Comptes", "Recherches gardées", "/-/traitements/", "Personne, depuis douze mois"):
        assert words in page


def test_its_cost_does_not_depend_on_how_much_is_held(client, person, django_assert_num_queries):
    client.force_login(person)
    keep_search(person)
    Seen.objects.create(reader=uuid4(), object=person.pk, purpose="accounts.person.read", at=timezone.now())
    with CaptureQueriesContext(connection) as first:
        client.get(PAGE)
    assert len(first) <= 20 + 2 * len(holdings)
    for number in range(30):
        keep_search(person, f"Vélo {number}")
        Seen.objects.create(reader=uuid4(), object=person.pk, purpose="accounts.person.read", at=timezone.now())
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(PAGE)


def test_an_administrator_who_reads_an_account_is_told_to_its_person(client, person, administrator):
    client.force_login(administrator)
    client.get(f"/compte/personnes/{person.pk}/")
    client.get(f"/compte/personnes/{person.pk}/")
    client.force_login(person)
    page = client.get(PAGE).content.decode()
    assert page.count("Administration de la plateforme") == 1, "once an hour, by role: their name is not for everybody"
    assert "voir les comptes et leurs rôles" in page
    client.force_login(administrator)
    assert "voir les comptes" not in client.get(PAGE).content.decode()


def test_an_administrator_who_reads_what_somebody_did_in_the_audit_is_told_to_them(client, person, administrator):
    client.force_login(administrator)
    client.get(f"/fil/audit/?actor={person.pk}")
    client.get("/fil/audit/")
    assert [(row.object, row.purpose) for row in Seen.objects.all()] == [(person.pk, "thread.audit.read")]


def test_a_copy_holds_everything_in_json_and_can_be_read(client, person):
    keep_search(person, "Cycles anciens")
    with_second_factor(person)
    client.force_login(person)
    answer = client.post(f"{PAGE}copie.json")
    assert answer["Content-Disposition"] == 'attachment; filename="vos-donnees.json"'
    held = {one["code"]: one["rows"] for one in json.loads(answer.content)["held"]}
    assert held["accounts.person"][0]["Courriel"] == "ortie@example.org"
    assert held["thread.search"][0]["Nom"] == "Cycles anciens"
    assert len(held["accounts.factors"]) == 2
    assert "secret" not in answer.content.decode(), "a copy does not open the account"
    page = client.post(f"{PAGE}copie.html").content.decode()
    for words in ("Cycles anciens", "Ortie Cardon", "ortie@example.org"):
        assert words in page
    assert Fact.objects.filter(kind="accounts.data.exported", visibility="own").count() == 2


def test_copies_are_taken_five_times_an_hour_at_most_and_never_by_reading(client, person):
    client.force_login(person)
    assert client.get(f"{PAGE}copie.json").status_code == 405
    assert [client.post(f"{PAGE}copie.json").status_code for _ in range(6)] == [200] * 5 + [400]
    assert client.post(f"{PAGE}copie.pdf").status_code == 404


# --- Agreements ------------------------------------------------------------------------------------------------------


def test_an_agreement_is_given_and_taken_back_on_the_page(client, person, purpose):
    client.force_login(person)
    assert "Vous n’avez pas donné votre accord" in client.get(PAGE).content.decode()
    for answer in ("give", "give"):
        client.post(f"{PAGE}accords/{purpose.code}/", {"answer": answer})
    assert services.consented(purpose) == {person.pk}
    client.post(f"{PAGE}accords/{purpose.code}/", {"answer": "withdraw"})
    assert services.consented(purpose) == set()
    assert [(row.version, row.withdrawn_at is not None) for row in Consent.objects.all()] == [(2, True)]
    told = Fact.objects.filter(kind__startswith="accounts.consent.").order_by("id")
    assert [fact.kind for fact in told] == ["accounts.consent.given", "accounts.consent.withdrawn"]


def test_an_agreement_to_other_words_does_not_count(client, person, purpose):
    Consent.objects.create(person=person, purpose=purpose.code, version=1)
    assert services.consented(purpose) == set()
    client.force_login(person)
    assert "à d’autres mots" in client.get(PAGE).content.decode()
    services.give_consent(reader(person), purpose.code)
    assert services.consented(purpose) == {person.pk}
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_a_purpose_that_nobody_declares_is_not_agreed_to(client, person):
    client.force_login(person)
    assert client.post(f"{PAGE}accords/inconnu/", {"answer": "give"}).status_code == 404
