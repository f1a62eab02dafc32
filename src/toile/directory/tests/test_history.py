"""Each change of a page is told with what was there before; one's own is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from toile.directory.commands import import_siae
from toile.directory.models import Organisation, Revision
from toile.directory.services import prefer
from toile.directory.services.undoing import undo
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.personal import Someone, holdings
from toile.kernel.readers import Reader, Role
from toile.kernel.retention import retentions
from toile.thread.models import Fact

from .conftest import reader_with
from .editors import opened, page_of, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_each_change_is_told_with_what_the_page_said_before(
    structure: Any, enter: Any, siae_file: Any, django_assert_max_num_queries: Any
) -> None:
    client = enter()
    url, form = opened(client, structure)
    client.post(url, form | {"description": "Après", "wheelchair": "limited", "opening_hours": "Mo 09:00-12:00"})
    with django_assert_max_num_queries(14):
        page = client.get(f"/annuaire/{structure.pk}/historique/").content.decode()
    for words in ("Par vous", "Avant", "Après", "en partie, ou avec de l’aide", "Annuler mon changement"):
        assert words in page
    other = enter()
    assert "Annuler mon changement" not in other.get(f"/annuaire/{structure.pk}/historique/").content.decode()


def test_an_import_is_in_the_history_without_a_button(siae_file: Any, enter: Any, structure: Any) -> None:
    import_siae(siae_file({"brand": "Nom du fichier"}))
    organisation = Organisation.objects.exclude(pk=structure.pk).get()
    import_siae(siae_file({"brand": "Nouveau nom"}, name="b.csv"))
    page = enter(Role.OFFICER).get(f"/annuaire/{organisation.pk}/historique/").content.decode()
    assert "import" in page
    assert "Nom du fichier" in page
    assert "Annuler mon changement" not in page
    assert Revision.objects.filter(organisation=organisation).count() == 1, "its arrival is not a change of its page"


def test_an_import_that_says_the_same_leaves_no_line(siae_file: Any) -> None:
    for name in ("a.csv", "b.csv"):
        import_siae(siae_file({"brand": "Nom du fichier"}, name=name))
    assert not Revision.objects.exists()


def test_a_private_address_is_told_as_changed_and_kept_nowhere(structure: Any, member: Reader) -> None:
    revision = write(member, structure, contact_email="secret@exemple.fr")
    assert revision.fields == {"contact_email": []}
    assert "secret" not in f"{revision.fields}{revision.words}"


def test_who_asks_not_to_be_spread_leaves_nothing_in_the_history(structure: Any, member: Reader) -> None:
    write(member, structure, description="Mme Untel, à son domicile")
    from toile.directory.portraits import History
    from toile.directory.rules.reading import UNNAMED
    from toile.kernel.acts import act

    with act(Actor.system("essai")):
        now = page_of(structure)
        history = History.begin({now.pk: now}, {})

        class Hidden:
            fields = {"name": UNNAMED}
            establishments: dict[Any, Any] = {}
            main = None
            activities: dict[str, str] = {}

        history.compare(now.pk, Hidden())  # type: ignore[arg-type]
        history.keep("sirene", words={}, quiet=())
    first, last = Revision.objects.order_by("pk")
    assert (first.fields, first.words) == ({}, {})
    assert all(both == [] for both in last.fields.values())


def test_the_history_is_for_its_people_and_the_team(client: Client, structure: Any, person: Any) -> None:
    url = f"/annuaire/{structure.pk}/historique/"
    assert client.get(url).status_code == 302
    client.force_login(person())
    assert client.get(url).status_code == 403


def test_the_history_is_paged_and_costs_the_same(
    structure: Any, member: Reader, enter: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        write(member, structure, description=f"Version {number}")
    client = enter()
    with django_assert_max_num_queries(15):
        page = client.get(f"/annuaire/{structure.pk}/historique/")
    assert len(page.context["changes"]) == 20
    assert "Version 0" in client.get(f"/annuaire/{structure.pk}/historique/?page=2").content.decode()


# --- Taking back ------------------------------------------------------------------------------------------------------


def test_a_change_taken_back_gives_the_sources_their_words_again(siae_file: Any) -> None:
    import_siae(siae_file({"brand": "Nom du fichier", "website": "https://fichier.fr"}))
    organisation = Organisation.objects.get()
    member = reader_with(organisations=[organisation])
    revision = write(member, organisation, name="Notre nom", website="https://nous.fr")
    import_siae(siae_file({"brand": "Nom encore changé", "website": "https://fichier.fr"}, name="b.csv"))
    undo(Actor.of(member), member, revision)
    now = page_of(organisation)
    assert (now.name, now.website) == ("Nom encore changé", "https://fichier.fr")
    fact = Fact.objects.get(kind="directory.change.undone")
    assert fact.data == {"revision": revision.pk, "fields": ["name", "website"]}


def test_what_another_wrote_since_stays_and_the_page_says_why(structure: Any, enter: Any) -> None:
    first, second = enter(), enter()
    url, one = opened(first, structure)
    first.post(url, one | {"description": "De la première", "website": "https://premiere.fr"})
    revision = Revision.objects.get()
    _url, other = opened(second, structure)
    second.post(url, other | {"description": "De la seconde"})
    page = f"/annuaire/{structure.pk}/historique/{revision.pk}/annuler/"
    told = first.get(page).content.decode()
    assert "ce que disent les sources (avant : https://avant.fr)" in told
    assert "quelqu’un l’a écrit de nouveau depuis" in told
    assert second.get(page).status_code == 403
    assert first.post(page, follow=True).status_code == 200
    now = page_of(structure)
    assert (now.description, now.website) == ("De la seconde", "https://avant.fr")
    assert first.post(page).status_code == 409, "twice is once"
    history = first.get(f"/annuaire/{structure.pk}/historique/").content.decode()
    assert "annule un changement du" in history
    assert "annulé le" in history


def test_a_change_taken_back_may_be_made_again_by_taking_that_back(structure: Any, member: Reader) -> None:
    write(member, structure, address="2 rue B", city="Firminy", postal_code="42700")
    revision = write(member, structure, address="3 rue C", wheelchair="yes")
    undo(Actor.of(member), member, revision)
    now = page_of(structure)
    assert (now.main.address, now.main.city, now.main.accessibility) == ("2 rue B", "Firminy", {})
    undo(Actor.of(member), member, Revision.objects.latest("pk"))
    assert page_of(structure).main.address == "3 rue C"


def test_a_preference_is_taken_back_as_a_change(siae_file: Any, structure: Any, member: Reader) -> None:
    from toile.directory.queries.provenance import field_said

    write(member, structure, website="https://nous.fr")
    said = field_said(page_of(structure), "website")
    assert said is not None
    other = next(one for one in said.statements.values() if one.source != "own")
    version = page_of(structure).version
    prefer(Actor.of(member), member, structure, "website", other, because="à jour", version=version)
    assert page_of(structure).website == "https://avant.fr"
    undo(Actor.of(member), member, Revision.objects.latest("pk"))
    assert page_of(structure).website == "https://nous.fr"


def test_nobody_takes_back_what_another_wrote_nor_what_they_wrote_for_a_structure_left(
    structure: Any, member: Reader
) -> None:
    revision = write(member, structure, description="Après")
    other = reader_with(organisations=[structure])
    with pytest.raises(Forbidden):
        undo(Actor.of(other), other, revision)
    gone = Reader(person=member.person, name="Partie", organisations=frozenset(), roles=frozenset({Role.OFFICER}))
    with pytest.raises(Forbidden):
        undo(Actor.of(gone), gone, revision)
    assert page_of(structure).description == "Après"


def test_a_change_of_which_nothing_may_return_is_a_conflict(structure: Any, member: Reader) -> None:
    revision = write(member, structure, contact_email="a@exemple.fr")
    with pytest.raises(Conflict):
        undo(Actor.of(member), member, revision)


# --- What is held of people -------------------------------------------------------------------------------------------


def test_an_erased_person_leaves_the_change_without_their_name(structure: Any, member: Reader) -> None:
    revision = write(member, structure, description="Après")
    assert member.person is not None
    someone = Someone(member.person)
    holding = holdings["directory.revision"]
    assert len(list(holding.export(someone))) == 1
    for _ in range(2):
        holding.erase(someone)
    revision.refresh_from_db()
    assert (revision.person, revision.fields["description"]) == (None, ["Avant", "Après"])


def test_the_history_is_forgotten_after_three_years(structure: Any, member: Reader) -> None:
    old, young = write(member, structure, description="Vieille"), write(member, structure, description="Jeune")
    Revision.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=3 * 366 + 2))
    retention, now = retentions["directory.revision"], timezone.now()
    assert retention.due(now) == 1
    assert retention.apply(Actor.system("essai"), now) == 1
    assert list(Revision.objects.all()) == [young]
