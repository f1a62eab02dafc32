"""What a structure's people say of it beats every source, and survives the next import."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.db import connection

from toile.directory.commands import import_siae
from toile.directory.models import Organisation, SourceRecord
from toile.directory.services import correct
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.readers import Role
from toile.thread.models import Fact

from .conftest import reader_with
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def say(organisation: Organisation, **values: Any) -> Organisation:
    """The organisation's own people correct it."""
    reader = reader_with(organisations=[organisation])
    now = Organisation.objects.get(pk=organisation.pk)
    correct(Actor.of(reader), reader, organisation, values, version=now.version)
    return Organisation.objects.select_related("main").get(pk=organisation.pk)


def corrections() -> list[list[str]]:
    facts = Fact.objects.filter(kind="directory.organisation.corrected").order_by("pk")
    return [fact.data["fields"] for fact in facts]


def test_an_own_correction_beats_every_import_and_survives_the_next_one(siae_file: Any) -> None:
    import_siae(siae_file({"brand": "Nom du fichier"}))
    organisation = Organisation.objects.get()
    assert say(organisation, name="Notre vrai nom").name == "Notre vrai nom"
    report = import_siae(siae_file({"brand": "Nom encore changé", "description": "Dite par le fichier"}))
    assert report.updated == 1
    organisation.refresh_from_db()
    assert (organisation.name, organisation.description) == ("Notre vrai nom", "Dite par le fichier")
    assert corrections() == [["name"]]


def test_an_emptied_correction_goes_back_to_what_the_sources_say(siae_file: Any) -> None:
    import_siae(siae_file({"description": "Celle du fichier"}))
    organisation = Organisation.objects.get()
    assert say(organisation, description="La nôtre").description == "La nôtre"
    assert say(organisation, description="").description == "Celle du fichier"


def test_a_corrected_address_moves_the_structure_to_its_commune_and_drops_the_old_point() -> None:
    organisation = make(commune_code="42218", address="1 rue Ancienne", lon=4.39, lat=45.44)
    assert organisation.main.lon == 4.39
    moved = say(organisation, address="5 quai Neuf", postal_code="42400", city="Saint-Chamond")
    assert (moved.main.address, moved.main.commune_id) == ("5 quai Neuf", "42207")
    assert (moved.main.lon, moved.main.lat) == (None, None)
    assert moved.main_id == organisation.main_id, "the place is the same row"


def test_a_correction_that_repeats_the_address_keeps_the_point() -> None:
    organisation = make(commune_code="42218", address="1 rue Ancienne", lon=4.39, lat=45.44)
    same = say(organisation, address="1, Rue Ancienne", opening_hours="Mo-Fr 09:00-12:00")
    assert (same.main.lon, same.main.commune_id) == (4.39, "42218")
    assert same.main.opening_hours == "Mo-Fr 09:00-12:00"


def test_a_structure_without_a_place_may_be_given_one_later() -> None:
    organisation = make(postal_code="", city="")
    assert organisation.main_id is None
    assert say(organisation, description="D’abord la description").main_id is None
    placed = say(organisation, address="3 rue Tardive", postal_code="42700", city="Firminy")
    assert (placed.main.address, placed.main.commune_id) == ("3 rue Tardive", "42095")
    assert placed.whereabouts == "inside"


def test_a_correction_made_on_an_old_version_is_a_conflict_and_writes_nothing() -> None:
    organisation = make(description="Avant")
    reader = reader_with(organisations=[organisation])
    seen = organisation.version
    say(organisation, description="Pendant")
    with pytest.raises(Conflict):
        correct(Actor.of(reader), reader, organisation, {"description": "Après"}, version=seen)
    organisation.refresh_from_db()
    assert organisation.description == "Pendant"
    assert corrections() == [["description"]]


def test_a_moderator_s_correction_beats_imports_but_not_the_structure_s_own() -> None:
    organisation = make()
    officer = reader_with(Role.OFFICER)
    correct(Actor.of(officer), officer, organisation, {"name": "Par l’équipe"}, version=organisation.version)
    organisation.refresh_from_db()
    assert organisation.name == "Par l’équipe"
    assert say(organisation, name="Par nous").name == "Par nous"


def test_nobody_else_may_correct() -> None:
    organisation = make()
    for reader in (reader_with(), reader_with(Role.BUYER), reader_with(organisations=[make("Une autre")])):
        with pytest.raises(Forbidden):
            correct(Actor.of(reader), reader, organisation, {"name": "Pirate"}, version=1)
    organisation.refresh_from_db()
    assert organisation.name == "La structure"


def test_the_correction_page_saves_what_changed_only_and_tells_a_conflict(client: Any, person: Any) -> None:
    organisation = make(description="Avant")
    client.force_login(person(Role.OFFICER))
    url = f"/annuaire/{organisation.pk}/corriger/"
    shown = client.get(url).context["form"].initial
    form = {name: value for name, value in shown.items() if value not in (None, "")} | {"description": "Après"}
    assert client.post(url, form).status_code == 302
    assert organisation.records.get(source="moderator").payload.keys() == {"description", "said_on"}
    stale = client.post(url, form | {"description": "Trop tard"})
    assert stale.status_code == 409
    assert "Trop tard" in stale.content.decode()
    organisation.refresh_from_db()
    assert organisation.description == "Après"
    assert client.post(url, {"version": "x" * 5000, "name": "\0", "website": "javascript:alert(1)"}).status_code == 422


def test_a_form_sent_without_a_change_writes_nothing() -> None:
    organisation = make("La structure")
    assert say(organisation).version == organisation.version
    assert corrections() == []
    assert not SourceRecord.objects.filter(source="own").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_correction_made_while_an_import_writes_the_same_structure_is_not_lost(siae_file: Any) -> None:
    import_siae(siae_file({"brand": "Nom du fichier"}))
    organisation = Organisation.objects.get()
    reader = reader_with(organisations=[organisation])

    def import_again() -> None:
        try:
            import_siae(siae_file({"brand": "Nom encore changé", "description": "Dite par le fichier"}, name="b.csv"))
        finally:
            connection.close()

    with act(Actor.of(reader)):
        correct(Actor.of(reader), reader, organisation, {"name": "Notre vrai nom"}, version=organisation.version)
        other = Thread(target=import_again)
        other.start()
        other.join(1)
    other.join(30)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.description) == ("Notre vrai nom", "Dite par le fichier")
