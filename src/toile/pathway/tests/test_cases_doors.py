"""The doors, kept by the team; and the model agreement between them (RGPD art. 26, domain K1)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from toile.accounts.services import grant_role, open_account
from toile.kernel.errors import Forbidden
from toile.kernel.readers import Role
from toile.pathway.models import Door
from toile.pathway.rules.joint_agreement import model
from toile.pathway.services.doors import open_door
from toile.thread.models import Fact

from . import made_cases as made
from .made_cases import ACTOR

pytestmark = pytest.mark.django_db

SAID = {
    "name": "MIFE",
    "code": "mife",
    "explanation": "Tout le monde",
    "callback_days": 3,
    "order": 10,
    "is_active": "on",
}


@pytest.fixture
def officer(client: Client, settings) -> Client:
    settings.TOILE_MFA_ROLES = frozenset()
    person = open_account(ACTOR, "equipe@example.org", "Équipe")
    grant_role(ACTOR, None, person.pk, Role.OFFICER)
    client.force_login(person)
    return client


def test_the_team_opens_a_door_for_a_structure_of_the_directory(officer):
    mife = made.structure("Maison de l’emploi et de la formation")
    found = officer.get(reverse("pathway:door_choose"), {"q": "maison de l emploi"}).content.decode()
    assert reverse("pathway:door_open", args=[mife.pk]) in found
    told = officer.post(reverse("pathway:door_open", args=[mife.pk]), SAID, follow=True).content.decode()
    assert "La porte « MIFE » est ouverte" in told or "est ouverte" in told
    assert Door.objects.get().organisation == mife
    assert Fact.objects.filter(kind="pathway.door.opened", visibility="public").exists()
    assert "MIFE" in Client().get(reverse("pathway:joint_agreement")).content.decode()


def test_a_structure_keeps_one_door_and_a_code_names_one(officer):
    at = made.door("MIFE")
    again = officer.post(reverse("pathway:door_open", args=[at.organisation.pk]), SAID | {"code": "autre"})
    assert again.status_code == 422 and "tient déjà une porte" in again.content.decode()
    other = made.structure("CCI")
    taken = officer.post(reverse("pathway:door_open", args=[other.pk]), SAID)
    assert taken.status_code == 422 and "autre porte" in taken.content.decode()
    assert Door.objects.count() == 1


def test_a_door_is_corrected_and_closed_for_a_while_its_code_stays(officer):
    at = made.door("MIFE")
    given = {key: value for key, value in SAID.items() if key not in {"code", "is_active"}} | {"name": "La MIFE"}
    officer.post(reverse("pathway:door_edit", args=[at.pk]), given)
    at.refresh_from_db()
    assert (at.name, at.code, at.is_active) == ("La MIFE", "mife", False)


def test_the_list_says_who_receives_and_warns_where_nobody_does(officer):
    made.adviser(made.door("MIFE"), "Conseillère MIFE")
    made.door("CCI")
    shown = officer.get(reverse("pathway:doors")).content.decode()
    assert "Conseillère MIFE" in shown and "personne" in shown


def test_an_adviser_does_not_open_doors():
    at = made.door("MIFE")
    with pytest.raises(Forbidden):
        open_door(ACTOR, made.reader(made.adviser(at)), made.structure("CCI"), SAID)


def test_the_agreement_names_the_doors_the_durations_and_that_a_lawyer_must_read_it(client):
    made.door("MIFE")
    shown = client.get(reverse("pathway:joint_agreement")).content.decode()
    for words in ("article 26", "MIFE", "deux ans après le dernier contact", "juriste", "CNIL"):
        assert words in shown, words


def test_every_place_of_its_words_is_filled(client):
    assert "{" in " ".join(words for article in model().articles for words in article.words)
    shown = client.get(reverse("pathway:joint_agreement")).content.decode()
    assert not re.search(r"\{[a-z]+\}", shown.partition("<main")[2].partition("</main>")[0])


@pytest.mark.slow
def test_it_prints_as_a_document_the_same_each_time(client):
    made.door("MIFE")
    first = client.get(reverse("pathway:joint_agreement_file"))
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    assert first.content == client.get(reverse("pathway:joint_agreement_file")).content
