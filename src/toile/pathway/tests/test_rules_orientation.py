"""Orientation: the rules of the domain in their order, each with its reason; what is left out says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.conditions import ConditionRefused
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.offers import HELPERS, Offer
from toile.pathway.rules.orientation import DOOR_KEEPS, Project, orient_facts
from toile.pathway.rules.orientation_rules import ORIENTATION_TOML, OrientationRefused, faults, rules_of

ON = date(2026, 11, 21)
JULY = date(2026, 7, 1)
MATRIX, RULES = matrix(), rules_of()

NEED_OF = {
    "cjs": "tester_activite",
    "pepite": "tester_activite",
    "youth_project": "tester_activite",
    "cae": "tester_activite",
    "union_scop": "gouvernance",
    "solidarity_finance": "financement",
    "dla": "difficultes",
    "craft_chamber": "premier_developpement",
    "trade_chamber": "premier_developpement",
    "premises": "locaux",
}
OFFERS = [Offer(helper, helper, helper, helper, frozenset({need}), helper=helper) for helper, need in NEED_OF.items()]
WORKSHOP = Offer("workshop", "mife", "MIFE", "Atelier de prévision", frozenset({"prevision"}))


def oriented(facts, *, needs=(), stage="creation", offers=(), on=ON, places=()):
    facts = {"month": on.month, **facts}
    project = Project(facts, stage, str(facts.get("nature", "")), frozenset(places), tuple(needs), on)
    return orient_facts(project, [*OFFERS, WORKSHOP, *offers] if not offers else list(offers), RULES, MATRIX)


def codes(found):
    return [one.offer.code for one in found.suggestions]


def test_the_rules_name_only_needs_of_the_matrix_and_all_kinds_of_help():
    assert faults(RULES, MATRIX) == ()
    assert {target.helper for rule in RULES.rules for target in rule.targets} - {""} == set(HELPERS)


def test_the_rules_stand_in_the_order_of_the_domain():
    assert [rule.code for rule in RULES.rules] == [
        "cjs",
        "student",
        "youth_project",
        "cae",
        "takeover",
        "dla",
        "finance",
        "forecast_first",
        "premises",
        "craft",
        "trade",
        "stakeholders",
        "needs",
    ]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"situation": "student", "age_band": None}, ["pepite", "cae"]),
        ({"situation": "student", "age_band": "30_up"}, []),
        ({"age_band": "18_25", "ess_aim": 2, "path": "creation"}, ["youth_project"]),
        (
            {"nature": "alone", "path": "creation", "activity": "services", "months_to_income": 5, "income_sales": 70},
            ["cae"],
        ),
        ({"nature": "alone", "path": "creation", "activity": "services", "months_to_income": 6}, []),
        (
            {"nature": "group", "path": "creation", "activity": "services", "months_to_income": 5},
            [],
        ),
        ({"path": "reprise"}, ["union_scop", "solidarity_finance"]),
        ({"nature": "existing", "employees": 1, "trouble": "some"}, ["dla"]),
        ({"nature": "existing", "employees": 0, "trouble": "some"}, []),
        ({"gap": "1000", "forecast": 2}, ["solidarity_finance"]),
        ({"gap": "1000", "forecast": 1}, ["workshop"]),
        ({"gap": "0", "forecast": 3}, []),
        ({"premises": ["workshop"]}, ["premises"]),
        ({"activity": "craft", "path": "creation"}, ["craft_chamber"]),
        ({"activity": "trade", "path": "creation"}, ["trade_chamber"]),
        ({"power": "several", "path": "creation"}, ["union_scop"]),
    ],
)
def test_each_rule_of_the_domain_finds_its_partner(facts, found):
    assert codes(oriented(facts)) == found


@pytest.mark.parametrize(("month", "found"), [(3, []), (4, ["cjs"]), (8, ["cjs"]), (9, [])])
def test_a_minor_is_told_of_the_youth_cooperative_as_summer_comes(month, found):
    assert codes(oriented({"age_band": "under_18"}, on=date(2026, month, 1))) == found


@pytest.mark.parametrize(
    ("facts", "urgency"),
    [
        ({"takeover_state": "healthy"}, "normal"),
        ({"takeover_state": "healthy", "days_to_deadline": 45}, "normal"),
        ({"takeover_state": "healthy", "days_to_deadline": 44}, "urgent"),
        ({"takeover_state": "court", "days_to_deadline": 90}, "same_day"),
        ({"takeover_state": None}, "normal"),
    ],
)
def test_a_court_makes_a_takeover_a_matter_of_the_same_day(facts, urgency):
    found = oriented({"path": "reprise", **facts})
    assert {one.urgency for one in found.suggestions} == {urgency}


def test_what_presses_comes_first_whatever_the_order_of_the_rules():
    found = oriented({"situation": "student", "age_band": "18_25", "path": "reprise", "takeover_state": "court"})
    assert codes(found) == ["union_scop", "solidarity_finance", "pepite", "cae"]


def test_each_suggestion_prints_the_reason_of_its_rule_and_what_it_was_read_from():
    (one,) = oriented({"gap": "1000", "forecast": 2}).suggestions
    assert one.rule == "finance"
    assert "finance solidaire" in one.reasons[0]
    assert any("forecast" in reason for reason in one.reasons)


def test_a_forecast_to_be_made_leaves_the_money_for_later():
    found = oriented({"gap": "1000", "forecast": 0}, needs=["financement", "prevision"])
    assert codes(found) == ["workshop"]


def test_an_answer_that_is_not_known_settles_no_rule_and_is_told():
    found = oriented({"gap": "1000", "forecast": None})
    tried = {one.code: one for one in found.tried}
    assert (tried["finance"].holds, tried["forecast_first"].holds) == (None, None)
    assert any("ne sait pas" in reason for reason in tried["finance"].reasons)


def test_an_offer_that_two_rules_find_is_suggested_once_with_both_reasons():
    found = oriented({"path": "reprise", "power": "several"})
    assert codes(found) == ["union_scop", "solidarity_finance"]
    assert len([reason for reason in found.suggestions[0].reasons if reason.endswith(".")]) == 2


def test_nobody_fits_then_the_door_keeps_the_file_and_the_hole_is_counted():
    found = oriented({"premises": ["desk"]}, needs=["locaux"], offers=[WORKSHOP])
    assert found.suggestions == ()
    assert found.door_keeps == DOOR_KEEPS
    assert {(hole.stage, hole.need) for hole in found.holes} == {("creation", "locaux")}


def test_even_with_no_need_a_hole_is_counted_when_nothing_is_suggested():
    found = oriented({}, stage="ideation")
    assert found.door_keeps == DOOR_KEEPS
    assert len(found.holes) == 1


def test_a_need_that_somebody_answers_is_no_hole():
    other = replace(WORKSHOP, code="other", needs=frozenset({"locaux"}))
    found = oriented({"premises": ["desk"]}, needs=["locaux"], offers=[other])
    assert codes(found) == ["other"]
    assert found.holes == ()


HERE = Offer("here", "p", "P", "Ici", frozenset({"clients"}))


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"valid_until": date(2026, 11, 20)}, "closed"),
        ({"valid_from": date(2026, 11, 22)}, "closed"),
        ({"paused": True}, "closed"),
        ({"places": 0}, "full"),
        ({"perimeters": frozenset({"42207"})}, "elsewhere"),
        ({"natures": frozenset({"existing"})}, "nature"),
        ({"publics": frozenset({"job_seeker"})}, "public"),
    ],
)
def test_what_is_left_out_says_why(said, because):
    facts = {"nature": "alone", "situation": "employee", "path": "creation"}
    found = oriented(facts, needs=["clients"], offers=[replace(HERE, **said)], places=["42218", "244200770"])
    assert found.suggestions == ()
    assert [(one.offer.code, one.because) for one in found.why_not] == [("here", because)]
    assert found.why_not[0].sentence.endswith(".")


@pytest.mark.parametrize(
    "said",
    [
        {"perimeters": frozenset({"244200770"})},
        {"natures": frozenset({"alone", "group"})},
        {"publics": frozenset({"job_seeker", "alone"})},
        {"stages": frozenset({"creation"})},
    ],
)
def test_what_fits_is_suggested(said):
    found = oriented({"nature": "alone"}, needs=["clients"], offers=[replace(HERE, **said)], places=["244200770"])
    assert codes(found) == ["here"]
    assert found.suggestions[0].checks == ()


def test_what_is_not_known_excludes_nobody_and_is_to_be_checked():
    said = {"perimeters": frozenset({"1"}), "natures": frozenset({"group"}), "publics": frozenset({"young"})}
    (one,) = oriented({}, needs=["clients"], offers=[replace(HERE, confirmed=False, **said)]).suggestions
    assert len(one.checks) == 4
    assert one.checks[-1] == "Rôle à confirmer par le partenaire."


def test_the_soonest_come_first_and_three_at_most():
    offers = [replace(HERE, code=str(days), delay_days=days) for days in (30, 2, 9, 21)]
    offers.append(replace(HERE, code="unsaid"))
    found = oriented({}, needs=["clients"], offers=offers)
    assert codes(found) == ["2", "9", "21"]


@pytest.mark.parametrize(
    ("said", "consent"),
    [({}, None), ({"consent": None}, None), ({"consent": ["door"]}, False), ({"consent": ["summary"]}, True)],
)
def test_the_consent_is_told_apart(said, consent):
    assert oriented(said).consent is consent


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "nature": st.sampled_from(["alone", "group", "existing", None]),
        "path": st.sampled_from(["creation", "reprise", "consolidation", "changement_echelle", None]),
        "age_band": st.sampled_from(["under_18", "18_25", "26_29", "30_up", None]),
        "situation": st.sampled_from(["job_seeker", "employee", "student", None]),
        "activity": st.sampled_from(["craft", "trade", "services", None]),
        "gap": st.sampled_from(["0", "1000", None]),
        "forecast": st.sampled_from([0, 1, 2, 3, None]),
        "takeover_state": st.sampled_from(["healthy", "court", None]),
        "power": st.sampled_from(["me", "several", None]),
    },
)
NEEDS = st.lists(st.sampled_from(sorted(MATRIX.needs)), max_size=5, unique=True)
STAGES = st.sampled_from(sorted(MATRIX.titles))


@given(FACTS, NEEDS, STAGES)
def test_every_suggestion_has_a_reason_an_open_offer_and_stands_once(facts, needs, stage):
    found = oriented(facts, needs=needs, stage=stage, on=JULY)
    assert all(one.reasons for one in found.suggestions)
    assert len(set(codes(found))) == len(found.suggestions)
    assert bool(found.door_keeps) is (not found.suggestions)
    assert found.suggestions or found.holes
    assert len(found.tried) == len(RULES.rules)


@given(FACTS, NEEDS, STAGES)
def test_a_need_is_either_answered_settled_or_a_hole(facts, needs, stage):
    found = oriented(facts, needs=needs, stage=stage)
    answered = {need for one in found.suggestions for need in (one.need, *one.offer.needs)}
    settled = {"financement"} if any(one.code == "forecast_first" and one.holds for one in found.tried) else set()
    assert set(needs) <= answered | settled | {hole.need for hole in found.holes}


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = ORIENTATION_TOML.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "orientation.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ('code = "student"', 'code = "cjs"', OrientationRefused, "deux fois"),
        ('helper = "pepite"', 'helper = "oracle"', OrientationRefused, "oracle"),
        (', need = "locaux"', "", OrientationRefused, "quel besoin"),
        ('level = "same_day"', 'level = "hier"', OrientationRefused, "hier"),
        ('code = "employee"', 'code = "martien"', OrientationRefused, "martien"),
        ("at_least = 4", "atleast = 4", ConditionRefused, "atleast"),
    ],
)
def test_a_file_of_rules_that_cannot_be_read_says_where(tmp_path, old, new, error, words):
    with pytest.raises(error, match=words):
        rules_of(changed(tmp_path, old, new))


def test_a_need_that_the_matrix_does_not_have_is_a_fault(tmp_path):
    path = changed(tmp_path, 'need = "locaux"', 'need = "lune"')
    assert any("lune" in sentence for sentence in faults(rules_of(path), MATRIX))


def test_an_offer_that_two_rules_find_is_as_pressing_as_the_most_pressing():
    facts = {"situation": "student", "age_band": "18_25", "nature": "alone", "path": "creation"}
    soon = {"activity": "services", "income_sales": 70, "months_to_income": 1}
    found = oriented(facts | soon)
    assert [(one.offer.code, one.urgency) for one in found.suggestions] == [("cae", "urgent"), ("pepite", "normal")]
