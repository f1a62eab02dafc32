"""The team's pages of a campaign: preparing one from a list, starting it, following it, treating what came."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from toile.directory.models import Campaign, Confirmation, Organisation, SourceRecord
from toile.directory.rules.freshness import Answer
from toile.directory.services.campaign_letters import WORDS
from toile.directory.services.confirmations import answer
from toile.kernel.jobs import run_waiting
from toile.kernel.readers import Reader, Role

from .campaigns import days_go_by, of, prepared, reachable, started, states
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

NEW = "/annuaire/campagnes/nouvelle/"
GIVEN = {"name": "Confirmation", "whom": "", "subject": "Votre fiche", "words": "Répondez ici : {lien}"}


def url_of(campaign: Campaign) -> str:
    return f"/annuaire/campagnes/{campaign.pk}/"


def test_one_is_prepared_from_a_list_read_again_then_started(as_officer: Client) -> None:
    reachable("Atelier vélo", "Ruche")
    assert "Demander si ces fiches sont justes" in as_officer.get("/annuaire/?q=atelier").content.decode()
    form = as_officer.get(f"{NEW}?q=atelier").context["form"]
    made = as_officer.post(NEW, GIVEN | {"whom": form["whom"].value()})
    assert made.status_code == 302
    draft = as_officer.get(made["Location"]).content.decode()
    assert "Une structure sera interrogée" in draft and "Votre fiche" in draft and not mail.outbox
    changed = as_officer.post(f"{made['Location']}modifier/", GIVEN | {"subject": "La fiche de {structure}"})
    assert changed.status_code == 302
    draft = as_officer.get(made["Location"]).content.decode()
    assert "2 structures seront interrogées" in draft and "La fiche de Atelier vélo" in draft
    as_officer.post(made["Location"], {"act": "start"})
    run_waiting()
    assert len(mail.outbox) == 2
    followed = as_officer.get(made["Location"]).content.decode()
    assert "Aucune réponse encore, sur 2 structures" in followed
    assert as_officer.get(f"{made['Location']}modifier/").status_code == 302
    assert "Confirmation" in as_officer.get("/annuaire/campagnes/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"whom": "https://exemple.fr/"}, "/annuaire/"),
        ({"whom": "/annuaire/?foo=1"}, "Aucun filtre"),
        ({"whom": "//[x"}, "/annuaire/"),
        ({"whom": "/annuaire/?q=" + "a" * 3000}, ""),
        ({"words": "Bonjour."}, "{lien}"),
        ({"words": "{lien} {date}"}, "{date}"),
        ({"subject": "{nom}"}, "{nom}"),
        ({"name": "\0"}, ""),
    ],
)
def test_what_is_refused_is_named_and_kept(as_officer: Client, wrong: dict[str, str], words: str) -> None:
    refused = as_officer.post(NEW, GIVEN | wrong)
    if refused.status_code == 302:
        assert "a" * 3000 in wrong.get("whom", ""), "a long question is cut as the list cuts it"
        return
    shown = refused.content.decode()
    assert refused.status_code == 422 and words in shown and not Campaign.objects.exists()


def test_nobody_but_the_team_sees_or_does_anything(client: Client, person: Any, officer: Reader) -> None:
    reachable("Atelier")
    campaign = started(officer)
    one = of(campaign).get()
    client.force_login(person(Role.BUYER))
    for url in ("/annuaire/campagnes/", NEW, url_of(campaign), f"{url_of(campaign)}suivi.csv"):
        assert client.get(url).status_code == 403
    for path in (f"reponses/{one.pk}/adresse/", f"reponses/{one.pk}/traiter/"):
        assert client.post(f"/annuaire/campagnes/{path}", {"email": "x@exemple.fr"}).status_code == 403
    assert client.post(f"/annuaire/{one.organisation_id}/verifiee/").status_code == 403


def test_the_follow_up_shows_each_state_and_never_an_address(as_officer: Client, officer: Reader) -> None:
    reachable("Atelier", "Ruche")
    make("Sans adresse")
    campaign = started(officer)
    answer(of(campaign).get(organisation__name="Ruche"), Answer.RIGHT)
    shown = as_officer.get(url_of(campaign)).content.decode()
    assert "1 réponse sur 3 structures" in shown and "exemple.fr" not in shown
    filtered = as_officer.get(f"{url_of(campaign)}?etat=no_address").context["followed"]
    assert [one.organisation.name for one in filtered.page] == ["Sans adresse"]
    assert len(as_officer.get(f"{url_of(campaign)}?etat=zzz&page=99999").context["followed"].page) == 3
    body = b"".join(as_officer.get(f"{url_of(campaign)}suivi.csv?etat=confirmed").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Ruche"] and "exemple.fr" not in body.decode()


@pytest.mark.parametrize("several", [1, 8])
def test_the_follow_up_costs_the_same_whatever_was_asked(
    as_officer: Client, officer: Reader, django_assert_num_queries: Any, several: int
) -> None:
    reachable(*[f"Structure {number}" for number in range(several)])
    make("Sans adresse")
    campaign = started(officer)
    with django_assert_num_queries(11):
        as_officer.get(url_of(campaign))
    with django_assert_num_queries(7):
        as_officer.get("/annuaire/campagnes/")


def test_an_address_is_given_in_place_and_a_mistake_is_kept(as_officer: Client, officer: Reader) -> None:
    make("Sans adresse")
    campaign = started(officer)
    one, back = of(campaign).get(), f"{url_of(campaign)}?etat=no_address"
    url = f"/annuaire/campagnes/reponses/{one.pk}/adresse/"
    refused = as_officer.post(url, {"email": "bureau@", "next": back})
    assert refused.status_code == 422 and "bureau@" in refused.content.decode() and back in refused.content.decode()
    assert as_officer.post(url, {"email": "bureau@exemple.fr", "next": back})["Location"] == back
    run_waiting()
    assert states(campaign) == ["sent"]
    gone = as_officer.post(url, {"returned": "1", "next": "https://exemple.fr/"})
    assert gone["Location"] == url_of(campaign)
    assert states(campaign) == ["bounced"]


def test_reminding_and_ending_from_the_page(as_officer: Client, officer: Reader) -> None:
    reachable("Atelier")
    campaign = started(officer)
    told = as_officer.post(url_of(campaign), {"act": "remind"}, follow=True).content.decode()
    assert "relance" in told and of(campaign).get().reminded == 0
    days_go_by(campaign, 3)
    as_officer.post(url_of(campaign), {"act": "zzz"})
    as_officer.post(url_of(campaign), {"act": "end"})
    campaign.refresh_from_db()
    assert campaign.state == "ended"
    assert "finie" in as_officer.get(url_of(campaign)).content.decode()


def test_each_thing_is_treated_from_the_queue(as_officer: Client, officer: Reader) -> None:
    reachable("Atelier", "Ruche")
    make("Sans adresse")
    old = make("Ancienne", contact_email="")
    campaign = started(officer)
    SourceRecord.objects.filter(organisation=old).update(said_on=date(2020, 1, 1))
    answer(of(campaign).get(organisation__name="Ruche"), Answer.CLOSED)
    for kind, name, words in (
        ("directory.closure", "Ruche", "Confirmer"),
        ("directory.address", "Sans adresse", "Écrire à cette adresse"),
        ("directory.stale", "Ancienne", "j’ai vérifié"),
    ):
        shown = as_officer.get(f"/a-traiter/?quoi={kind}").content.decode()
        assert name in shown and words in shown
    one = of(campaign).get(organisation__name="Ruche")
    url, back = f"/annuaire/campagnes/reponses/{one.pk}/traiter/", "/a-traiter/?quoi=directory.closure"
    assert as_officer.post(url, {"pending": "closure", "keep": "1", "next": back})["Location"] == back
    assert Organisation.objects.get(name="Ruche").stage == "ceased"
    assert as_officer.post(url, {"pending": "closure", "keep": "1", "next": back}).status_code == 409
    assert as_officer.post(url, {"pending": "zzz"}).status_code == 409
    assert as_officer.post(f"/annuaire/{old.pk}/verifiee/", {"next": back}).status_code == 302
    assert "Ancienne" not in as_officer.get("/a-traiter/?quoi=directory.stale").content.decode()


def test_any_bytes_are_answered(as_officer: Client, officer: Reader) -> None:
    campaign = prepared(officer, words=str(WORDS))
    for words in ("\0", "{ " * 2500, "\u202e" * 9, "{lien}" * 900):
        assert as_officer.post(NEW, GIVEN | {"words": words, "whom": words}).status_code == 422
    assert as_officer.post(url_of(campaign), {"act": "start"}, follow=True).status_code == 200
    assert not Confirmation.objects.exists()
