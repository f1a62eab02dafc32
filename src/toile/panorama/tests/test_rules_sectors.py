"""Sectors: each code of the NAF in exactly one section and one sector of the ESS, and what is ambiguous unknown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.identifiers import naf_section
from toile.panorama.rules.sectors import (
    UNKNOWN_SECTORS,
    division_sectors,
    ess_sectors,
    sections,
    sector_label,
    sectors,
)

NOMENCLATURES = "nomenclatures/annuaire-site"


@pytest.mark.parametrize(
    ("naf", "section", "ess"),
    [
        ("94.99Z", "S", "services_divers"),
        ("9499Z", "S", "services_divers"),
        ("88.99B", "Q", "action_sociale"),
        ("86.10Z", "Q", "sante"),
        ("93.12Z", "R", "sport_loisirs"),
        ("90.01Z", "R", "arts_spectacles"),
        ("64.19Z", "K", "finance_assurance"),
        ("85.59A", "P", "enseignement"),
        ("01.13Z", "A", "agriculture_industrie_construction"),
        ("55.20Z", "I", "hebergement_restauration"),
        ("81.21Z", "N", "soutien_entreprises"),
        ("84.11Z", "O", "administration_publique"),
        # NAF 2025: repair of cars moved to division 95, what it calls section K is our J.
        ("95.31G", "G", "commerce"),
        ("62.10Y", "J", "transport_information_immobilier"),
        ("94.99Y", "S", "services_divers"),
        # NAF rév. 1 and NAF 1993, as in the real history of Lyon 4e.
        ("80.1Z", "P", "enseignement"),
        ("91.3E", "S", "services_divers"),
        ("85.3K", "Q", "action_sociale"),
        ("85.2Z", "M", "soutien_entreprises"),
        ("52.7A", "S", "services_divers"),
        ("45.2R", "F", "agriculture_industrie_construction"),
        ("70.1A", "F", "agriculture_industrie_construction"),
        ("70.1F", "L", "transport_information_immobilier"),
    ],
)
def test_an_activity_is_in_its_section_and_its_sector(naf, section, ess):
    assert sectors(naf) == (section, ess)


@pytest.mark.parametrize(
    "naf", [None, "", "00.00Z", "74.8K", "74.1J", "95.40Y", "98.05", "42.1A", "[ND]", "Z", "9" * 400]
)
def test_what_is_not_told_by_the_code_is_unknown(naf):
    assert sectors(naf) == UNKNOWN_SECTORS


@pytest.mark.shared
@pytest.mark.parametrize(("name", "unknown"), [("rev-2", 0), ("2025", 1), ("rev-1", 3), ("1993", 4)])
def test_every_code_of_a_list_has_one_section_and_one_sector_or_neither(shared_data, name, unknown):
    codes = json.loads((shared_data / f"{NOMENCLATURES}/codes-naf-{name}.json").read_text(encoding="utf-8"))
    # The file of the NAF rév. 1 marks with a « p » the codes that its passage to the rév. 2 cuts.
    found = [sectors(code.rstrip("p")) for code in codes]
    assert all((each.section is None) == (each.ess is None) for each in found)
    assert all(each.section in sections() and each.ess in ess_sectors() for each in found if each != UNKNOWN_SECTORS)
    assert found.count(UNKNOWN_SECTORS) == unknown


@pytest.mark.shared
def test_the_sections_are_those_of_insee(shared_data):
    listed = json.loads((shared_data / f"{NOMENCLATURES}/codes-section-naf.json").read_text(encoding="utf-8"))
    assert set(listed) == set(sections())
    codes = json.loads((shared_data / f"{NOMENCLATURES}/codes-naf-rev-2.json").read_text(encoding="utf-8"))
    assert all(sectors(code).section == naf_section(code) for code in codes)


def test_each_sector_has_divisions_and_each_division_a_sector():
    told = division_sectors()
    assert len(told) == 88
    assert {each.ess for each in told.values()} == set(ess_sectors())
    assert {each.section for each in told.values()} == set(sections())


def test_no_sector_of_the_ess_can_be_taken_for_a_section():
    assert all(code.islower() and len(code) > 1 for code in ess_sectors())
    assert sector_label("Q") == "Santé humaine et action sociale"
    assert sector_label("sante") == "Santé humaine"
    assert sector_label("?") == "?"


@given(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"\d{2}\.?\d{1,2}[A-Z]?", fullmatch=True)))
def test_any_text_has_both_or_neither(naf):
    found = sectors(naf)
    assert (found.section is None) == (found.ess is None)
