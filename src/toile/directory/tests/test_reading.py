"""Reading one row of each source: what it says in our fields, and what a person should look at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.reading import READERS, UNNAMED, read
from toile.directory.rules.reading_values import a_band, a_date, a_family, a_number, a_stage, a_website, a_year
from toile.directory.rules.sources import SOURCES

from .conftest import siae_row, siren_of, siret_of

SIREN, SIRET = siren_of(1), siret_of(1)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2021-03-01", date(2021, 3, 1)), ("2021-03-01T08:00:00+00:00", date(2021, 3, 1)),
        ("1/3/2021", date(2021, 3, 1)),
        ("1900-01-01", None), ("31/02/2021", None), ("2021", None), ("", None), (None, None), ("hier", None),
    ],
)  # fmt: skip
def test_dates(written: Any, read_as: date | None) -> None:
    assert a_date(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("4,39", 4.39), (" 45.4 ", 45.4), ("nan", None), ("inf", None), ("1e999", None), ("", None), ("12 rue", None)],
)
def test_numbers(written: str, read_as: float | None) -> None:
    assert a_number(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("2023", 2023), ("2023.0", 2023), ("0", None), ("99999", None), ("nan", None), (None, None)],
)
def test_years(written: Any, read_as: int | None) -> None:
    assert a_year(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("exemple.fr", "https://exemple.fr"), ("http://exemple.fr/a", "http://exemple.fr/a"),
        ("contact@exemple.fr", None),
        ("ftp://exemple.fr", None), ("aucun", None), ("pas de site", None), ("https://e.fr/" + "a" * 300, None),
    ],
)  # fmt: skip
def test_addresses_of_sites(written: str, read_as: str | None) -> None:
    assert a_website(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"), [("01", "01"), ("1.0", "01"), ("11", "11"), ("NN", None), ("", None), ("12 à 20", None)]
)
def test_staff_bands(written: str, read_as: str | None) -> None:
    assert a_band(written) == read_as


def test_stages_and_families() -> None:
    assert [a_stage(text) for text in ("A", "C", "F", "True", "false", "", None, "x")] == [
        "active", "ceased", "ceased", "active", "ceased", None, None, None,
    ]  # fmt: skip
    assert (a_family("coopérative"), a_family("ESUS"), a_family(None)) == ("cooperative", None, None)


def test_every_declared_source_has_its_reader_and_the_own_people_rank_above_all() -> None:
    assert READERS.keys() == SOURCES.keys()
    ranks = {code: source.rank for code, source in SOURCES.items()}
    assert max(ranks, key=lambda code: ranks[code]) == "own"
    assert ranks["moderator"] > ranks["ess_list"] > ranks["siae_list"] > ranks["sirene_unit"]


def test_a_row_of_the_siae_list_says_its_kind_its_place_and_its_identifiers() -> None:
    said = read("siae_list", siae_row(1, kind="ACI", brand="L’Atelier", updated_at="2026-01-02"))
    assert said.organisation["siren"] == SIREN
    assert said.establishment["siret"] == SIRET
    assert (said.organisation["name"], said.organisation["legal_name"]) == ("L’Atelier", "STRUCTURE 1")
    assert said.organisation["approvals"] == (("aci", None, None),)
    assert said.organisation["naf"] == "88.99B"
    assert (said.establishment["lon"], said.establishment["lat"]) == (4.39, 45.44)
    assert (said.said_on, said.doubts) == (date(2026, 1, 2), [])


def test_a_wrong_key_is_a_doubt_and_attaches_nothing() -> None:
    wrong = SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10)
    said = read("siae_list", siae_row(1, siret=wrong))
    assert "siret" not in said.establishment and "siren" not in said.organisation
    assert len(said.doubts) == 1


def test_a_siren_and_a_siret_of_two_units_are_a_doubt_and_the_siret_is_left_aside() -> None:
    said = read("spreadsheet", {"name": "A", "siren": SIREN, "siret": siret_of(2)})
    assert said.organisation["siren"] == SIREN and "siret" not in said.establishment
    assert said.doubts == ["Le SIREN et le SIRET ne désignent pas la même unité légale"]


@pytest.mark.parametrize(
    "siren", [siren_of(3).lstrip("0"), f"{siren_of(3)}.0", f" {siren_of(3)[:3]} {siren_of(3)[3:]} "]
)
def test_what_a_spreadsheet_did_to_a_siren_is_undone(siren: str) -> None:
    assert read("ess_list", {"siren": siren, "denomination": "A"}).organisation["siren"] == siren_of(3)


@pytest.mark.parametrize(
    "row",
    [
        {"denomination": "LA COOPERATIVE", "categorie_juridique": "5499.0", "sources": "ess_france|esus"},
        {
            "denominationUniteLegale": "LA COOPERATIVE", "categorieJuridiqueUniteLegale": "5499",
            "sources": "esus|ess_france",
        },
    ],
)  # fmt: skip
def test_each_layout_of_the_ess_lists_says_the_same(row: dict[str, str]) -> None:
    said = read("ess_list", {"siren": SIREN} | row).organisation
    assert (said["legal_name"], said["legal_category"], said["in_ess_list"]) == ("LA COOPERATIVE", "5499", True)
    assert said["approvals"] == (("esus", None, None),)


def test_a_unit_of_the_register_says_its_name_its_form_and_the_flag() -> None:
    unit = {
        "siren": SIREN, "denominationUniteLegale": "ASSOCIATION DES ESSAIS", "categorieJuridiqueUniteLegale": "9220",
        "economieSocialeSolidaireUniteLegale": "O", "etatAdministratifUniteLegale": "C",
        "trancheEffectifsUniteLegale": "NN", "anneeEffectifsUniteLegale": "2023", "statutDiffusionUniteLegale": "O",
    }  # fmt: skip
    said = read("sirene_unit", unit).organisation
    assert (said["sirene_flag"], said["stage"], said["staff_year"]) == ("O", "ceased", 2023)
    assert "staff_band" not in said


@pytest.mark.parametrize("status", ["P", "N"])
def test_nothing_names_a_natural_person_who_asked_not_to_be_spread(status: str) -> None:
    unit = {
        "siren": SIREN, "denominationUniteLegale": "SECRET", "denominationUsuelle1UniteLegale": "SECRET",
        "sigleUniteLegale": "SECRET", "categorieJuridiqueUniteLegale": "1000", "statutDiffusionUniteLegale": status,
    }  # fmt: skip
    place = {
        "siret": SIRET, "enseigne1Etablissement": "SECRET", "libelleVoieEtablissement": "SECRET", "lon": 4.39,
        "statutDiffusionEtablissement": status, "libelleCommuneEtablissement": "SAINT-ETIENNE",
    }  # fmt: skip
    said, there = read("sirene_unit", unit), read("sirene_establishment", place)
    assert said.organisation["name"] == UNNAMED
    assert "SECRET" not in str(said) and "SECRET" not in str(there)
    assert there.establishment.get("lon") is None and there.establishment["city"] == "SAINT-ETIENNE"


def test_a_correction_of_the_name_in_use_is_not_the_legal_name() -> None:
    for source in ("own", "moderator"):
        assert read(source, {"name": "Chez nous"}).organisation == {"name": "Chez nous"}
    assert read("spreadsheet", {"name": "CHEZ NOUS"}).organisation["legal_name"] == "CHEZ NOUS"


def test_a_number_of_an_association_far_too_long_is_a_doubt() -> None:
    assert read("spreadsheet", {"name": "A", "rna": "W" * 50}).doubts
    assert read("spreadsheet", {"name": "A", "rna": "W421000001"}).organisation["rna"] == "W421000001"


COLUMNS = sorted({
    *siae_row(1), "siren", "rna", "denomination", "categorie_juridique", "annee_effectifs", "famille_ess", "est_active",
    "denominationUniteLegale", "anneeEffectifsUniteLegale", "statutDiffusionUniteLegale", "legal_category",
    "staff_band", "created_on", "activity", "opening_hours", "NOM", "CODPOST", "said_on", "etablissementSiege",
})  # fmt: skip


@given(st.sampled_from(sorted(READERS)), st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=40)))
def test_whatever_a_cell_holds_a_row_is_read_without_an_error(source: str, payload: dict[str, str]) -> None:
    said = read(source, payload)
    assert all(isinstance(doubt, str) and doubt for doubt in said.doubts)
    assert said.organisation.get("siren", "000000000").isdigit()
