"""What came of the firms followed: tables A and B of the domain to their digits, left truncation, small numbers."""

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.panorama.rules.survival import Observation, kaplan_meier
from toile.pathway.rules.comparison import log_rank
from toile.pathway.rules.outcome import leavings, limits, observation, outcome, reference


def observed(words: str) -> list[Observation]:
    """« 6 8 8+ » : two that ended, one censored."""
    return [Observation(float(word.rstrip("+")), not word.endswith("+")) for word in words.split()]


A = observed("6 8 8+ 12 15+ 18 18 24+ 30 36+")
B = observed("2 4 5 7 9+ 10 13 16 20 36+")
TABLE = [
    (6, 10, 1, 0.900000, 0.094868, 0.473009, 0.985281),
    (8, 9, 1, 0.800000, 0.126491, 0.408691, 0.945873),
    (12, 7, 1, 0.685714, 0.151494, 0.304585, 0.887148),
    (18, 5, 2, 0.411429, 0.175590, 0.102511, 0.707313),
    (30, 2, 1, 0.205714, 0.169903, 0.012259, 0.566612),
]

times = st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=40)
truncated = st.lists(
    st.tuples(st.integers(1, 20), st.booleans(), st.integers(0, 19)).filter(lambda one: one[2] < one[0]), max_size=40
)


def test_table_a_comes_back_to_its_digits():
    curve = kaplan_meier(A)
    steps = [step for step in curve.steps if step.ended]
    told = [
        (s.time, s.at_risk, s.ended, *(round(v, 6) for v in (s.survival, s.variance**0.5, s.low, s.high)))
        for s in steps
    ]
    assert told == TABLE
    exact = [Fraction(9, 10), Fraction(4, 5), Fraction(24, 35), Fraction(72, 175), Fraction(36, 175)]
    assert [step.survival for step in steps] == pytest.approx([float(one) for one in exact])
    assert curve.median() == 18


def test_the_log_rank_of_a_and_b_shows_no_difference():
    told = log_rank({"A": A, "B": B})
    first, second = told.groups
    assert (first.ended, round(first.expected, 6)) == (6, 8.472542)
    assert (second.ended, round(second.expected, 6)) == (8, 5.527458)
    assert (round(told.variance, 6), round(told.chi2, 6), round(told.p, 6)) == (3.225723, 1.895222, 0.168614)


def test_three_groups_have_two_degrees_and_one_group_nothing():
    told = log_rank({"A": A, "B": B, "C": A})
    assert (told.degrees, told.p) == (2, pytest.approx(math.exp(-told.chi2 / 2)))
    assert log_rank({"A": A}).chi2 is None
    assert log_rank({}).groups == ()
    assert log_rank({"A": observed("3+"), "B": observed("5+")}).p is None


@given(times, times)
def test_the_log_rank_does_not_depend_on_the_order_of_groups(one, other):
    groups = {"A": [Observation(*each) for each in one], "B": [Observation(*each) for each in other]}
    forth, back = log_rank(groups), log_rank(dict(reversed(groups.items())))
    assert forth.chi2 == (None if back.chi2 is None else pytest.approx(back.chi2, abs=1e-9))
    assert sum(group.expected for group in forth.groups) == pytest.approx(sum(group.ended for group in forth.groups))
    assert forth.p is None or 0 <= forth.p <= 1


def test_who_enters_late_is_at_risk_only_from_then():
    # Entered at 10: the end at 6 is one of two, not one of three.
    curve = kaplan_meier([Observation(6, True), Observation(20, False), Observation(15, True, entry=10)])
    assert [(step.time, step.at_risk, step.ended, step.entered) for step in curve.steps] == [
        (6, 2, 1, 0),
        (10, 1, 0, 0 + 1),
        (15, 2, 1, 0),
        (20, 1, 0, 0),
    ]
    assert curve.at(15, min_at_risk=1).survival == pytest.approx(1 / 4)
    assert [curve.at_risk(time) for time in (0, 6, 7, 10, 12, 15, 16, 21)] == [2, 2, 1, 1, 2, 2, 1, 0]


@given(truncated, st.integers(0, 21))
def test_at_risk_are_those_entered_before_and_not_gone(rows, time):
    curve = kaplan_meier(Observation(end, ended, 1, entry) for end, ended, entry in rows)
    assert curve.at_risk(time) == sum((entry < time or not entry) and end >= time for end, _ended, entry in rows)
    for step in curve.steps:
        assert 0 <= step.low <= step.survival <= step.high <= 1


@pytest.mark.parametrize("entry", [-1, 5, 6, math.nan])
def test_a_following_that_ends_before_it_begins_is_loud(entry):
    with pytest.raises(ValueError, match="followed from"):
        kaplan_meier([Observation(5, True, 1, entry)])


def test_under_thirty_firms_or_five_ends_there_is_no_curve():
    few = outcome(A)
    assert (few.followed, few.ended, few.censored, few.curve, few.because) == (10, 6, 4, None, "few_followed")
    assert outcome(observed("5 " * 4 + "9+ " * 30)).because == "few_ended"
    enough = outcome(observed("5 " * 5 + "9+ " * 25))
    assert (enough.because, enough.curve.at(5, min_at_risk=1).survival) == ("", pytest.approx(25 / 30))
    assert "ne prouve pas" in limits().warning


def test_a_curve_does_not_rest_on_the_few_followed_from_the_start():
    late = [Observation(30, False, 1, 20)] * 40
    early = [Observation(time, True, 1, 2) for time in (3, 4, 5, 6, 7)]
    assert outcome([*early, *late]).because == "late_entries"
    assert outcome([*(Observation(time, True) for time in (25, 26, 27, 28, 29)), *late]).because == ""


CREATED, ENTERED = date(2024, 1, 1), date(2025, 1, 1)


def test_a_firm_is_seen_from_the_day_it_entered():
    seen = observation(CREATED, ENTERED, date(2026, 1, 1), ended=True, on=date(2026, 11, 21))
    assert (round(seen.entry, 2), round(seen.time, 2), seen.ended) == (12.02, 24.02, True)
    lasting = observation(CREATED, ENTERED, None, ended=False, on=date(2026, 1, 1))
    assert (lasting.time, lasting.ended) == (seen.time, False)
    # An end that comes after the day looked at has not been seen.
    assert not observation(CREATED, ENTERED, date(2026, 1, 1), ended=True, on=date(2025, 6, 1)).ended
    assert observation(CREATED, ENTERED, None, ended=False, on=ENTERED) is None


def test_a_takeover_a_merger_or_a_move_is_no_end():
    assert [code for code, means in leavings().items() if means == "ended"] == ["ceased"]
    assert [code for code, means in leavings().items() if means == "excluded"] == ["mistake"]


def test_the_reference_values_are_those_of_insee_the_newest_first():
    told = [(one.year, one.three_years, one.five_years) for one in reference().generations]
    assert told == [(2018, 82, 69), (2014, 75, 61), (2010, 71, 60)]
    assert "associations exclues" in reference().covers
