"""Identifiers: the worked examples of the law and of INSEE, and what damage may not break."""

import csv
import json
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn

from toile.kernel.identifiers import (
    Cleaned,
    clean_commune_code,
    clean_legal_category,
    clean_naf,
    clean_postal_code,
    clean_rna,
    clean_siren,
    clean_siret,
    department_of,
    format_siren,
    format_siret,
    is_commune_code,
    is_siren,
    is_siret,
    naf_section,
    vat_number,
)

CLEANERS = [
    clean_siren,
    clean_siret,
    clean_rna,
    clean_naf,
    clean_legal_category,
    clean_commune_code,
    clean_postal_code,
]


@st.composite
def sirens(draw):
    head = draw(st.text("0123456789", min_size=8, max_size=8))
    siren = head + luhn.calc_check_digit(head)
    assume(siren != "000000000")
    return siren


@st.composite
def sirets(draw):
    head = draw(sirens()) + draw(st.text("0123456789", min_size=4, max_size=4))
    return head + luhn.calc_check_digit(head)


@pytest.mark.parametrize("siren", ["732829320", "356000000", "244200770"])
def test_a_siren_that_passes_the_key_is_valid(siren):
    assert is_siren(siren)


@pytest.mark.parametrize("siren", ["732829321", "73282932", "000000000", "73282932A", "٧٣٢٨٢٩٣٢٠", ""])
def test_what_is_not_nine_digits_with_the_right_key_is_no_siren(siren):
    assert not is_siren(siren)


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", "35600000009075"])
def test_a_siret_is_valid_by_its_key_or_for_la_poste_by_its_sum(siret):
    assert is_siret(siret)


@pytest.mark.parametrize("siret", ["73282932000075", "35600000009076", "12345678901234", "732829320"])
def test_another_siret_is_not_valid(siret):
    assert not is_siret(siret)


def test_the_vat_number_follows_from_the_siren():
    assert vat_number("732829320") == "FR44732829320"
    with pytest.raises(ValueError, match="732829321"):
        vat_number("732829321")


@pytest.mark.parametrize(
    "text",
    ["732 829 320 00074", "732.829.320.00074", "732\u202f829\u00a0320-00074", "'73282932000074", "73282932000074.0"],
)
def test_spaces_dots_and_the_marks_of_spreadsheets_leave_a_siret(text):
    assert clean_siret(text) == Cleaned("73282932000074", None)


def test_a_number_rounded_by_a_spreadsheet_is_refused_and_one_in_full_is_restored():
    rounded = clean_siret("1.23E+13")
    assert rounded.value is None
    assert "tableur" in str(rounded.note)
    restored = clean_siret("7,3282932000074E+13")
    assert restored.value == "73282932000074"
    assert restored.note


def test_lost_zeros_come_back_only_when_the_key_is_right_and_are_said():
    padded = clean_siren("62201199")
    assert padded.value == "062201199"
    assert "zéros à gauche" in str(padded.note)
    assert clean_siret("6220119900031").value == "06220119900031"
    assert clean_siren("62201198").value is None
    assert clean_siren("18").value is None


def test_a_siret_gives_its_siren_and_a_siren_is_told_from_a_siret():
    assert clean_siren("73282932000074") == Cleaned("732829320", "SIREN tiré du SIRET 73282932000074")
    assert clean_siret("732829320").value is None
    assert "NIC" in str(clean_siret("732 829 320").note)


@pytest.mark.parametrize("text", [None, "", "  ", "[ND]", "nan"])
def test_what_sources_write_for_nothing_is_nothing_and_no_fault(text):
    for clean in CLEANERS:
        assert clean(text)[0] is None
        assert clean(text)[-1] is None


def test_numbers_of_associations_are_kept_even_in_old_forms():
    assert clean_rna(" w421 000123 ") == Cleaned("W421000123", None)
    assert clean_rna("W2A1000123").note is None
    assert clean_rna("W9R1000123").note is None
    old = clean_rna("0422 012345")
    assert old.value == "0422 012345"
    assert old.note


@pytest.mark.parametrize(
    ("text", "code", "nomenclature"),
    [
        ("8899B", "88.99B", "NAFRev2"),
        ("88.99b", "88.99B", "NAFRev2"),
        ("1.13Z", "01.13Z", "NAFRev2"),
        ("94.99Y", "94.99Y", "NAF2025"),
        ("45.2R", "45.2R", "NAFRev1"),
        ("452R", "45.2R", "NAFRev1"),
        ("77.15", "77.15", "NAP"),
        ("00.00Z", None, None),
        ("lala", None, None),
    ],
)
def test_activity_codes_are_dotted_and_placed_in_a_nomenclature(text, code, nomenclature):
    cleaned = clean_naf(text)
    assert (cleaned.code, cleaned.nomenclature) == (code, nomenclature)


