"""The team's rules: ranks given by hand, skills asked for, the weeks of a plan, the way; an adviser's day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.day import FirmFacts, call_due, calls
from toile.pathway.rules.scoring import score
from toile.pathway.rules.signals import Signal
from toile.pathway.rules.team import by_hand, first_monday, monday_of, skill_for, team_settings, travel

SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def test_a_firm_moved_up_counts_as_much_as_the_rank_it_takes():
    assert by_hand([("A", 60.0), ("B", 40.0), ("C", 5.0)], {"C": 1}) == [("C", 60.0), ("A", 60.0), ("B", 40.0)]


def test_a_firm_moved_down_counts_as_little_as_the_rank_it_takes():
    assert by_hand([("A", 60.0), ("B", 40.0), ("C", 5.0)], {"A": 3}) == [("B", 40.0), ("C", 5.0), ("A", 5.0)]


ranks = st.dictionaries(st.sampled_from("ABCDE"), st.integers(-2, 9), max_size=5)


@given(st.lists(st.floats(0, 100), min_size=5, max_size=5), ranks)
def test_ranks_given_by_hand_lose_nobody_and_leave_the_others_in_order(
    scores: list[float], given_ranks: dict[str, int]
):
    ranked = list(zip("ABCDE", sorted(scores, reverse=True), strict=True))
    found = by_hand(ranked, given_ranks)
    assert sorted(code for code, _score in found) == list("ABCDE")
    others = [one for one in found if one[0] not in given_ranks]
    assert others == [one for one in ranked if one[0] not in given_ranks]


def test_ranks_that_nobody_else_asks_are_the_ranks_taken():
    found = by_hand([(code, 10.0) for code in "ABCDE"], {"E": 1, "A": 5, "B": 3})
    assert [code for code, _score in found] == ["E", "C", "B", "D", "A"]


def test_the_heaviest_live_risk_asks_for_its_skill():
    told = score([Signal("cash_1_2", SATURDAY), Signal("morale_low", SATURDAY)], SATURDAY)
    assert skill_for(told.contributions) == "finances"
    assert skill_for(score([Signal("hiring", SATURDAY)], SATURDAY).contributions) == ""
    assert skill_for(score([Signal("seat_left", SATURDAY)], SATURDAY).contributions) == ""


def test_a_plan_starts_this_week_until_thursday_then_the_next():
    assert [first_monday(MONDAY + timedelta(days=day)) for day in range(7)] == [MONDAY] * 4 + [MONDAY + 7 * DAY] * 3
    assert monday_of(SATURDAY) == MONDAY


DAY = timedelta(days=1)


def test_the_way_costs_a_tenth_of_a_point_a_kilometre_from_the_nearest_place():
    near, far, firm = (4.39, 45.44), (4.83, 45.76), (4.39, 45.54)
    assert travel([near], firm) == pytest.approx(1.11, abs=0.01)
    assert travel([far, near], firm) == travel([near], firm)
    assert travel([], firm) == travel([near], None) == 0


def test_the_settings_name_families_of_signals_that_exist():
    assert team_settings().weeks == 12 and "finances" in team_settings().skills


# --- The day ---------------------------------------------------------------------------------------------------------


def test_a_risk_is_called_within_its_delay_from_the_day_it_was_said():
    due = call_due(FirmFacts("F", 65, within_days=5, said_on=date(2026, 11, 18)), SATURDAY)
    assert due and (due.kind, due.on, due.is_late) == ("risk", date(2026, 11, 23), False)
    late = call_due(FirmFacts("F", 65, within_days=5, said_on=date(2026, 11, 10)), SATURDAY)
    assert late and late.is_late


def test_a_firm_reached_since_is_not_called_again_but_one_reached_before_is():
    said = date(2026, 11, 10)
    assert call_due(FirmFacts("F", 65, 5, said, called_on=said + DAY), SATURDAY) is None
    assert call_due(FirmFacts("F", 65, 5, said, called_on=said - DAY), SATURDAY) is not None


def test_a_promise_is_kept_on_its_day_and_not_before():
    promised = FirmFacts("F", promised_on=SATURDAY)
    assert call_due(promised, SATURDAY - DAY) is None
    due = call_due(promised, SATURDAY)
    assert due and (due.kind, due.is_late) == ("promised", False)
    assert call_due(FirmFacts("F", promised_on=SATURDAY, called_on=SATURDAY), SATURDAY) is None


def test_a_planned_visit_is_due_by_friday():
    due = call_due(FirmFacts("F", monday=MONDAY), MONDAY)
    assert due and (due.kind, due.on) == ("planned", date(2026, 11, 20))
    assert call_due(FirmFacts("F", monday=MONDAY, called_on=MONDAY), SATURDAY) is None


def test_calls_are_ranked_by_their_day_then_by_risk_then_as_given():
    rows = [
        FirmFacts("calm", monday=MONDAY),
        FirmFacts("same", 20, 4, MONDAY),
        FirmFacts("risky", 50, 4, MONDAY),
        FirmFacts("first", 10, 1, MONDAY),
        FirmFacts("quiet", 5),
    ]
    assert [one.key for one in calls(rows, SATURDAY)] == ["first", "risky", "same", "calm"]
