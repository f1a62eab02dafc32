"""Offers: written by a partner's people or the team, shown once published, found by need, stage and words."""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from toile.accounts.models import Person
from toile.accounts.services import grant_role
from toile.kernel.errors import Forbidden
from toile.kernel.readers import Role
from toile.pathway.models import Offer
from toile.pathway.queries.offers import places_of, published
from toile.pathway.services import offers as services
from toile.territory.models import Commune, Perimeter
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db
LIST = reverse("pathway:offers")


def said(**more):
    given = {
        "title": "Bâtir son prévisionnel",
        "kind": "support",
        "needs": ["prevision"],
        "valid_from": timezone.localdate(),
        "confirmed": True,
    }
    return given | more


def typed(**more):
    given = {
        "revision": "0",
        "title": "Bâtir son prévisionnel",
        "kind": "support",
        "needs_creation": ["prevision"],
        "valid_from": timezone.localdate().isoformat(),
        "confirmed": "on",
    }
    return given | more


@pytest.fixture
def partner():
    return made.structure("Cabestan")


@pytest.fixture
def writer(partner):
    return made.reader(made.member(partner))


def officer():
    person = made.member(made.structure("Métropole"))
    grant_role(ACTOR, None, person, Role.OFFICER)
    return made.reader(person)


def test_a_draft_is_its_partners_and_the_teams_until_it_is_published(client, partner, writer):
    offer = services.draft(ACTOR, writer, partner, said())
    url = reverse("pathway:offer", args=[offer.pk])
    assert client.get(url).status_code == 404
    client.force_login(Person.objects.get(pk=writer.person))
    assert client.get(url).status_code == 200
    services.publish(ACTOR, writer, offer)
    services.publish(ACTOR, writer, offer)
    client.logout()
    assert client.get(url).status_code == 200
    assert Fact.objects.filter(kind="pathway.offer.published").count() == 1


def test_only_the_partners_people_and_the_team_write_it(partner, writer):
    offer = services.draft(ACTOR, writer, partner, said())
    stranger = made.reader(made.member(made.structure("Une autre")))
    with pytest.raises(Forbidden):
        services.change(ACTOR, stranger, offer, said(), revision=1)
    with pytest.raises(Forbidden):
        services.draft(ACTOR, stranger, partner, said())
    services.change(ACTOR, officer(), offer, said(title="Autre titre"), revision=1)
    assert Offer.objects.get().title == "Autre titre"


def test_what_the_rules_refuse_names_its_field(partner, writer):
    with pytest.raises(services.OfferRefused) as refused:
        services.draft(ACTOR, writer, partner, said(needs=["lune"]))
    assert [fault.field for fault in refused.value.faults] == ["needs"]
    assert not Offer.objects.exists()


def test_two_people_do_not_overwrite_each_other(client, partner, writer):
    offer = services.draft(ACTOR, writer, partner, said())
    client.force_login(Person.objects.get(pk=writer.person))
    url = reverse("pathway:offer_change", args=[offer.pk])
    services.change(ACTOR, officer(), offer, said(title="Titre de l’équipe"), revision=1)
    page = client.post(url, typed(revision="1", title="Titre du partenaire"))
    assert page.status_code == 409
    assert "Titre du partenaire" in page.content.decode()
    assert Offer.objects.get().title == "Titre de l’équipe"
    again = page.context["form"]["revision"].value()
    assert client.post(url, typed(revision=again, title="Titre du partenaire")).status_code == 302
    assert Offer.objects.get().title == "Titre du partenaire"


def test_the_form_writes_a_training_with_its_certification(client, partner, writer):
    client.force_login(Person.objects.get(pk=writer.person))
    url = reverse("pathway:offer_new", args=[partner.pk])
    assert client.get(url).status_code == 200
    more = {"kind": "training", "recognised": "reconnue", "level": "5", "is_free": "no", "cost": "40 €", "places": "8"}
    assert client.post(url, typed(**more)).status_code == 422
    assert client.post(url, typed(**more | {"recognised": "RNCP 36241"})).status_code == 302
    offer = Offer.objects.get()
    assert (offer.recognised, offer.is_free, offer.places, offer.needs) == ("RNCP 36241", False, 8, ["prevision"])
    page = client.get(reverse("pathway:offer", args=[offer.pk])).content.decode()
    assert "RNCP 36241" in page


