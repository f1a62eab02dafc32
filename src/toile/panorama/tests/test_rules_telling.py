"""Telling: long rows without noise, French words that stay true, and never a silent zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.kernel.figures import Cell, Figure, Status, hidden, unknown
from toile.panorama.rules.rows import COLUMNS, json_row, long_row, plain
from toile.panorama.rules.told import tell, tell_sentence, tell_with_unit, why

HERE = Cell("244200770", year=2022)
NB, THIN = "\u00a0", "\u202f"


def figure(indicator, value, unit, low=None, high=None):
    bounds = [None if bound is None else Decimal(bound) for bound in (low, high)]
    return Figure(indicator, HERE, unit, Decimal(value), *bounds)


def test_the_columns_are_those_of_the_contract():
    assert ",".join(COLUMNS) == "indicator,perimeter,commune,family,sector,size,unit,low,value,high,status"


def test_a_row_has_an_interval_or_nothing_and_no_zero_for_what_is_not_told():
    told = [
        figure("jobs", "56.0", "jobs", 35, 77),
        hidden("jobs", Cell("244200770", family="mutuelle"), "jobs", "secret_few"),
        unknown("births", HERE, "establishments", "no_source"),
        figure("births", 0, "establishments"),
    ]
    rows = [long_row(one) for one in told]
    assert [row[7:] for row in rows] == [
        ("35", "56", "77", "ok"),
        ("", "", "", "hidden"),
        ("", "", "", "unknown"),
        ("", "0", "", "ok"),
    ]
    assert rows[1][:7] == ("jobs", "244200770", "", "mutuelle", "", "", "jobs")


def test_json_numbers_are_numbers():
    assert json_row(figure("share_of_employment", "14.100000", "percent"))["value"] == 14.1
    assert json_row(figure("jobs", "56.000000", "jobs", 35, 77))["high"] == 77
    assert json_row(hidden("jobs", HERE, "jobs", "secret_few"))["value"] is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("20", "20"),
        ("2E+1", "20"),
        ("14.10", "14.1"),
        ("0.0000001", "0"),
        ("-0.0000001", "0"),
        ("1e15", "1" + "0" * 15),
        ("-37", "-37"),
    ],
)
def test_a_number_is_plain(value, written):
    assert plain(Decimal(value)) == written
    assert plain(None) == ""


@given(st.decimals(-(10**11), 10**11, places=6))
def test_a_plain_number_comes_back_without_noise(value):
    assert Decimal(plain(value)) == value
    assert not plain(value).endswith(".") and "E" not in plain(value)


def test_a_figure_is_told_in_french():
    assert tell(figure("jobs", 56, "jobs", 35, 77)) == "56 (35 à 77)"
    assert tell(figure("share_of_employment", "14.1", "percent")) == f"14,1{THIN}%"
    assert tell(figure("share_of_employment", "14.1", "percent", "13.25", "15")) == f"14,1{THIN}% (13,2 à 15,0{THIN}%)"
    assert tell(figure("jobs", 21142, "jobs")) == f"21{THIN}142"
    assert tell(figure("location_quotient", "1.342857", "ratio")) == "1,34"
    assert tell(figure("births", 0, "establishments")) == "aucun"
    assert tell(figure("jobs", 15, "jobs", 15, 15)) == "15"
    assert tell(figure("jobs", 0, "jobs", 0, 0)) == "aucun"
    assert tell(figure("jobs", 0, "jobs", 0, 3)) == "0 (0 à 3)"
    assert tell(figure("share_of_employment", 0, "percent")) == f"0{THIN}%"
    assert tell(hidden("jobs", HERE, "jobs", "secret_dominant")) == "secret statistique"
    assert tell(unknown("jobs", HERE, "jobs", "no_source")) == "inconnu"
    assert tell(unknown("jobs", HERE, "jobs", "series_broken")) == "rupture de série"
    assert tell(unknown("jobs", HERE, "jobs", "a_reason_of_tomorrow")) == "inconnu"


def test_a_unit_agrees_with_its_number():
    assert tell_with_unit(figure("jobs", 56, "jobs", 35, 77)) == f"56{NB}emplois salariés (35 à 77)"
    assert tell_with_unit(figure("births", 1, "establishments")) == f"1{NB}établissement"
    assert tell_with_unit(figure("legal_units", 0, "legal_units")) == f"aucune{NB}unité légale"
    assert tell_with_unit(figure("share_of_employment", "14.1", "percent")) == f"14,1{THIN}%"
    assert tell_with_unit(hidden("jobs", HERE, "jobs", "secret_few")) == "secret statistique"


def test_a_sentence_holds_the_figure_or_the_reason():
    assert tell_sentence(figure("share_of_employment", "14.1", "percent")) == (
        "Sur 100 emplois salariés d’ici, 14,1 sont dans l’ESS."
    )
    assert tell_sentence(figure("concentration", "41.25", "percent")) == (
        "Sur 100 emplois de l’ESS, 41,2 sont chez ses dix plus grands employeurs."
    )
    assert (
        tell_sentence(figure("jobs", 56, "jobs", 35, 77)) == f"L’ESS représente ici 56{NB}emplois salariés (35 à 77)."
    )
    assert tell_sentence(figure("births", 0, "establishments")).endswith(f"{NB}: aucun{NB}établissement.")
    assert tell_sentence(hidden("jobs", HERE, "jobs", "secret_few")).startswith("Trop peu d’unités")


def test_what_is_too_small_for_its_decimals_is_not_nothing():
    assert tell(figure("share_of_employment", "0.02", "percent")) == f"moins de 0,1{THIN}%"
    assert tell(figure("shift_local", "-0.2", "jobs")) == "presque 0"


def test_the_words_can_be_translated():
    english = {"à": "to", "emplois salariés": "jobs", "secret statistique": "confidential"}.get
    translate = lambda words: english(words, words)  # noqa: E731
    assert tell_with_unit(figure("jobs", 56, "jobs", 35, 77), translate) == f"56{NB}jobs (35 to 77)"
    assert tell(hidden("jobs", HERE, "jobs", "secret_few"), translate) == "confidential"


def test_a_change_has_its_sign():
    assert tell(figure("jobs_growth", 8, "percent"), as_said=True) == f"+8{THIN}%"
    assert tell_with_unit(figure("shift_local", 4, "jobs", -37, 45)) == f"+4{NB}emplois salariés (−37 à +45)"
    assert tell(figure("shift_local", 0, "jobs")) == "0"


def test_a_remark_stands_beside_a_value():
    told = Figure("jobs", HERE, "jobs", Decimal(10000), Decimal(10000), Decimal(10000), Status.OK, "open_ended")
    assert why(told, short=True) == "borne haute ouverte"
    assert why(figure("jobs", 3, "jobs")) == ""


@given(st.decimals(0, 10**6, places=4), st.decimals(1, 10**3, places=4), st.sampled_from(["jobs", "percent", "ratio"]))
def test_the_bounds_printed_hold_the_truth(low, width, unit):
    indicator = {"jobs": "jobs", "percent": "share_of_employment", "ratio": "location_quotient"}[unit]
    told = tell(figure(indicator, low + width / 2, unit, low, low + width))
    first, last = (
        told.split("(")[1].rstrip(")").replace(f"{THIN}%", "").replace(THIN, "").replace(",", ".").split(" à ")
    )
    assert Decimal(first) <= low and low + width <= Decimal(last)


def test_a_published_figure_has_the_digits_that_its_source_gave():
    assert tell(figure("share_of_private_employment", "20.000000", "percent"), as_said=True) == f"20{THIN}%"
    assert tell(figure("share_of_employment", "14.100000", "percent"), as_said=True) == f"14,1{THIN}%"
    assert tell(figure("share_of_private_employment", "20.000000", "percent")) == f"20,0{THIN}%"


def test_row_of_a_commune():
    assert long_row(Figure("jobs", Cell("dep:42", "42218", "", "Q", "1-9", 2020), "jobs", Decimal(3)))[1:6] == (
        "dep:42", "42218", "", "Q", "1-9",
    )  # fmt: skip
