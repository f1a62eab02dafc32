"""The paths: their stages, what a gate waits for, and the needs of structures counted without telling who."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.needs_survey import (
    Action,
    Counted,
    Said,
    asked,
    count,
    declared,
    possibilities,
    unready,
    without_action,
)
from toile.pathway.rules.stages import UnknownStage, gate, path_of, paths

TODAY = date(2026, 11, 21)
STAGES = [(path, stage) for path in paths().values() for stage in path.stages]


def test_the_six_paths_and_the_stages_of_creation_are_there():
    assert list(paths()) == ["creation", "reprise", "societe_ess", "consolidation", "changement_echelle", "dla"]
    assert [s.code for s in path_of("creation").stages] == ["ideation", "validation", "modelisation", "creation"]
    assert [s.code for s in path_of("reprise").stages] == [
        "analyse", "structuration", "montage_financier", "demarrage", "developpement",
    ]  # fmt: skip
    assert len(path_of("dla").stages) == 5


@pytest.mark.parametrize(("path", "stage"), STAGES, ids=lambda each: each.code)
def test_each_stage_draws_on_a_stage_of_the_matrix_asks_and_produces_something(path, stage):
    assert stage.matrix in {known.code for known in matrix().stages}
    assert stage.questions and stage.deliverables and stage.gate_fr.endswith(".")
    assert any(not each.optional for each in stage.deliverables)
    assert len({each.code for each in stage.questions}) == len(stage.questions)
    assert len({each.code for each in stage.deliverables}) == len(stage.deliverables)


def test_the_stages_follow_one_another_and_the_last_has_none_after():
    creation = path_of("creation")
    assert creation.after("ideation").code == "validation"
    assert creation.after("creation") is None
    assert creation.entry("modelisation").code == "modelisation"
    assert path_of("reprise").entry("modelisation").code == "analyse"


def test_a_gate_says_what_is_missing_then_is_ready():
    waiting = gate("creation", "ideation", {}, ["besoin"], TODAY)
    assert not waiting.ready
    assert [(lack.kind, lack.code) for lack in waiting.missing] == [
        ("deliverable", "note_besoin"), ("question", "preuve"), ("question", "porteurs"),
    ]  # fmt: skip
    assert gate("creation", "ideation", {"note_besoin": TODAY}, ["besoin", "preuve", "porteurs"], TODAY).ready


def test_an_optional_deliverable_keeps_no_gate_closed():
    done = {"entretiens": TODAY, "premiers_prix": TODAY}
    assert gate("creation", "validation", done, ["rencontres", "prix", "autres"], TODAY).ready


@pytest.mark.parametrize(("made", "fresh"), [(date(2025, 5, 21), True), (date(2025, 5, 20), False)])
def test_a_diagnosis_of_more_than_eighteen_months_is_done_again_before_a_plan(made, fresh):
    done = {"diagnostic": made, "plan_accompagnement": TODAY, "avis_comite": TODAY}
    found = gate("dla", "plan", done, ["actions", "comite"], TODAY)
    assert found.ready is fresh
    if not fresh:
        assert "18 mois" in found.missing[0].why_fr


def test_a_path_or_a_stage_that_does_not_exist_is_said():
    with pytest.raises(UnknownStage, match="lune"):
        path_of("lune")
    with pytest.raises(UnknownStage, match="lune"):
        gate("creation", "lune", {}, [], TODAY)


def test_a_need_is_counted_once_for_a_structure_whatever_its_people_say():
    said = [Said("a", "locaux"), Said("a", "locaux", True), Said("b", "locaux"), Said("c", "locaux")]
    assert count(said, ["locaux"]) == (Counted("locaux", 3, None),)


def test_fewer_than_three_structures_are_never_told_nor_is_nobody():
    said = [Said("a", "locaux"), Said("b", "locaux")]
    assert count(said, ["locaux", "ptce"]) == (Counted("locaux", None, None), Counted("ptce", None, None))


def test_the_urgent_ones_are_told_only_when_neither_they_nor_the_others_are_few():
    three = [Said(each, "locaux", True) for each in "abc"]
    assert count(three, ["locaux"]) == (Counted("locaux", 3, 3),)
    assert count([*three, Said("d", "locaux")], ["locaux"]) == (Counted("locaux", 4, None),)
    assert count([*three, *(Said(each, "locaux") for each in "def")], ["locaux"]) == (Counted("locaux", 6, 3),)


@given(st.lists(st.builds(Said, st.sampled_from("abcdef"), st.sampled_from(["x", "y"]), st.booleans())))
def test_no_number_told_is_under_the_limit_nor_lets_one_be_found(said):
    for each in count(said, ["x", "y"]):
        assert each.structures is None or each.structures >= 3
        if each.urgent is not None:
            assert each.urgent >= 3 and each.structures - each.urgent in {0, *range(3, 99)}


def test_shared_needs_suggest_possibilities_the_most_shared_first():
    found = possibilities(
        [Counted("locaux", 3, None), Counted("gestion_financiere", 5, None), Counted("ptce", None, None)]
    )
    assert [each.possibility.code for each in found] == [
        "dla_collectif", "formation_commune", "emploi_partage", "lieu_partage",
    ]  # fmt: skip
    assert found[0].needs == (Counted("gestion_financiere", 5, None),)


def test_every_possibility_answers_needs_that_are_asked_about():
    needs = asked(matrix())
    for possibility in declared().possibilities:
        assert set(possibility.needs) <= set(needs), possibility.code
        assert possibility.at_least >= declared().published_from >= 3


def test_needs_without_an_action_and_actions_without_who_or_when_are_told():
    actions = [Action("locaux", "Visiter trois lieux", "", None), Action("x", "y", "z", TODAY)]
    counted = [Counted("locaux", 3, None), Counted("formation", 4, None), Counted("ptce", None, None)]
    assert without_action(counted, actions) == ("formation",)
    assert unready(actions) == {0: ("qui", "quand")}