def test_what_is_not_a_training_keeps_nothing_of_one(client, partner, writer):
    client.force_login(Person.objects.get(pk=writer.person))
    client.post(reverse("pathway:offer_new", args=[partner.pk]), typed(level="5", recognised="RNCP 1"))
    assert (Offer.objects.get().level, Offer.objects.get().recognised) == ("", "")


@pytest.mark.slow
def test_the_form_says_which_field_is_wrong(client, partner, writer):
    client.force_login(Person.objects.get(pk=writer.person))
    page = client.post(reverse("pathway:offer_new", args=[partner.pk]), typed(needs_creation=[]))
    assert page.status_code == 422
    assert "au moins un besoin" in page.content.decode()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    page = client.post(reverse("pathway:offer_new", args=[partner.pk]), typed(valid_until=yesterday))
    assert page.status_code == 422
    assert "se termine avant de commencer" in page.content.decode()


def test_an_offer_is_published_then_withdrawn_from_its_page(client, partner, writer):
    offer = services.draft(ACTOR, writer, partner, said())
    client.force_login(Person.objects.get(pk=writer.person))
    assert client.post(reverse("pathway:offer_publish", args=[offer.pk])).status_code == 302
    assert [one.code for one in published()] == [str(offer.pk)]
    assert client.get(reverse("pathway:offer_withdraw", args=[offer.pk])).status_code == 200
    assert client.post(reverse("pathway:offer_withdraw", args=[offer.pk])).status_code == 302
    assert published() == []
    assert "retirée" in client.get(reverse("pathway:offers_mine")).content.decode()


def offered(title, name="Cabestan", **more):
    reader = officer()
    offer = services.draft(ACTOR, reader, made.structure(name), said(title=title, **more))
    services.publish(ACTOR, reader, offer)
    return offer


@pytest.mark.slow
def test_the_list_is_found_by_need_stage_words_and_what_is_open(client):
    offered("Bâtir son prévisionnel")
    offered("Trouver un local", "RAISO", needs=["locaux"], stages=["creation"], is_free=True)
    offered("Formation complète", "MIFE", kind="training", needs=["formation"], places=0)
    yesterday = timezone.localdate() - timedelta(days=1)
    offered("Terminée", needs=["locaux"], valid_from=yesterday, valid_until=yesterday)

    def titles(query):
        page = client.get(f"{LIST}?{query}")
        assert page.status_code == 200
        return sorted(row.title for row in page.context["found"].rows)

    assert titles("") == ["Bâtir son prévisionnel", "Formation complète", "Trouver un local"]
    assert titles("besoin=locaux") == ["Trouver un local"]
    assert titles("etape=reprise") == ["Bâtir son prévisionnel", "Formation complète"]
    assert titles("q=previsionnel") == ["Bâtir son prévisionnel"]
    assert titles("q=raiso") == ["Trouver un local"]
    assert titles("ouverte=1") == ["Bâtir son prévisionnel", "Trouver un local"]
    assert titles("gratuite=1") == ["Trouver un local"]
    assert titles("formation=1") == ["Formation complète"]


def test_the_facets_count_what_leaving_out_their_own_filter_would_find(client):
    offered("Un", needs=["locaux"])
    offered("Deux", needs=["prevision"])
    facets = client.get(f"{LIST}?besoin=locaux").context["found"].facets
    assert (facets["needs"]["locaux"], facets["needs"]["prevision"]) == (1, 1)
    assert facets["headings"]["creation"] == 1


def test_the_list_leaves_as_files_without_the_addresses(client):
    offered("Bâtir son prévisionnel", email="demandes@example.org", description="Deux séances.")
    text = b"".join(client.get("/parcours/offres.csv").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(text.splitlines())
    assert "Bâtir son prévisionnel" in row.values()
    assert "demandes@example.org" not in text
    for suffix in ("json", "atom", "xlsx"):
        assert client.get(f"/parcours/offres.{suffix}").status_code == 200


def test_a_commune_is_in_its_perimeters_for_an_offer():
    commune = Commune.objects.create(
        code="42218", subject=uuid4(), name="Saint-Étienne", folded="saint etienne", department="42"
    )
    around = Perimeter.objects.create(code="loire-sud", subject=uuid4(), name="Loire Sud")
    around.communes.add(commune)
    assert places_of(commune) == {"42218", "42", "loire-sud"}
    assert places_of(None) == frozenset()
