"""A person of the team adds a structure, warned of those whose name is like it: a warning, not a wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from toile.accounts.models import Person
from toile.directory.models import Organisation, SourceRecord
from toile.directory.queries.alike import alike
from toile.directory.services import add
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden
from toile.kernel.readers import VISITOR, Reader, Role
from toile.thread.models import Fact

from .conftest import reader_with
from .structures import make, make_all, make_private

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
ADD = "/annuaire/ajouter/"
TYPED = {
    "name": "Ressourcerie du Gier",
    "city": "Saint-Chamond",
    "description": "Réparer et revendre.",
    "address": "3 rue Neuve",
    "postal_code": "",
    "website": "ressourcerie.example",
    "stage": "project",
}


def test_what_is_written_makes_a_public_page(as_officer: Any) -> None:
    page = as_officer.post(ADD, TYPED, follow=True)
    made = Organisation.objects.get()
    assert (made.name, made.stage, made.openness, made.listed) == ("Ressourcerie du Gier", "project", "public", True)
    assert (made.main.commune_id, made.main.address) == ("42207", "3 rue Neuve")
    assert made.website == "https://ressourcerie.example"
    assert page.redirect_chain[-1][0] == made.get_absolute_url()
    record = SourceRecord.objects.get()
    assert (record.source, record.external_id) == ("moderator", str(made.pk))
    assert Fact.objects.filter(kind__startswith="directory.").last().kind == "directory.organisation.added"
    assert "la structure est ajoutée" in page.content.decode().lower()


def test_it_can_be_corrected_afterwards_in_the_same_record(as_officer: Any) -> None:
    as_officer.post(ADD, TYPED)
    made = Organisation.objects.get()
    sent = {
        "name": "Autre nom",
        "version": made.version,
        "seen": "{}",
        "city": "Saint-Chamond",
        "address": "3 rue Neuve",
    }
    assert as_officer.post(f"/annuaire/{made.pk}/corriger/", sent).status_code == 302
    assert SourceRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Remplissez"),
        ("city", "", "Remplissez"),
        ("city", "Nulle-Part-sur-Rien", "n’est pas connue"),
        ("postal_code", "4200", "cinq chiffres"),
        ("website", "pas un site", "URL"),
        ("stage", "ceased", "choix"),
        ("name", "x" * 301, "300"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(as_officer: Any, field: str, value: str, says: str) -> None:
    page = as_officer.post(ADD, TYPED | {field: value})
    assert page.status_code == 422
    text = page.content.decode()
    assert says in text and "Réparer et revendre." in text
    assert not Organisation.objects.exists()


def test_a_commune_with_its_postal_code_may_be_elsewhere(as_officer: Any) -> None:
    as_officer.post(ADD, TYPED | {"city": "Villeurbanne", "postal_code": "69100"})
    made = Organisation.objects.get()
    assert (made.main.city, made.main.postal_code, made.main.commune_id) == ("Villeurbanne", "69100", None)


def test_a_structure_like_it_is_shown_once_then_whoever_says_it_is_another_goes_on(as_officer: Any) -> None:
    there = make("Ressourcerie du Gier", city="Saint-Chamond", postal_code="42400")
    warned = as_officer.post(ADD, TYPED)
    assert warned.status_code == 422
    text = warned.content.decode()
    assert there.get_absolute_url() in text and "Le même nom, «" in text and "La même commune" in text
    assert "Ce n’est pas l’une de celles-ci" in text and "data-focus" in text
    assert "3 rue Neuve" in text
    assert Organisation.objects.count() == 1
    assert as_officer.post(ADD, TYPED | {"autre": f"{there.pk} pas-un-identifiant"}).status_code == 302
    assert Organisation.objects.count() == 2


def test_a_new_name_is_warned_of_again(as_officer: Any) -> None:
    seen, other = make("Ressourcerie du Gier"), make("Boulangerie de la Place")
    page = as_officer.post(ADD, TYPED | {"name": "Boulangerie de la Place", "autre": str(seen.pk)})
    assert page.status_code == 422
    assert [one.organisation for one in page.context["found"]] == [other]


def test_while_typing_those_like_it_are_told_with_why(as_officer: Any) -> None:
    make("Ressourcerie du Gier", city="Firminy", postal_code="42700")
    text = as_officer.get("/annuaire/ressemblantes/?name=resourcerie+du+gier&city=Saint-Chamond").content.decode()
    assert "s’écrit presque comme" in text and "Deux communes" in text
    assert "<html" not in text, "a part of the form, not a page"
    begun = as_officer.get("/annuaire/ressemblantes/?name=resso").content.decode()
    assert "Ressourcerie du Gier" in begun, "what is being typed begins it"


@pytest.mark.parametrize("asked", ["name=re", "name=", "", "name=%00%F0%9F%98%80%E2%80%8F", "name=(((&city=%00"])
def test_too_little_or_anything_typed_finds_nothing(as_officer: Any, asked: str) -> None:
    make("Ressourcerie du Gier")
    answer = as_officer.get(f"/annuaire/ressemblantes/?{asked}")
    assert (answer.status_code, answer.content.decode().strip()) == (200, "")


def test_ten_thousand_letters_are_answered(as_officer: Any) -> None:
    make("Ressourcerie du Gier")
    assert as_officer.get("/annuaire/ressemblantes/", {"name": "ressourcerie " * 800}).status_code == 200


def test_the_nearest_come_first_five_at_most_and_one_is_left_out() -> None:
    several = make_all(*[{"name": f"Les Jardins de Cocagne {n}"} for n in range(8)])
    exact = make("Les jardins de cocagne")
    found = alike(VISITOR, "LES JARDINS DE COCAGNE")
    assert found[0].organisation == exact and len(found) == 5
    others = [one.organisation for one in alike(VISITOR, "Les jardins de cocagne", but=exact.pk)]
    assert exact not in others and set(others) < set(several)


def test_the_same_name_in_the_same_commune_comes_before_one_elsewhere() -> None:
    make("Le Fil", city="Firminy", postal_code="42700")
    here = make("Le Fil", city="Roche-la-Molière", postal_code="42230")
    assert alike(VISITOR, "le fil", "Roche-la-Molière")[0].organisation == here


def test_a_private_project_is_told_to_its_members_only() -> None:
    hidden = make_private("Ressourcerie du Gier")
    assert alike(VISITOR, "Ressourcerie du Gier") == []
    assert [one.organisation for one in alike(reader_with(organisations=[hidden]), hidden.name)] == [hidden]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_warning_takes_one_statement(django_assert_num_queries: Any, rows: int) -> None:
    make_all(*[{"name": f"Ressourcerie {n}"} for n in range(rows)])
    with django_assert_num_queries(1):
        assert len(alike(VISITOR, "Ressourcerie", "Firminy")) == rows


def test_only_those_who_may_add_do(client: Any, person: Callable[..., Person], officer: Reader) -> None:
    client.force_login(person(Role.ADVISER))
    assert client.get(ADD).status_code == client.post(ADD, TYPED).status_code == 403
    assert client.get("/annuaire/ressemblantes/?name=abc").status_code == 403
    with pytest.raises(Forbidden):
        add(Actor.system("essai"), reader_with(Role.BUYER), {"name": "X"})
    assert not Organisation.objects.exists()
