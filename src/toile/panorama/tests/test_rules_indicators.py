"""Indicators and reasons: each declared once, whole, and agreeing with the axes, units and sources of the room."""

import re
import tomllib

import pytest

from toile.directory.rules.approvals import APPROVALS
from toile.kernel.figures import Status
from toile.panorama.models import SourceKind, Value
from toile.panorama.rules.estimates import DENOMINATOR_OF, SHARE_OF
from toile.panorama.rules.indicators import (
    INDICATORS_TOML,
    forbidden_without,
    impossible_with,
    indicators,
    themes,
    units,
)
from toile.panorama.rules.reasons import REASONS_TOML, reasons

FILES = [
    INDICATORS_TOML.with_name(f"{name}.toml")
    for name in ("indicators", "reasons", "sectors", "survival", "contribution")
]

PROMISED = [
    "employer_establishments",
    "establishments",
    "legal_units",
    "jobs",
    "share_of_employment",
    "share_of_private_employment",
    "births",
    "closures",
    "survival_1",
    "survival_3",
    "survival_5",
    "location_quotient",
    "shift_national",
    "shift_structural",
    "shift_local",
    "concentration",
    "head_offices_elsewhere",
    "approved_esus",
    "non_employer_associations",
]


def test_every_indicator_that_was_promised_is_declared():
    assert set(PROMISED) <= set(indicators())
    assert {code for code in indicators() if code.startswith("approved_siae_")} == {
        f"approved_siae_{kind}" for kind in APPROVALS if kind != "esus"
    }


@pytest.mark.parametrize("indicator", indicators().values(), ids=lambda indicator: indicator.code)
def test_an_indicator_is_whole(indicator):
    assert indicator.theme in themes()
    assert indicator.unit in units()
    assert indicator.kind in ("count", "estimate", "share", "ratio", "context")
    assert indicator.kind != "share" or indicator.unit == "percent"
    assert indicator.needs and all(way for way in indicator.needs)
    assert {kind for way in indicator.needs for kind in way} <= set(SourceKind.values)
    assert set(indicator.axes) <= {"commune", "family", "sector", "size"}
    assert indicator.limits_fr
    assert indicator.told_fr.count("{value}") + indicator.told_fr.count("{number}") == 1
    for sentence in (indicator.definition_fr, indicator.told_fr, *indicator.limits_fr):
        assert sentence.endswith("."), sentence
    for words in (indicator.name_fr, indicator.short_fr, indicator.definition_fr, indicator.formula_fr):
        assert words and "{" not in words and "'" not in words


def test_secrecy_is_for_jobs_and_what_comes_from_them():
    secret = {code for code, indicator in indicators().items() if indicator.secret}
    assert {"jobs", "share_of_employment", "location_quotient", "concentration", "shift_local"} <= secret
    assert not secret & {"employer_establishments", "establishments", "legal_units", "births", "survival_5"}


def test_what_is_stored_fits_its_columns():
    for code, indicator in indicators().items():
        assert len(code) <= Value._meta.get_field("indicator").max_length
        assert len(indicator.unit) <= Value._meta.get_field("unit").max_length
    assert all(len(code) <= Value._meta.get_field("because").max_length for code in reasons())


def test_without_size_classes_there_is_neither_employer_nor_job():
    forbidden = forbidden_without({"trancheEffectifsEtablissement"})
    assert {"employer_establishments", "jobs", "share_of_employment", "concentration"} <= set(forbidden)
    assert not {"establishments", "legal_units", "births"} & set(forbidden)
    assert forbidden_without(()) == ()


def test_a_stock_without_history_gives_no_birth_and_a_table_gives_jobs_without_it():
    stock = impossible_with({"stock_units", "stock_places"})
    assert {"births", "closures", "survival_5", "approved_esus"} <= set(stock)
    assert "jobs" not in stock
    assert "jobs" not in impossible_with({"table"})
    assert not set(impossible_with(())) & {"all_jobs", "population"}
    assert len(impossible_with(SourceKind.values)) == 0


def test_each_share_has_its_denominator_among_the_indicators():
    assert set(SHARE_OF.values()) | set(DENOMINATOR_OF.values()) <= set(indicators())
    assert indicators()["all_jobs"].context and not indicators()["jobs"].context


def test_what_adds_up_is_what_is_counted_once():
    assert indicators()["jobs"].additive and indicators()["employer_establishments"].additive
    # A legal unit is in every commune where it has a place.
    assert not indicators()["legal_units"].additive
    assert not indicators()["share_of_employment"].additive


def test_a_reason_is_declared_once():
    codes = [one["code"] for one in tomllib.loads(REASONS_TOML.read_text(encoding="utf-8"))["reason"]]
    assert len(codes) == len(set(codes))


def test_a_reason_has_its_status_and_its_sentence():
    for code, reason in reasons().items():
        assert re.fullmatch(r"[a-z_]+", code)
        assert reason.sentence_fr.endswith(".") and reason.short_fr
        assert code.startswith("secret_") == (reason.status is Status.HIDDEN)


def test_secrecy_has_a_sentence_for_each_of_its_verdicts():
    assert {"secret_few", "secret_dominant", "secret_complementary"} <= set(reasons())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_words_are_spaced_as_french_print_is(file):
    for words in _texts(tomllib.loads(file.read_text(encoding="utf-8"))):
        assert not re.search(r"« | »| :( |$)| [;?!%]|'", words), words


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
