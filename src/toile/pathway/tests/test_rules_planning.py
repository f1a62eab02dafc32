"""Who calls whom and when: the worked example, every plan against brute force, what a plan never does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toile.pathway.rules.planning import Adviser, BadPlan, Case, Choice, Firm, Plan, balance, plan, points
from toile.pathway.rules.planning_slots import Slots
from toile.pathway.rules.planning_solving import best

HALF, ONE = Decimal("0.5"), Decimal(1)

F1 = Firm("F1", 46, ONE, frozenset({"finance"}))
F2, F4, F5 = Firm("F2", 30), Firm("F4", 18), Firm("F5", 10)
F3 = Firm("F3", 25, HALF, frozenset({"commerce"}))
A = Adviser("A", (ONE, HALF), frozenset({"finance"}), known=frozenset({"F1", "F4"}), travel={"F5": 2})
B = Adviser("B", (HALF, HALF), frozenset({"commerce"}), known=frozenset({"F2"}), travel={"F4": 3})
EXAMPLE = Case((F1, F2, F3, F4, F5), (A, B), 2)


def chosen(found: Plan) -> dict[str, tuple[str, int]]:
    return {visit.choice.firm: (visit.choice.adviser, visit.choice.week) for visit in found.visits}


def test_the_worked_example_is_worth_125_4_and_f5_waits():
    found = plan(EXAMPLE)
    assert chosen(found) == {"F1": ("A", 1), "F2": ("B", 1), "F3": ("B", 2), "F4": ("A", 2)}
    assert [visit.points for visit in found.visits] == pytest.approx([51, 35, 20, 19.4])
    assert found.points == pytest.approx(125.4)
    assert found.proven
    assert [firm.code for firm in found.waiting] == ["F5"]


def test_the_next_best_plan_of_the_worked_example_is_worth_124_4():
    worths = sorted((worth for _, worth, _ in every_plan(EXAMPLE)), reverse=True)
    assert worths[:2] == pytest.approx([125.4, 124.4])


def test_three_hundred_firms_twice_a_year_are_twelve_days_more_than_twelve_advisers_have():
    firms = [Firm(f"F{number}", 10) for number in range(300)]
    advisers = [Adviser(f"A{number}", (HALF,) * 48) for number in range(12)]
    found = balance(firms, advisers, 48, visits=2)
    assert (found.needed, found.available, found.short) == (300, 288, 12)


def test_time_to_spare_is_no_shortage():
    assert balance([F2], [A], 2).short == 0


def test_a_choice_made_by_hand_stays_even_when_it_is_worth_less():
    found = plan(replace(EXAMPLE, fixed=(Choice("F5", "B", 1),)))
    assert chosen(found)["F5"] == ("B", 1)
    assert next(visit for visit in found.visits if visit.choice.firm == "F5").fixed
    assert found.points < 125.4


def test_a_choice_made_by_hand_may_exceed_the_free_time_which_then_shows():
    found = plan(replace(EXAMPLE, fixed=(Choice("F1", "B", 1),)))
    assert chosen(found)["F1"] == ("B", 1)
    assert found.left["B", 1] == -HALF
    assert ("B", 1) not in [place for firm, place in chosen(found).items() if firm != "F1"]


def test_a_firm_put_aside_is_neither_seen_nor_waiting_nor_counted():
    found = plan(replace(EXAMPLE, aside={"F1": "fermée pour travaux"}))
    assert "F1" not in chosen(found)
    assert "F1" not in [firm.code for firm in found.waiting]
    assert found.balance.needed == 2


def test_a_firm_taken_off_a_week_is_seen_in_another():
    off = replace(F2, not_in=frozenset({1}))
    assert chosen(plan(Case((off,), (B,), 2))) == {"F2": ("B", 2)}
    assert plan(Case((replace(F2, not_in=frozenset({1, 2})),), (B,), 2)).waiting


def test_a_score_of_60_is_owed_a_visit_in_the_first_week_before_any_points():
    urgent = Firm("U", 60)
    rich = Firm("R", 59.9, must_by=None)
    one = Adviser("A", (HALF, HALF), known=frozenset({"R"}))
    found = plan(Case((rich, urgent), (one,), 2))
    assert chosen(found) == {"U": ("A", 1), "R": ("A", 2)}


def test_a_deadline_that_nobody_can_keep_is_let_go_and_said_and_the_visit_comes_late():
    first, second = Firm("U1", 70), Firm("U2", 80)
    found = plan(Case((first, second), (Adviser("A", (HALF, HALF)),), 2))
    assert chosen(found) == {"U2": ("A", 1), "U1": ("A", 2)}
    assert [firm.code for firm in found.owed] == ["U1"]
    assert [visit.late for visit in found.visits] == [True, False]


def test_the_most_deadlines_are_kept_rather_than_the_highest_scores():
    long_one = Firm("L", 99, ONE, must_by=1)
    short = [Firm("S1", 61, must_by=1), Firm("S2", 61, must_by=1)]
    found = plan(Case((long_one, *short), (Adviser("A", (ONE,)),), 1))
    assert set(chosen(found)) == {"S1", "S2"}
    assert [firm.code for firm in found.owed] == ["L"]


def test_alike_firms_are_seen_in_list_order_by_advisers_in_list_order():
    firms = tuple(Firm(f"F{number}", 30) for number in range(5))
    advisers = (Adviser("A", (HALF, HALF)), Adviser("B", (HALF, HALF)))
    assert chosen(plan(Case(firms, advisers, 2))) == {
        "F0": ("A", 1), "F1": ("B", 1), "F2": ("A", 2), "F3": ("B", 2),
    }  # fmt: skip


def test_nobody_sees_a_firm_on_leave_without_the_skill_elsewhere_or_in_conflict():
    firm = Firm("F", 40, HALF, frozenset({"finance"}), place="42218")
    able = Adviser("A", (HALF,), frozenset({"finance"}), frozenset({"42218"}))
    for adviser in (
        replace(able, leave=frozenset({1})),
        replace(able, skills=frozenset()),
        replace(able, places=frozenset({"42207"})),
        replace(able, conflicts=frozenset({"F"})),
    ):
        assert plan(Case((firm,), (adviser,), 1)).visits == ()
    assert len(plan(Case((firm,), (able,), 1)).visits) == 1


def test_a_firm_whose_way_costs_more_than_the_visit_brings_waits():
    assert plan(Case((Firm("F", 10),), (Adviser("A", (HALF,), travel={"F": 11}),), 1)).visits == ()


def test_without_advisers_or_without_firms_a_plan_is_empty():
    assert plan(Case((F2,), (), 3)).waiting == (F2,)
    assert plan(Case((), (A,), 2)).visits == ()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (Case((F2,), (A,), 2, (Choice("F9", "A", 1),)), "F9"),
        (Case((F2,), (A,), 2, (Choice("F2", "Z", 1),)), "Z"),
        (Case((F2,), (A,), 2, (Choice("F2", "A", 3),)), "semaine 3"),
        (Case((F2,), (A,), 2, (Choice("F2", "A", 1), Choice("F2", "A", 2))), "deux fois"),
        (Case((F2,), (A,), 2, (Choice("F2", "A", 1),), {"F2": "fermée"}), "deux fois"),
        (Case((F2, F2), (A,), 2), "même code"),
    ],
)
def test_a_choice_by_hand_that_makes_no_sense_is_refused_by_name(wrong: Case, named: str):
    with pytest.raises(BadPlan, match=named):
        plan(wrong)


def every_plan(case: Case) -> list[tuple[int, float, tuple[tuple[Adviser, int] | None, ...]]]:
    """Every plan that breaks no rule: deadlines kept, points, the choice of each firm."""
    slots = [(adviser, week) for week in range(1, case.weeks + 1) for adviser in case.advisers]
    may = [[None, *((one, week) for one, week in slots if one.refusal(firm) is None)] for firm in case.firms]
    plans = []
    for choices in product(*may):
        spent: dict[tuple[str, int], Decimal] = {}
        kept, worth = 0, 0.0
        for firm, choice in zip(case.firms, choices, strict=True):
            if choice is not None:
                adviser, week = choice
                spent[adviser.code, week] = spent.get((adviser.code, week), Decimal(0)) + firm.days
                kept += firm.deadline is not None and week <= firm.deadline
                worth += points(firm, adviser, week)
        advisers = {one.code: one for one in case.advisers}
        if all(days <= advisers[code].days_in(week) for (code, week), days in spent.items()):
            plans.append((kept, worth, choices))
    return plans


lengths = st.sampled_from([HALF, HALF, ONE, Decimal("0.25"), Decimal("0.75")])
free = st.sampled_from([Decimal(0), HALF, ONE, Decimal("1.25")])
scores = st.sampled_from([0, 5, 10, 10, 25, 40, 59.5, 60, 88.125])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    weeks = draw(st.integers(1, 2))
    firms = tuple(
        Firm(f"F{number}", draw(scores), draw(lengths), draw(st.frozensets(st.sampled_from("xy"), max_size=1)),
             must_by=draw(st.one_of(st.none(), st.integers(1, weeks))))
        for number in range(draw(st.integers(1, 5)))
    )  # fmt: skip
    some = st.frozensets(st.sampled_from([firm.code for firm in firms]), max_size=2)
    advisers = tuple(
        Adviser(
            code,
            tuple(draw(st.lists(free, min_size=weeks, max_size=weeks))),
            draw(st.frozensets(st.sampled_from("xy"))),
            conflicts=draw(some), known=draw(some),
            leave=draw(st.frozensets(st.integers(1, weeks), max_size=1)),
            travel={code: draw(st.sampled_from([0, 2.5, 12])) for code in draw(some)},
        )
        for code in "AB"[: draw(st.integers(1, 2))]
    )  # fmt: skip
    return Case(firms, advisers, weeks)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(cases())
def test_no_plan_keeps_more_deadlines_or_then_is_worth_more(case: Case):
    found = plan(case)
    kept = sum(firm.deadline is not None for firm in case.firms) - len(found.owed)
    most, worth = max((kept, worth) for kept, worth, _ in every_plan(case))
    assert kept == most
    assert found.points == pytest.approx(worth, abs=1e-6)
    assert found.proven


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cases())
def test_a_plan_respects_every_limit_and_says_the_same_twice(case: Case):
    found = plan(case)
    advisers = {one.code: one for one in case.advisers}
    firms = {one.code: one for one in case.firms}
    assert all(days >= 0 for days in found.left.values())
    assert all(advisers[visit.choice.adviser].refusal(firms[visit.choice.firm]) is None for visit in found.visits)
    assert {visit.choice.firm for visit in found.visits} | {firm.code for firm in found.waiting} == set(firms)
    assert plan(case) == found


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(cases(), st.data())
def test_what_was_fixed_by_hand_stays_at_the_next_computation(case: Case, data: st.DataObject):
    found = plan(case)
    if not found.visits:
        return
    fixed = tuple(visit.choice for visit in data.draw(st.lists(st.sampled_from(found.visits), unique=True)))
    again = plan(replace(case, fixed=fixed))
    assert set(fixed) <= {visit.choice for visit in again.visits}
    assert again.points == pytest.approx(found.points, abs=1e-6)
    assert len(again.owed) == len(found.owed)


def slots_of(seed: int, firms: int, places: int) -> Slots:
    drawn = np.random.default_rng(seed)
    value = drawn.integers(1, 4, (firms, places)).astype(float)
    return Slots(value, drawn.integers(1, 3, firms), drawn.integers(0, 4, places), np.zeros((firms, places), bool))


def best_of_all(slots: Slots) -> tuple[int, float]:
    """Deadlines kept and points of the best choice, each one tried."""

    def tried(firm: int, left: np.ndarray) -> tuple[int, float]:
        if firm == len(slots.units):
            return 0, 0.0
        found = [tried(firm + 1, left)]
        for slot in np.flatnonzero(np.isfinite(slots.value[firm]) & (left >= slots.units[firm])):
            rest = left.copy()
            rest[slot] -= slots.units[firm]
            kept, worth = tried(firm + 1, rest)
            found.append((kept + int(slots.on_time[firm, slot]), worth + float(slots.value[firm, slot])))
        return max(found)

    return tried(0, slots.room)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(120))
def test_far_from_what_prices_promise_the_best_is_still_found_and_proven(seed: int):
    drawn = np.random.default_rng(seed)
    shape = int(drawn.integers(3, 6)), int(drawn.integers(2, 4))
    slots = Slots(
        drawn.choice([1.0, 2, 5.5, 10, -2, 88.125, -np.inf], shape),
        drawn.choice([5, 10, 15, 20], shape[0]),
        drawn.choice([0, 10, 15, 20, 25, 30], shape[1]),
        (drawn.random(shape) < 0.5) & (drawn.random(shape[0]) < 0.6)[:, None],
    )
    found, (kept, worth) = best(slots), best_of_all(slots)
    assert slots.rank(found.chosen) == (kept, pytest.approx(worth, abs=1e-6))
    assert found.bound == pytest.approx(worth, abs=1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_no_move_or_exchange_worth_the_same_would_serve_the_list_better(seed: int):
    slots = slots_of(seed, 8, 5)
    chosen = best(slots).chosen
    worth = slots.points(chosen)
    for one, slot in product(range(8), range(5)):
        moved = chosen.copy()
        moved[one] = slot
        earlier = chosen[one] == -1 or slot < chosen[one]
        fits = (np.bincount(moved[moved >= 0], slots.units[moved >= 0], 5) <= slots.room).all()
        assert not (earlier and fits and slots.points(moved) >= worth - 1e-9)
    for one, other in product(range(8), range(8)):
        first, second = (place if place >= 0 else 5 for place in (chosen[one], chosen[other]))
        if one < other and second < first and slots.units[one] == slots.units[other]:
            swapped = chosen.copy()
            swapped[[one, other]] = swapped[[other, one]]
            assert slots.points(swapped) < worth - 1e-9
