"""Qualification: the worked example of the trade, its bands and its cap, and what is not known."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.conditions import NO_WORDS
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.rules.qualifying import (
    WEIGHTS,
    ReadinessPart,
    qualify,
    readiness_of,
    stage_of,
)

TODAY = date(2026, 11, 21)
OURS = default_procedure()

WORKSHOP = {
    "Q01": "alone", "Q02": "create", "Q03": "Firminy",
    "Q04": {"words": "Des objets jetés, des gens qui savent réparer", "scale": 3},
    "Q05": {"words": "Un atelier de réparation", "activity": "craft", "scale": 2},
    "Q06": 2, "Q07": 1, "Q08": {"there": ["trade", "management", "people"], "missing": ["law"]},
    "Q09": "job_seeker", "Q10": "30_up", "Q12": "2027-02-01",
    "Q13": {"sales": 60, "subsidies": 30, "gifts": 0, "fees": 10}, "Q14": 1,
    "Q15": {"needed": "10000.00", "found": "0.00"}, "Q16": "maybe",
    "Q17": "several", "Q18": "kept", "Q19": ["place", "environment"],
    "Q20": {"form": "none", "registered": "no", "siren": None}, "Q25": {"who": ["door"], "months": "12"},
}  # fmt: skip


def parts(*levels: int | None) -> tuple[ReadinessPart, ...]:
    return tuple(
        ReadinessPart(code, code, weight, None if level is None else Fraction(level), ())
        for (code, weight), level in zip(WEIGHTS.items(), levels, strict=True)
    )


def test_the_worked_example_is_155_thirds_hence_validation():
    found = readiness_of(parts(3, 2, 1, 2, 1, 0, 0))
    assert found.score == Fraction(155, 3)
    assert round(float(found.score), 2) == 51.67
    assert stage_of("creation", parts(3, 2, 1, 2, 1, 0, 0), NO_WORDS)[0] == "validation"


def test_the_answers_of_a_repair_workshop_give_the_worked_example():
    found = qualify(OURS, WORKSHOP, TODAY)
    assert [part.level for part in found.readiness_parts] == [3, 2, 1, 2, 1, 0, 0]
    assert [part.points for part in found.readiness_parts] == [20, 10, Fraction(20, 3), 10, 5, 0, 0]
    assert (found.nature, found.path, found.stage) == ("alone", "creation", "validation")
    assert found.readiness.score == found.readiness.low == found.readiness.high == Fraction(155, 3)
    assert found.stage_reason == "Maturité\u00a0: 51,67 sur 100."
    assert (found.missing, found.unknown, found.contradictions) == ((), (), ())


@pytest.mark.parametrize(
    ("levels", "stage"),
    [
        ((1, 1, 1, 1, 1, 1, 1), "ideation"),  # 33.33
        ((1, 2, 1, 1, 0, 0, 0), "ideation"),  # 28.33
        ((3, 3, 0, 0, 0, 0, 0), "validation"),  # exactly 35
        ((3, 3, 0, 3, 0, 0, 3), "modelisation"),  # exactly 55
        ((3, 3, 3, 3, 0, 0, 3), "creation"),  # exactly 75
        ((0, 3, 3, 3, 3, 3, 3), "ideation"),  # 80, but nobody looked at the need
    ],
)
def test_the_bands_begin_at_their_bound_and_a_need_not_looked_at_caps(levels, stage):
    assert stage_of("creation", parts(*levels), NO_WORDS)[0] == stage


def test_the_bounds_are_exact():
    at_bounds = ((3, 3, 0, 0, 0, 0, 0), (3, 3, 0, 3, 0, 0, 3), (3, 3, 3, 3, 0, 0, 3))
    assert [readiness_of(parts(*levels)).score for levels in at_bounds] == [35, 55, 75]


levels = st.one_of(st.none(), st.integers(0, 3))


@given(st.tuples(*[levels] * 7))
def test_what_is_not_known_is_never_zero_and_the_score_stays_between_its_bounds(each):
    found = readiness_of(parts(*each))
    assert 0 <= found.low <= found.high <= 100
    filled = readiness_of(parts(*(0 if level is None else level for level in each)))
    best = readiness_of(parts(*(3 if level is None else level for level in each)))
    assert (found.low, found.high) == (filled.score, best.score)
    if found.score is None:
        assert set(each) == {None}
    else:
        assert found.low <= found.score <= found.high


@given(st.tuples(*[levels] * 7), st.integers(0, 6))
def test_a_higher_level_never_lowers_readiness(each, which):
    before = each[which]
    if before is not None and before < 3:
        higher = (*each[:which], before + 1, *each[which + 1 :])
        assert readiness_of(parts(*higher)).score > readiness_of(parts(*each)).score


def test_with_nothing_known_there_is_no_stage_and_with_little_it_is_the_prudent_one():
    assert qualify(OURS, {}, TODAY).stage == ""
    assert qualify(OURS, {"Q04": None, "Q07": None}, TODAY).readiness.score is None
    little = qualify(OURS, {"Q04": {"words": None, "scale": 3}, "Q07": 3}, TODAY)
    assert (little.readiness.known, little.stage) == (40, "validation")
    assert "au plus prudent" in little.stage_reason


@pytest.mark.parametrize(
    ("wish", "path"),
    [("takeover", "reprise"), ("grow", "changement_echelle"), ("consolidate", "consolidation")],
)
def test_other_paths_have_their_own_stage(wish, path):
    found = qualify(OURS, {"Q01": "existing", "Q02": wish}, TODAY)
    assert (found.path, found.stage) == (path, path)


def test_the_ess_is_told_apart_part_by_part_and_never_added():
    told = {part.code: (part.level, part.said) for part in qualify(OURS, WORKSHOP, TODAY).ess}
    assert told["ess_governance"][0] == told["ess_profit"][0] == told["ess_aim"][0] == 2
    assert told["ess_aim"][1] == "à la vie du quartier, du village, à l’environnement"
    none = qualify(OURS, {"Q17": None, "Q18": "shared"}, TODAY).ess
    assert [part.level for part in none] == [None, None, 0]


def test_needs_attention_and_potential_say_the_answers_they_come_from():
    found = qualify(OURS, WORKSHOP, TODAY)
    needs = {need.code: need for need in found.needs}
    assert {
        "etude_opportunite",
        "valider_potentiel",
        "prevision",
        "financement",
        "juridique",
        "tester_activite",
    } <= set(needs)
    assert needs["financement"].questions == ("Q15",)
    assert needs["financement"].reasons == ("Argent qui manque\u00a0: 10\u202f000 (plus de 0)",)
    assert {point.code for point in found.attention} >= {"income_soon", "gap_no_forecast"}
    assert {point.code for point in found.potential} == {"proved_need", "ess_by_intent", "several_kinds"}
    assert all(point.reasons and point.questions for point in (*found.attention, *found.potential))


def test_wishes_of_a_structure_are_needs_with_their_own_words():
    told = {"employees": 6, "cash_months": 1, "biggest_funder": 60, "trouble": "some", "wishes": ["pole", "staff"]}
    found = qualify(OURS, {"Q01": "existing", "Q02": "consolidate", "Q24": told}, TODAY)
    assert {"ptce", "ressources_humaines", "difficultes"} <= {need.code for need in found.needs}
    assert {"little_cash", "one_funder"} <= {point.code for point in found.attention}
    assert len({need.code for need in found.needs}) == len(found.needs)


def test_answers_of_a_branch_left_are_not_read():
    left = WORKSHOP | {"Q01": "existing"}
    found = qualify(OURS, left, TODAY)
    assert "income_soon" not in {point.code for point in found.attention}


def test_what_nobody_knows_is_listed_apart_from_what_was_not_asked():
    found = qualify(OURS, {"Q01": "alone", "Q02": None, "Q15": {"needed": None, "found": None}}, TODAY)
    assert found.unknown == ("Q02", "Q15")
    assert "Q03" in found.missing
    assert "Q02" not in found.missing
