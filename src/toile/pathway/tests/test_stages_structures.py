"""A path for a structure that exists: opened at a door, or asked by its people; never twice, never by anybody else."""

import pytest
from django.urls import reverse

from toile.accounts.models import Person
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.models import Job
from toile.pathway.models import Case, CaseState, Door
from toile.pathway.queries.stages import standing
from toile.pathway.services.reception import take_in
from toile.pathway.services.structure_paths import begin_path
from toile.pathway.tests.made_cases import adviser, door, member, procedure, reader, structure
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_force(db):
    return procedure()


def test_an_adviser_opens_a_path_at_their_door_and_follows_it():
    here, theirs = door(), structure("Ressourcerie")
    who = reader(adviser(here))
    case = begin_path(Actor.of(who), who, theirs, path="dla", door=here, title="")
    assert (case.state, case.adviser, case.stage, case.title) == (CaseState.OPEN, who.person, "accueil", "Ressourcerie")
    assert standing(case).path.code == "dla"
    about = set(Fact.objects.get(kind="pathway.case.opened").abouts.values_list("subject", flat=True))
    assert about == {theirs.pk, here.organisation_id}


def test_a_member_asks_and_the_door_receives():
    here, mine = door(), structure("Ressourcerie")
    who = reader(member(mine))
    case = begin_path(Actor.of(who), who, mine, path="changement_echelle", door=here, title="Un second atelier")
    assert (case.state, case.adviser, case.received_at, case.title) == (CaseState.SENT, None, None, "Un second atelier")
    assert case.holders.get().person == who.person
    assert Job.objects.filter(kind="pathway.case.door").count() == 1
    assert Fact.objects.filter(kind="pathway.path.asked").count() == 1


def test_the_structure_that_asked_keeps_its_identity_when_the_door_receives_it():
    here, mine = door(), structure("Ressourcerie")
    who, receiver = reader(member(mine)), reader(adviser(here))
    case = begin_path(Actor.of(who), who, mine, path="consolidation", door=here, title="")
    take_in(Actor.of(receiver), receiver, case)
    case.refresh_from_db()
    assert (case.state, case.organisation_id, case.adviser) == (CaseState.OPEN, mine.pk, receiver.person)


def test_a_structure_is_on_a_path_once_at_a_time():
    here, theirs = door(), structure("Ressourcerie")
    who = reader(adviser(here))
    begin_path(Actor.of(who), who, theirs, path="dla", door=here, title="")
    with pytest.raises(Conflict):
        begin_path(Actor.of(who), who, theirs, path="dla", door=here, title="")
    begin_path(Actor.of(who), who, theirs, path="consolidation", door=here, title="")
    assert Case.objects.count() == 2


def test_nobody_else_opens_one_nor_at_another_door():
    here, theirs = door(), structure("Ressourcerie")
    stranger, elsewhere = reader(member(structure("Autre"))), reader(adviser(door("CCI")))
    for who in (stranger, elsewhere):
        with pytest.raises(Forbidden):
            begin_path(Actor.of(who), who, theirs, path="dla", door=here, title="")


def test_a_project_path_begins_by_a_reception():
    here, theirs = door(), structure("Ressourcerie")
    who = reader(adviser(here))
    with pytest.raises(UserError, match="accueil"):
        begin_path(Actor.of(who), who, theirs, path="creation", door=here, title="")


def test_a_member_goes_from_the_front_page_to_a_request(client):
    here, mine = door(), structure("Ressourcerie")
    client.force_login(Person.objects.get(pk=member(mine)))
    assert reverse("pathway:structures") in client.get(reverse("pathway:home")).content.decode()
    address = reverse("pathway:structure_path", args=[mine.pk])
    assert address in client.get(reverse("pathway:structures")).content.decode()
    assert client.post(address, {"path": "dla"}).status_code == 422
    sent = client.post(address, {"path": "dla", "door": str(here.pk), "title": "Souffler un peu"})
    assert sent["Location"] == reverse("pathway:case", args=[Case.objects.get().pk])
    assert client.get(sent["Location"]).status_code == 200


def test_an_adviser_finds_a_structure_by_its_name(client):
    here = door()
    structure("Ressourcerie du Crêt")
    client.force_login(Person.objects.get(pk=adviser(here)))
    page = client.get(reverse("pathway:structures"), {"q": "ressourcerie"}).content.decode()
    assert "Ressourcerie du Crêt" in page
    assert Door.objects.count() == 1


def test_anybody_computes_the_aids_and_delays_of_a_founder_and_nothing_is_kept(client):
    asked = {
        "start": "2026-11-01", "days": "500", "daily": "45,50", "income": "42 000",
        "cape_first": "2025-03-01", "cape_last": "2025-08-31", "cesa": "2025-09-01",
    }  # fmt: skip
    text = client.get(reverse("pathway:founders_aid"), asked).content.decode()
    for shown in ("6\u202f620,25", "13\u202f240,50", "12,609", "0,504370", "mercredi 1ᵉʳ mars 2028", "29 février 2028"):
        assert shown in text, shown
    wrong = client.get(reverse("pathway:founders_aid"), asked | {"cape_last": "2024-01-01"}).content.decode()
    assert "finit avant de commencer" in wrong
    assert client.get(reverse("pathway:founders_aid")).status_code == 200
