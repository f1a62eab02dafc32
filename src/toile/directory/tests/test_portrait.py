"""Assembling a structure: the value of each field, its places, where it is, and whether the list shows it."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.portrait import Heard, Portrait, portrait
from toile.directory.rules.reading import read

GAZETTEER = Gazetteer(
    by_postal={"42000": ("42218",), "42230": ("42189", "42218"), "42400": ("42207",), "69001": ("69123",)},
    names={"42218": "Saint-Étienne", "42189": "Roche-la-Molière", "42207": "Saint-Chamond", "69123": "Lyon"},
    rolled_up={"42190": "42218"},
    home=frozenset({"42218", "42189", "42207"}),
)
PARAMETERS = ess_parameters(date(2026, 11, 21))
HERE = {"postal_code": "42000", "city": "Saint-Étienne"}


def heard(source: str, payload: dict[str, Any], place: Any = "p", *, number: int = 1, is_own: bool = True) -> Heard:
    return Heard(f"{source}:{number}", source, read(source, payload), place, is_own)


def drawn(*said: Heard, **more: Any) -> Portrait:
    return portrait(said, gazetteer=GAZETTEER, parameters=PARAMETERS, **more)


def test_own_words_beat_the_lists_that_beat_the_register_whatever_their_order() -> None:
    said = [
        heard("sirene_unit", {"denominationUniteLegale": "REGISTRE", "statutDiffusionUniteLegale": "O"}, None),
        heard("ess_list", {"denomination": "LA LISTE"}, None),
        heard("own", {"name": "Nous", "website": "https://nous.fr"}, None),
    ]  # fmt: skip
    for order in permutations(said):
        fields = drawn(*order).fields
        assert (fields["name"], fields["legal_name"], fields["website"]) == ("Nous", "LA LISTE", "https://nous.fr")


def test_nothing_that_names_it_is_a_programming_error() -> None:
    with pytest.raises(ValueError):
        drawn(heard("spreadsheet", {"city": "Lyon"}))


def test_what_another_organisation_is_told_never_gives_its_identifiers_and_speaks_last() -> None:
    own = heard("document", {"name": "La nôtre"}, None, number=9)
    other = heard("document", {"name": "L’autre", "siren": "732829320", "rna": "W421000001"}, None, is_own=False)
    fields = drawn(other, own).fields
    assert (fields["name"], fields["siren"], fields["rna"]) == ("La nôtre", None, "")
    assert "l autre" in fields["folded"], "it is found by either name"


def test_a_place_at_home_makes_it_a_structure_of_the_territory_and_is_the_one_shown() -> None:
    both = drawn(
        heard("spreadsheet", {"name": "A", "postal_code": "69001", "city": "Lyon"}, "lyon"),
        heard("spreadsheet", {"name": "A"} | HERE, "here", number=2),
    )
    assert (both.fields["whereabouts"], both.main) == ("inside", "here")
    away = drawn(heard("spreadsheet", {"name": "A", "postal_code": "69001", "city": "Lyon"}))
    assert away.fields["whereabouts"] == "outside"
    assert drawn(heard("spreadsheet", {"name": "A"}, None)).fields["whereabouts"] == "unknown"
    told = drawn(heard("document", {"name": "A", "whereabouts": "outside"}, None))
    assert told.fields["whereabouts"] == "outside"


def test_an_open_seat_at_home_comes_first() -> None:
    def place(key: str, **said: Any) -> Heard:
        base = {"codeCommuneEtablissement": "42218", "etatAdministratifEtablissement": "A"}
        return heard("sirene_establishment", base | said, key, number=len(key))

    name = heard("spreadsheet", {"name": "A"}, None)
    closed = place("closed", etatAdministratifEtablissement="F", etablissementSiege="true")
    seat, other = place("seat-one", etablissementSiege="true"), place("other-place")
    assert drawn(name, closed, other, seat).main == "seat-one"
    assert drawn(name, closed, other).main == "other-place"
    assert drawn(name, closed).main == "closed"


def test_the_commune_is_said_deduced_or_unknown_and_never_guessed() -> None:
    def found(**said: str) -> tuple[Any, bool]:
        place = drawn(heard("spreadsheet", {"name": "A"} | said)).establishments["p"]
        return place["commune_id"], place["commune_is_deduced"]

    assert found(commune_code="42190") == ("42218", False)
    assert found(postal_code="42230", city="Roche la Molière") == ("42189", False)
    assert found(postal_code="42400") == ("42207", True)
    assert found(postal_code="42230") == (None, False)


def test_coordinates_out_of_france_or_missing_are_not_shown() -> None:
    for lon, lat in (("0", "0"), ("120", "10"), ("4.39", ""), ("nan", "45")):
        place = drawn(heard("spreadsheet", {"name": "A", "lon": lon, "lat": lat} | HERE)).establishments["p"]
        assert (place["lon"], place["lat"]) == (None, None)


def test_a_better_address_takes_the_commune_and_the_point_of_the_old_one_away() -> None:
    old = heard("spreadsheet", {"name": "A", "commune_code": "42218", "lon": "4.39", "lat": "45.44"} | HERE)
    moved = drawn(old, heard("own", {"postal_code": "42400", "city": "Saint-Chamond"})).establishments["p"]
    assert (moved["commune_id"], moved["lon"]) == ("42207", None)
    same = drawn(old, heard("own", {"city": "SAINT ETIENNE", "opening_hours": "24/7"})).establishments["p"]
    assert (same["commune_id"], same["lon"], same["opening_hours"]) == ("42218", 4.39, "24/7")


@pytest.mark.parametrize(
    ("source", "payload", "listed"),
    [
        ("spreadsheet", {"legal_category": "9220"}, True),
        ("spreadsheet", {"legal_category": "5710"}, False),
        ("spreadsheet", {"legal_category": "5710", "kind": "EI"}, True),
        ("document", {"legal_category": "5710"}, True),
        ("own", {"legal_category": "5710"}, True),
        ("spreadsheet", {}, False),
    ],
)
def test_the_list_waits_to_be_asked_for_what_nothing_says_is_of_the_ess(
    source: str, payload: dict[str, Any], listed: bool
) -> None:
    assert drawn(heard(source, {"name": "A"} | payload, None)).fields["listed"] is listed


def test_two_sources_may_give_one_approval_with_their_own_dates() -> None:
    said = drawn(
        heard("document", {"name": "A", "approvals": [["esus", "2024-01-01", "2029-01-01"]]}, None),
        heard("ess_list", {"denomination": "A", "sources": "esus"}, None),
    )
    assert said.approvals == {
        ("esus", "document"): (date(2024, 1, 1), date(2029, 1, 1)),
        ("esus", "ess_list"): (None, None),
    }


def test_texts_are_cut_to_what_a_page_and_a_column_can_hold() -> None:
    long = {"name": "N" * 900, "acronym": "S" * 900, "legal_form": "F" * 900, "description": "D" * 9000}
    fields = drawn(heard("document", long | {"address": "R" * 900, "opening_hours": "O" * 900} | HERE))
    widths = {name: len(fields.fields[name]) for name in ("name", "sort_name", "acronym", "legal_form", "description")}
    assert widths == {"name": 300, "sort_name": 300, "acronym": 60, "legal_form": 120, "description": 4000}
    assert (len(fields.establishments["p"]["address"]), len(fields.establishments["p"]["opening_hours"])) == (300, 300)