def test_the_section_is_that_of_the_codes_own_nomenclature():
    assert naf_section("88.99B") == "Q"
    assert naf_section("88.99H") == "R"
    assert naf_section("62.01Z") == "J"
    assert naf_section("62.10Y") == "K"
    assert naf_section("45.2R") is None


def test_legal_categories_lose_the_mark_of_the_spreadsheet():
    assert clean_legal_category("5710.0") == Cleaned("5710")
    assert clean_legal_category("5499") == Cleaned("5499")
    assert clean_legal_category("571").value is None


def test_communes_have_five_signs_corsica_and_overseas_included():
    assert all(map(is_commune_code, ["42218", "2A004", "2B033", "97411", "98818", "01004"]))
    assert not any(map(is_commune_code, ["4221", "2C004", "00123", "96001", "422180"]))
    assert clean_commune_code("2a004") == Cleaned("2A004")
    assert clean_commune_code("1004").value == "01004"
    assert clean_commune_code("42218.0") == Cleaned("42218")
    assert [department_of(c) for c in ("42218", "2A004", "97411")] == ["42", "2A", "974"]


def test_postal_codes_are_mended_the_same_way():
    assert clean_postal_code("84200.0") == Cleaned("84200")
    assert clean_postal_code("1400").value == "01400"
    assert clean_postal_code("42 000") == Cleaned("42000")
    assert clean_postal_code("M*").value is None


def test_numbers_are_written_with_narrow_spaces():
    assert format_siren("732829320") == "732\u202f829\u202f320"
    assert format_siret("73282932000074") == "732\u202f829\u202f320\u202f00074"


@given(st.one_of(st.text(), st.text("0123456789.,E+-W Z"), st.floats(), st.integers(), st.none()))
def test_no_text_makes_a_cleaner_raise(text):
    for clean in CLEANERS:
        value = clean(text)[0]
        assert value is None or value


@given(sirets())
def test_valid_numbers_stay_valid_however_they_are_written(siret):
    assert is_siret(siret)
    assert clean_siret(format_siret(siret)) == Cleaned(siret)
    assert clean_siren(format_siren(siret[:9])) == Cleaned(siret[:9])
    assert is_siret(str(clean_siret(f"{siret}.0").value))


@given(sirets())
def test_cleaning_a_number_without_its_zeros_twice_is_cleaning_it_once(siret):
    once = clean_siret(str(int(siret)))
    assert once.value in (siret, None)
    if once.value is not None:
        assert clean_siret(once.value) == Cleaned(siret)


@given(st.one_of(st.text(), st.text("0123456789. ")))
def test_a_cleaned_value_is_valid_and_cleans_to_itself(text):
    for clean, valid in ((clean_siren, is_siren), (clean_siret, is_siret), (clean_commune_code, is_commune_code)):
        value = clean(text).value
        if value is not None:
            assert valid(value)
            assert clean(value) == Cleaned(value)


def test_the_siae_list_has_eleven_siret_that_fail_the_key(shared_data):
    with (shared_data / "siae/siaes.csv").open(encoding="utf-8", newline="") as lines:
        cleaned = [clean_siret(row["siret"]) for row in csv.DictReader(lines)]
    assert Counter(c.value is not None for c in cleaned) == {True: 2688, False: 11}
    assert all("clé de contrôle fausse" in str(c.note) for c in cleaned if c.value is None)


@pytest.mark.parametrize(
    ("file", "column", "clean", "separator", "rows"),
    [
        ("ess/x_label_studio.csv", "siret_siege", clean_siret, ",", 2568),
        ("ess/x_consolidated_tessstcsv.csv", "siren", clean_siren, ";", 1716),
    ],
)
def test_the_numbers_of_the_ess_files_are_all_recovered(shared_data, file, column, clean, separator, rows):
    with (shared_data / file).open(encoding="utf-8-sig", newline="") as lines:
        cleaned = [clean(row[column]) for row in csv.DictReader(lines, delimiter=separator)]
    assert len(cleaned) == rows
    assert all(c.value is not None for c in cleaned)


@pytest.mark.parametrize(("file", "codes", "nomenclature"), [("rev-2", 732, "NAFRev2"), ("2025", 747, "NAF2025")])
def test_every_code_of_the_official_lists_is_read_with_and_without_its_dot(shared_data, file, codes, nomenclature):
    path = shared_data / f"nomenclatures/annuaire-site/codes-naf-{file}.json"
    listed = list(json.loads(path.read_text(encoding="utf-8")))
    assert len(listed) == codes
    for code in listed:
        assert clean_naf(code) == clean_naf(code.replace(".", "")) == (code, nomenclature, None)
        assert naf_section(code)
