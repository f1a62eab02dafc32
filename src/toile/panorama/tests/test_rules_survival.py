"""Survival: a textbook's table to its digits, and what a curve must always be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.panorama.rules.survival import Observation, kaplan_meier, parameters

# Remission in weeks under 6-MP (Freireich et al. 1963), the example of Kalbfleisch and Prentice, and of Klein and
# Moeschberger (table 4.1A: survival and Greenwood's standard error).
ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CENSORED = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
FREIREICH = [(time, True) for time in ENDED] + [(time, False) for time in CENSORED]
TABLE = {  # time: at risk, survival, standard error
    6: (21, 0.857, 0.0764),
    7: (17, 0.807, 0.0869),
    10: (15, 0.753, 0.0963),
    13: (12, 0.690, 0.1068),
    16: (11, 0.627, 0.1141),
    22: (7, 0.538, 0.1282),
    23: (6, 0.448, 0.1346),
}

followed = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=60)


def test_the_textbook_table_comes_back():
    steps = {step.time: step for step in kaplan_meier(FREIREICH).steps if step.ended}
    assert set(steps) == set(TABLE)
    for time, (at_risk, survival, error) in TABLE.items():
        assert steps[time].at_risk == at_risk
        assert round(steps[time].survival, 3) == survival
        assert round(math.sqrt(steps[time].variance), 4) == error


def test_the_band_is_log_log():
    # R, survival::survfit(conf.type = "log-log"), at 10 weeks: 0.503 to 0.889 around 0.753.
    at = kaplan_meier(FREIREICH).at(10, min_at_risk=1)
    assert (round(at.low, 3), round(at.survival, 3), round(at.high, 3)) == (0.503, 0.753, 0.889)


def test_at_a_tied_time_those_lost_from_sight_were_still_at_risk():
    curve = kaplan_meier([(1, True), (1, False), (2, True)])
    assert [(step.at_risk, step.ended, step.censored) for step in curve.steps] == [(3, 1, 1), (1, 1, 0)]
    assert curve.steps[0].survival == pytest.approx(2 / 3)


def test_between_two_times_the_curve_is_flat_and_before_the_first_it_is_one():
    curve = kaplan_meier(FREIREICH)
    assert curve.at(3, min_at_risk=1)[1:5] == (1.0, 1.0, 1.0, 21)
    assert curve.at(8, min_at_risk=1).survival == curve.at(7, min_at_risk=1).survival
    assert curve.at(8, min_at_risk=1).at_risk == 16
    assert curve.median() == 23


def test_too_few_at_risk_is_unknown_never_zero():
    curve = kaplan_meier(FREIREICH)
    assert curve.at(23, min_at_risk=6).survival == pytest.approx(0.448, abs=1e-3)
    assert curve.at(23, min_at_risk=7)[1:] == (None, None, None, 6, "too_few_at_risk")
    # With the declared number, twenty-one patients are too few from the start.
    assert parameters().min_at_risk == 30
    assert curve.at(6).because == "too_few_at_risk"
    assert curve.at(36, min_at_risk=1)[1:] == (None, None, None, 0, "not_followed")
    assert kaplan_meier([]).at(1).because == "not_followed"


def test_when_all_end_the_curve_reaches_zero_and_the_band_closes():
    last = kaplan_meier([(1, True), (2, True)]).steps[-1]
    assert (last.survival, last.low, last.high, last.variance) == (0.0, 0.0, 0.0, None)


def test_nobody_ending_leaves_everybody():
    curve = kaplan_meier([(5, False)] * 40)
    assert curve.at(5)[1:4] == (1.0, 1.0, 1.0)
    assert curve.median() is None


def test_alike_ones_may_be_given_at_once():
    grouped = kaplan_meier([Observation(2, True, 3), Observation(2, False, 2), Observation(4, True, 0)])
    assert grouped == kaplan_meier([(2, True)] * 3 + [(2, False)] * 2)


@pytest.mark.parametrize("wrong", [(-1, True), (math.nan, True), (math.inf, False)])
def test_a_time_that_is_none_is_loud(wrong):
    with pytest.raises(ValueError):
        kaplan_meier([wrong])


@given(followed)
def test_a_curve_goes_down_within_its_band(observations):
    curve = kaplan_meier(observations)
    before = 1.0
    for step in curve.steps:
        assert 0 <= step.low <= step.survival <= step.high <= 1
        assert step.survival <= before
        assert step.ended + step.censored <= step.at_risk
        before = step.survival
    assert sum(step.ended + step.censored for step in curve.steps) == curve.followed == len(observations)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_without_censoring_it_is_the_share_still_there(times):
    curve = kaplan_meier([(time, True) for time in times])
    for step in curve.steps:
        left = sum(time > step.time for time in times)
        assert step.survival == pytest.approx(left / len(times), abs=1e-12)
        # Greenwood's variance is then that of a proportion.
        if left:
            assert step.variance == pytest.approx(step.survival * (1 - step.survival) / len(times), abs=1e-12)


@given(followed, st.integers(0, 14))
def test_those_at_risk_are_those_followed_at_least_as_long(observations, time):
    assert kaplan_meier(observations).at_risk(time) == sum(each[0] >= time for each in observations)
