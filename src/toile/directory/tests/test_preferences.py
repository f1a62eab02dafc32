"""A person prefers what one source says: it is shown with the reason, until the source says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from toile.directory.commands import import_ess, import_siae
from toile.directory.models import Organisation, SourceRecord
from toile.directory.queries.provenance import Provenance, field_said, heard_of, provenance
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.portrait import Heard, portrait
from toile.directory.rules.reading import read
from toile.directory.services import NotPreferable, correct, prefer
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden
from toile.kernel.readers import Reader, Role
from toile.thread.models import Fact

from .conftest import reader_with, siren_of, siret_of
from .structures import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def told_twice(table: Any, siae_file: Any) -> Organisation:
    """A structure of which two lists give the legal name and the name in use."""
    import_siae(siae_file({"siret": siret_of(7), "name": "NOM DU MARCHE", "brand": "Nom du marché"}))
    listed = {"siren": siren_of(7), "denominationUniteLegale": "NOM DE LA LISTE", "sources": "ess_france"}
    import_ess(table("liste.csv", [listed]))
    return Organisation.objects.get()


def choose(organisation: Organisation, field: str, record: str | None, *, reader: Reader, because: str = "vu") -> None:
    now = Organisation.objects.get(pk=organisation.pk)
    said = field_said(now, field)
    assert said is not None
    chosen = None if record is None else said.statements[record]
    prefer(Actor.of(reader), reader, now, field, chosen, because=because, version=now.version)


def line_of(organisation: Organisation, label: str) -> Provenance:
    now = Organisation.objects.get(pk=organisation.pk)
    return next(line for line in provenance(now, heard_of(now)[0]) if line.label == label)


def record_of(source: str) -> str:
    return f"{source}:{SourceRecord.objects.get(source=source).external_id}"


def told() -> list[Any]:
    return list(Fact.objects.filter(kind="directory.field.preferred").order_by("pk").values_list("data", flat=True))


def test_a_preferred_value_wins_with_its_reason_and_survives_the_next_import(told_twice: Any, siae_file: Any) -> None:
    officer = reader_with(Role.OFFICER)
    assert told_twice.legal_name == "NOM DE LA LISTE"
    choose(told_twice, "legal_name", record_of("siae_list"), reader=officer, because="l’extrait Kbis")
    line = line_of(told_twice, "Dénomination")
    assert (line.value, line.preferred_by, line.because) == (
        "NOM DU MARCHE", "une personne de l’équipe", "l’extrait Kbis",
    )  # fmt: skip
    again = {"siret": siret_of(7), "name": "NOM DU MARCHE", "brand": "Nom du marché", "description": "nouvelle"}
    import_siae(siae_file(again, name="encore.csv"))
    told_twice.refresh_from_db()
    assert (told_twice.legal_name, told_twice.description) == ("NOM DU MARCHE", "nouvelle")
    assert told() == [{"field": "legal_name", "source": "siae_list"}]


def test_leaving_it_to_the_rule_takes_the_preference_back_whoever_made_it(told_twice: Any) -> None:
    officer, member = reader_with(Role.OFFICER), reader_with(organisations=[told_twice])
    choose(told_twice, "legal_name", record_of("siae_list"), reader=officer)
    choose(told_twice, "legal_name", None, reader=member)
    told_twice.refresh_from_db()
    assert told_twice.legal_name == "NOM DE LA LISTE"
    assert [fact["source"] for fact in told()] == ["siae_list", ""]
    choose(told_twice, "legal_name", None, reader=member)
    assert len(told()) == 2, "nothing was preferred any more: nothing is told"


def test_a_source_that_says_otherwise_gives_the_choice_back_to_the_rule_and_the_page_says_so(
    told_twice: Any, siae_file: Any, client: Any
) -> None:
    choose(told_twice, "legal_name", record_of("siae_list"), reader=reader_with(Role.OFFICER))
    import_siae(siae_file({"siret": siret_of(7), "name": "TOUT AUTRE", "brand": "Nom du marché"}, name="b.csv"))
    told_twice.refresh_from_db()
    assert told_twice.legal_name == "NOM DE LA LISTE"
    assert line_of(told_twice, "Dénomination").lapsed == "NOM DU MARCHE"
    assert "que sa source ne dit plus" in client.get(told_twice.get_absolute_url()).content.decode()


def test_a_correction_of_the_field_takes_the_preference_back(told_twice: Any) -> None:
    officer, member = reader_with(Role.OFFICER), reader_with(organisations=[told_twice])
    choose(told_twice, "name", record_of("siae_list"), reader=officer)
    now = Organisation.objects.get(pk=told_twice.pk)
    correct(Actor.of(member), member, now, {"name": "Nous-mêmes"}, version=now.version)
    line = line_of(told_twice, "Nom d’usage")
    assert (line.value, line.preferred_by) == ("Nous-mêmes", "")


def test_one_may_prefer_a_source_to_one_s_own_correction() -> None:
    organisation = make("Du document")
    member = reader_with(organisations=[organisation])
    correct(Actor.of(member), member, organisation, {"name": "Corrigé"}, version=organisation.version)
    choose(organisation, "name", record_of("document"), reader=member)
    organisation.refresh_from_db()
    assert organisation.name == "Du document"


def test_a_preferred_address_brings_its_commune_and_its_point_with_it() -> None:
    organisation = make(commune_code="42218", address="1 rue Ancienne", lon=4.39, lat=45.44)
    member = reader_with(organisations=[organisation])
    moved = {"address": "5 quai Neuf", "postal_code": "42400", "city": "Saint-Chamond"}
    correct(Actor.of(member), member, organisation, moved, version=organisation.version)
    place = Organisation.objects.select_related("main").get(pk=organisation.pk).main
    assert (place.commune_id, place.lon) == ("42207", None)
    choose(organisation, "address", record_of("document"), reader=member)
    place.refresh_from_db()
    assert (place.address, place.commune_id, place.lon) == ("1 rue Ancienne", "42218", 4.39)


def test_a_preferred_address_without_a_point_does_not_keep_that_of_another_address() -> None:
    choice = {"source": "document", "external_id": "d", "said": "5 quai Neuf", "because": "vu"}
    listed = {"name": "A", "address": "1 rue Ancienne", "city": "Saint-Étienne", "lon": "4.39", "lat": "45.44"}
    heard = [
        Heard("spreadsheet:s", "spreadsheet", read("spreadsheet", listed), "p"),
        Heard("document:d", "document", read("document", {"name": "A", "address": "5 quai Neuf"}), "p"),
        Heard("own:o", "own", read("own", {"prefer": {"address": choice}}), "p"),
    ]
    place = portrait(heard, gazetteer=Gazetteer(), parameters=ess_parameters(date(2026, 11, 21))).establishments["p"]
    assert (place["address"], place["lon"]) == ("5 quai Neuf", None)


def test_identifiers_are_not_chosen_and_strangers_choose_nothing(told_twice: Any) -> None:
    officer, stranger = reader_with(Role.OFFICER), reader_with(Role.BUYER)
    assert field_said(told_twice, "siren") is None
    with pytest.raises(NotPreferable):
        prefer(Actor.of(officer), officer, told_twice, "siren", None, because="x", version=told_twice.version)
    with pytest.raises(Forbidden):
        choose(told_twice, "legal_name", None, reader=stranger)


def test_two_people_choosing_at_once_are_a_conflict_even_when_the_value_stays(told_twice: Any) -> None:
    officer = reader_with(Role.OFFICER)
    said = field_said(told_twice, "legal_name")
    assert said is not None
    shown = said.statements[record_of("ess_list")]
    version = told_twice.version
    prefer(Actor.of(officer), officer, told_twice, "legal_name", shown, because="un", version=version)
    with pytest.raises(Conflict):
        prefer(Actor.of(officer), officer, told_twice, "legal_name", shown, because="deux", version=version)


def test_the_page_of_a_field_offers_each_value_said_and_asks_why(told_twice: Any, client: Any, person: Any) -> None:
    url = f"/annuaire/{told_twice.pk}/champ/legal_name/"
    client.force_login(person(Role.OFFICER))
    shown = client.get(url)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "NOM DU MARCHE (liste des SIAE" in text and "Laisser la règle choisir" in text
    form = {"version": told_twice.version, "choice": record_of("siae_list"), "because": ""}
    refused = client.post(url, form)
    assert refused.status_code == 422 and "Dites pourquoi" in refused.content.decode()
    assert client.post(url, form | {"because": "vu sur place"}).status_code == 302
    stale = client.post(url, form | {"because": "trop tard"})
    assert stale.status_code == 409 and "trop tard" in stale.content.decode()
    assert client.get(f"/annuaire/{told_twice.pk}/champ/siren/").status_code == 404
    assert client.get(f"/annuaire/{told_twice.pk}/champ/rien/").status_code == 404
    assert client.post(url, {"choice": "own:inconnu", "because": "x", "version": "z"}).status_code == 422
    page = client.get(told_twice.get_absolute_url()).content.decode()
    assert "vu sur place" in page and "champ/legal_name/" in page


@pytest.mark.parametrize("lists", [1, 3])
def test_the_page_of_a_field_costs_the_same_whatever_was_said(
    client: Any, person: Any, siae_file: Any, django_assert_num_queries: Any, lists: int
) -> None:
    rows = [{"siret": siret_of(7, nic), "name": f"NOM {nic}"} for nic in range(1, lists + 1)]
    import_siae(siae_file(*rows))
    client.force_login(person(Role.OFFICER))
    with django_assert_num_queries(8):
        assert client.get(f"/annuaire/{Organisation.objects.get().pk}/champ/legal_name/").status_code == 200
