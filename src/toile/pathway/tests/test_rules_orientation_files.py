"""Answers and offers read from a file: what is understood, what is refused and why; the example of the docs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from toile.pathway.rules.facts import lexicon
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.offers import HELPERS
from toile.pathway.rules.orientation import orient
from toile.pathway.rules.orientation_files import (
    CaseRefused,
    generic_offers,
    orientation_told,
    qualification_told,
    read_case,
)
from toile.pathway.rules.orientation_rules import rules_of
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.rules.qualifying import qualify

ON = date(2026, 11, 21)
PROCEDURE, MATRIX = default_procedure(), matrix()
EXAMPLE = Path(__file__).parents[4] / "docs" / "exemples" / "accueil.json"


def oriented(answers, offers=None, on=ON, places=()):
    found = qualify(PROCEDURE, answers, on)
    return orient(found, generic_offers(rules_of()) if offers is None else offers, on, places=places)


def test_the_example_of_the_docs_is_oriented_with_reasons():
    told = read_case(json.loads(EXAMPLE.read_text(encoding="utf-8")), PROCEDURE, MATRIX)
    assert told.refused == {}
    qualified = qualify(PROCEDURE, told.answers, told.on)
    found = orient(qualified, told.offers, told.on, places=told.places, lexicon=lexicon(PROCEDURE))
    assert [one.offer.code for one in found.suggestions] == ["cae", "atelier", "union"]
    assert [(one.offer.code, one.because) for one in found.why_not] == [("ailleurs", "elsewhere")]
    assert "locaux" in {hole.need for hole in found.holes}
    assert "finance" not in {one.offer.code for one in found.suggestions}
    document = json.dumps([qualification_told(qualified), orientation_told(found)], ensure_ascii=False)
    assert "un atelier de prévision d’abord" in document


@pytest.mark.parametrize(
    ("answers", "on", "helpers"),
    [
        ({"Q01": "alone", "Q02": "create", "Q10": "under_18"}, date(2026, 7, 1), ["cjs"]),
        ({"Q01": "alone", "Q02": "create", "Q09": "student", "Q10": "18_25"}, ON, ["pepite", "cae"]),
        (
            {"Q01": "alone", "Q02": "create", "Q10": "18_25", "Q19": ["environment"]},
            ON,
            ["youth_project"],
        ),
        (
            {"Q01": "group", "Q02": "takeover", "Q22": {"staff": 12, "turnover": None, "state": "court"}},
            ON,
            ["union_scop", "solidarity_finance"],
        ),
        (
            {
                "Q01": "existing",
                "Q02": "consolidate",
                "Q24": {"employees": 4, "cash_months": 1, "biggest_funder": 60, "trouble": "serious"},
            },
            ON,
            ["dla"],
        ),
    ],
)
def test_answers_alone_say_which_kinds_of_help_to_look_for(answers, on, helpers):
    assert [one.offer.helper for one in oriented(answers, on=on).suggestions] == helpers


def test_a_court_is_a_matter_of_the_same_day_from_the_answers_themselves():
    answers = {"Q01": "group", "Q02": "takeover", "Q22": {"staff": 12, "turnover": None, "state": "court"}}
    assert {one.urgency for one in oriented(answers).suggestions} == {"same_day"}


def test_generic_offers_stand_for_every_kind_of_help():
    assert {offer.helper for offer in generic_offers(rules_of())} == set(HELPERS)


def test_answers_may_stand_alone_in_the_file():
    told = read_case({"Q01": "alone"}, PROCEDURE, MATRIX)
    assert (told.answers, told.offers, told.on) == ({"Q01": "alone"}, None, None)


def test_an_answer_that_is_not_understood_is_left_out_and_told():
    told = read_case({"Q01": "a crowd", "Q99": 1, "Q02": "create"}, PROCEDURE, MATRIX)
    assert told.answers == {"Q02": "create"}
    assert set(told.refused) == {"Q01", "Q99"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "objet JSON"),
        ({"answers": []}, "objets JSON"),
        ({"answers": {}, "offres": []}, "offres"),
        ({"answers": {}, "offers": {}}, "liste d’offres"),
        ({"answers": {}, "offers": [1]}, "offre 1"),
        ({"answers": {}, "offers": [{"titre": "x"}]}, "titre"),
        ({"answers": {}, "offers": [{"title": "x", "needs": ["lune"]}]}, "lune"),
        ({"answers": {}, "offers": [{"title": "x", "needs": "locaux"}]}, "liste de codes"),
        ({"answers": {}, "offers": [{"title": "x", "needs": ["locaux"], "delay_days": "dix"}]}, "nombre entier"),
        ({"answers": {}, "offers": [{"title": 3, "needs": ["locaux"]}]}, "texte"),
        ({"answers": {}, "offers": [{"title": "x", "needs": ["locaux"], "valid_from": "hier"}]}, "AAAA-MM-JJ"),
        ({"answers": {}, "offers": [{"title": "x", "needs": ["locaux"], "training": {"x": 1}}]}, "training"),
        ({"answers": {}, "date": "21/11/2026"}, "AAAA-MM-JJ"),
        ({"answers": {}, "places": [42218]}, "places"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(raw, words):
    with pytest.raises(CaseRefused, match=words):
        read_case(raw, PROCEDURE, MATRIX)
