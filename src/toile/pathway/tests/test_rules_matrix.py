"""The matrix of needs: the document's words, our reading labelled, and the holes nobody fills."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.matrix import MATRIX_TOML, Cell, MatrixFault, holes, matrix
from toile.pathway.rules.offers import Offer

ON = date(2026, 11, 21)
MATRIX = matrix()
EVERYTHING = Offer("all", "p", "Un partenaire", "Tout", frozenset(MATRIX.needs))


def test_the_four_headings_stand_in_their_order():
    assert [one.title for one in MATRIX.headings] == [
        "Création",
        "Consolidation",
        "Changement d’échelle",
        "Pérennisation",
    ]


def test_the_eight_stages_are_those_of_the_domain():
    assert [one.code for one in MATRIX.stages] == [
        "ideation",
        "validation",
        "modelisation",
        "creation",
        "reprise",
        "societe_ess",
        "consolidation",
        "changement_echelle",
    ]


def test_changing_scale_keeps_its_five():
    five = [n.code for n in MATRIX.of_stage("changement_echelle") if n.source == "document"]
    assert five == ["diversification", "duplication", "fertilisation", "cooperation", "mutualisation"]


def test_takeover_keeps_its_five():
    five = [n.code for n in MATRIX.of_stage("reprise") if n.source == "document"]
    assert five == ["analyse_activite", "structuration", "montage_financier", "demarrage", "developpement"]


def test_the_reading_is_labelled_as_ours():
    assert "notre lecture" in MATRIX.reading
    assert {need.source for need in MATRIX.needs.values()} == {"document", "ours"}


def test_every_need_stands_somewhere_and_every_stage_has_one():
    cells = list(MATRIX.cells())
    assert {cell.need for cell in cells} == set(MATRIX.needs)
    assert {cell.stage for cell in cells} == {stage.code for stage in MATRIX.stages}
    assert {cell.heading for cell in cells} == {heading.code for heading in MATRIX.headings}
    assert len(cells) == len(set(cells))


def test_without_offers_every_place_is_a_hole():
    assert len(holes(MATRIX, [], {}, ON)) == len(list(MATRIX.cells()))


def test_an_offer_that_does_everything_leaves_no_hole():
    assert holes(MATRIX, [EVERYTHING], {}, ON) == ()


def test_an_offer_that_is_over_leaves_its_hole():
    over = Offer("1", "p", "P", "T", frozenset(MATRIX.needs), valid_until=date(2026, 11, 20))
    until_today = Offer("1", "p", "P", "T", frozenset(MATRIX.needs), valid_until=ON)
    assert len(holes(MATRIX, [over], {}, ON)) == len(list(MATRIX.cells()))
    assert holes(MATRIX, [until_today], {}, ON) == ()


def test_an_offer_fills_its_own_stages_only():
    one = Offer("1", "p", "P", "T", frozenset({"financement"}), stages=frozenset({"creation"}))
    filled = set(MATRIX.cells()) - {hole.cell for hole in holes(MATRIX, [one], {}, ON)}
    assert filled == {Cell("creation", "creation", "financement")}


def test_a_median_wait_of_thirty_days_is_no_hole_and_of_thirty_one_is():
    key = ("creation", "premier_developpement")
    assert holes(MATRIX, [EVERYTHING], {key: [10, 30, 90]}, ON) == ()
    (hole,) = holes(MATRIX, [EVERYTHING], {key: [10, 31, 90]}, ON)
    assert (hole.kind, hole.median_days, hole.waited) == ("wait", 31.0, 3)
    assert hole.cell == Cell("creation", "creation", "premier_developpement")


def test_a_public_page_tells_no_wait_of_fewer_than_five_persons():
    key = ("creation", "premier_developpement")
    assert holes(MATRIX, [EVERYTHING], {key: [90] * 4}, ON, least=MATRIX.least_told) == ()
    assert len(holes(MATRIX, [EVERYTHING], {key: [90] * 5}, ON, least=MATRIX.least_told)) == 1


@given(st.lists(st.integers(0, 400), max_size=12))
def test_a_wait_is_a_hole_exactly_when_its_median_is_over_the_setting(waited):
    found = holes(MATRIX, [EVERYTHING], {("creation", "ameliorer_modele"): waited}, ON)
    middle = sorted(waited)[len(waited) // 2] + sorted(waited)[(len(waited) - 1) // 2] if waited else 0
    assert bool(found) is (middle > 2 * MATRIX.long_wait_days)


@given(st.sets(st.sampled_from(sorted(MATRIX.needs))))
def test_the_needs_left_in_holes_are_those_nobody_serves(served):
    offer = Offer("1", "p", "P", "T", frozenset(served))
    assert {hole.cell.need for hole in holes(MATRIX, [offer], {}, ON)} == set(MATRIX.needs) - served


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = MATRIX_TOML.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "matrix.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


DIFFICULTIES = 'title = "Traverser une difficulté"'


def test_a_need_declared_unserved_says_why_and_its_hole_says_so(tmp_path):
    path = changed(tmp_path, DIFFICULTIES, DIFFICULTIES + '\nserved = "unserved"\nbecause = "Appel en cours."')
    found = [hole for hole in holes(matrix(path), [], {}, ON) if hole.cell.need == "difficultes"]
    assert [(hole.kind, hole.sentence) for hole in found] == [("declared", "Appel en cours.")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (DIFFICULTIES, DIFFICULTIES + '\nserved = "unserved"', "doit dire pourquoi"),
        ('under.creation = ["ideation"]', 'under.nowhere = ["ideation"]', "nowhere"),
        ('under.creation = ["ideation"]', 'under.creation = ["nowhen"]', "nowhen"),
        ('under.creation = ["ideation"]', "under.creation = []", "aucune étape"),
        ('code = "difficultes"', 'code = "gouvernance"', "deux fois"),
        ('code = "validation"\ntitle', 'code = "ideation"\ntitle', "sert deux fois"),
    ],
)
def test_a_matrix_that_contradicts_itself_says_where(tmp_path, old, new, words):
    with pytest.raises(MatrixFault, match=words):
        matrix(changed(tmp_path, old, new))
