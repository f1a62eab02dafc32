"""A project that gets its SIRET keeps its identity and its thread; its people alone open its page."""

import pytest
from django.urls import reverse

from toile.accounts.models import Person
from toile.directory import contexts
from toile.directory.imports.batch import Batch  # noqa: F401 -- the import below goes through it
from toile.directory.imports.engine import import_rows
from toile.directory.imports.rows import NewRecord, Prepared
from toile.directory.models import Candidate, Organisation
from toile.directory.models.organisations import Invention, Openness, Stage
from toile.directory.services.projects import NotASiret, give_siret, open_page
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.pathway.queries.stages import standing
from toile.pathway.services.registering import open_project, register
from toile.pathway.tests.made_cases import ACTOR, adviser, case, door, holder, member, reader, structure
from toile.thread.models import Fact

pytestmark = pytest.mark.django_db
SIRET, SIREN = "73282932000074", "732829320"


def project(**more):
    return structure("La Réparerie", openness=Openness.MEMBERS, stage=Stage.PROJECT, **more)


def sirene_says(siret):
    new = NewRecord.of("sirene_unit", siret[:9], {"siren": siret[:9], "denominationUniteLegale": "LA REPARERIE"})
    return import_rows(ACTOR, [Prepared(1, (new,))], source="sirene_unit", context=contexts.current())


def test_the_same_organisation_becomes_active_with_its_siren_and_its_thread():
    before = project()
    assert give_siret(ACTOR, before, "732 829 320 00074") is None
    after = Organisation.objects.get(pk=before.pk)
    assert (after.stage, after.siren, after.name, after.openness) == ("active", SIREN, "La Réparerie", "members")
    assert after.establishments.get().siret == SIRET
    fact = Fact.objects.get(kind="directory.stage.changed")
    assert fact.data == {"before": "project", "after": "active"} and fact.visibility == "advisers"


def test_what_sirene_says_afterwards_attaches_to_the_same_page():
    mine = project()
    give_siret(ACTOR, mine, SIRET)
    sirene_says(SIRET)
    assert Organisation.objects.get(siren=SIREN).pk == mine.pk
    assert Organisation.objects.count() == 1


def test_a_page_that_holds_the_siren_is_told_and_proposed_only_once_the_project_is_open():
    sirene_says(SIRET)
    theirs, mine = Organisation.objects.get(siren=SIREN), project()
    assert give_siret(ACTOR, mine, SIRET) == theirs
    assert Organisation.objects.get(pk=mine.pk).siren is None and not Candidate.objects.exists()
    open_page(ACTOR, mine)
    found = Candidate.objects.get()
    assert {found.first_id, found.second_id} == {mine.pk, theirs.pk} and found.certainty == "sure"
    open_page(ACTOR, mine)
    assert Candidate.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "123", "73282932000075", "732829320"])
def test_what_is_no_siret_is_refused_with_what_to_do(typed):
    with pytest.raises(NotASiret):
        give_siret(ACTOR, project(), typed)


def test_an_invented_project_takes_an_invented_number():
    mine = project(invention=Invention.FICTIONAL)
    give_siret(ACTOR, mine, "99999999000019")
    after = Organisation.objects.get(pk=mine.pk)
    assert after.stage == "active" and after.establishments.get().siret == "99999999000019"


def test_a_structure_does_not_change_its_siren_this_way():
    mine = project()
    give_siret(ACTOR, mine, SIRET)
    with pytest.raises(Conflict):
        give_siret(ACTOR, Organisation.objects.get(pk=mine.pk), "55210055400013")


def test_the_siret_is_what_the_last_stage_waited_for(client):
    here = door()
    person = adviser(here)
    found = case(here, stage="creation", organisation=project())
    assert "siret" in [lack.code for lack in standing(found).gate.missing]
    client.force_login(Person.objects.get(pk=person))
    refused = client.post(reverse("pathway:siret", args=[found.pk]), {"siret": "12"})
    assert refused.status_code == 422 and 'value="12"' in refused.content.decode()
    assert client.post(reverse("pathway:siret", args=[found.pk]), {"siret": SIRET}).status_code == 302
    found.organisation.refresh_from_db()
    assert "siret" not in [lack.code for lack in standing(found).gate.missing]


def test_an_invented_number_is_waited_for_too():
    here = door()
    who = reader(adviser(here))
    found = case(here, stage="creation", organisation=project(invention=Invention.FICTIONAL))
    register(Actor.of(who), who, found, "99999999000019")
    found.organisation.refresh_from_db()
    assert "siret" not in [lack.code for lack in standing(found).gate.missing]


def test_only_its_own_people_open_a_projects_page():
    here = door()
    who, found = reader(adviser(here)), case(here, organisation=project())
    with pytest.raises(Forbidden):
        open_project(Actor.of(who), who, found)
    carrier = reader(member(structure("Ailleurs")))
    holder(found, person=carrier.person)
    open_project(Actor.of(carrier), carrier, found)
    assert Organisation.objects.get(pk=found.organisation_id).openness == Openness.PUBLIC
    assert Fact.objects.filter(kind="directory.page.opened").count() == 1
