"""ARCE, ACRE, the model of an activity, and the two calendars of the law beside the takeover."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.activity import Activity, FixedCost, Offering, model
from toile.pathway.rules.finance_case import read_activity, write_activity
from toile.pathway.rules.founders_aid import NotKnown, acre, arce
from toile.pathway.rules.legal_dates import (
    BackwardsPeriod,
    Period,
    cape_limit,
    cooperative_law,
    length,
    membership_deadline,
    to_cooperative,
)

NOVEMBER = date(2026, 11, 1)


def test_the_arce_of_the_example_comes_in_two_halves_six_months_apart():
    paid = arce(500, Decimal("45.50"), NOVEMBER)
    assert (paid.rights, paid.gross, paid.net) == (Decimal("22750.00"), Decimal("13650.00"), Decimal("13240.50"))
    assert (paid.first, paid.second, paid.second_month) == (Decimal("6620.25"), Decimal("6620.25"), 7)


@given(st.integers(0, 1000), st.decimals(0, 300, places=2))
def test_the_two_halves_of_the_arce_add_up(days, daily):
    paid = arce(days, daily, NOVEMBER)
    assert paid.first + paid.second == paid.net
    assert abs(paid.first - paid.second) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("income", "coefficient", "rate"),
    [
        ("36045", "1.000000", "25.000"),
        ("36045.01", "0.999999", "25.000"),
        ("42000", "0.504370", "12.609"),
        ("48060", "0.000000", "0.000"),
        ("90000", "0.000000", "0.000"),
    ],
)
def test_the_acre_is_full_to_three_quarters_of_the_pass_then_falls_to_nothing(income, coefficient, rate):
    aid = acre(Decimal(income), NOVEMBER)
    assert (aid.coefficient, aid.rate, aid.full_until) == (Decimal(coefficient), Decimal(rate), Decimal("36045.00"))


def test_the_acre_is_asked_within_sixty_days():
    assert acre(Decimal(0), NOVEMBER).ask_by == date(2026, 12, 31)


def test_an_aid_before_the_rules_we_know_is_refused_rather_than_guessed():
    with pytest.raises(NotKnown, match="ACRE"):
        acre(Decimal(0), date(2025, 12, 31))


def test_an_activity_breaks_even_in_sales_and_in_days():
    [year] = model(
        Activity(
            (
                Offering("réparation", (Decimal(1200),), Decimal(50), Decimal(10)),
                Offering("atelier", (Decimal(100),), Decimal(100)),
            ),
            (FixedCost("loyer", (Decimal(9000),)), FixedCost("salaires", (Decimal(36_000),))),
            (Decimal(2000),),
        )
    )
    assert (year.sales, year.variable, year.margin, year.fixed) == (70_000, 12_000, 58_000, 45_000)
    assert year.ebitda == 58_000 + 2000 - 45_000
    assert year.margin_rate == Decimal("82.86")
    assert year.break_even == Decimal("54310.34")
    assert year.break_even_day == 284


def test_an_activity_that_loses_on_each_sale_never_breaks_even():
    [year] = model(
        Activity((Offering("à perte", (Decimal(10),), Decimal(5), Decimal(6)),), (FixedCost("loyer", (Decimal(100),)),))
    )
    assert (year.break_even, year.break_even_day, year.ebitda) == (None, None, Decimal("-110.00"))


def test_a_year_that_does_not_reach_its_break_even_has_no_day_for_it():
    [year] = model(Activity((Offering("peu", (Decimal(10),), Decimal(5)),), (FixedCost("loyer", (Decimal(100),)),)))
    assert (year.break_even, year.break_even_day) == (Decimal("100.00"), None)


@given(st.decimals(1, 1000, places=2), st.decimals(0, 999, places=2), st.integers(1, 9999), st.integers(0, 100_000))
def test_sales_at_the_break_even_leave_no_result(price, unit_cost, volume, fixed):
    [year] = model(
        Activity((Offering("x", (Decimal(volume),), price, unit_cost),), (FixedCost("y", (Decimal(fixed),)),))
    )
    if year.margin <= 0:
        assert year.break_even is None
    else:
        assert abs(year.break_even * year.margin / year.sales - fixed) <= Decimal("0.01")
        assert (year.break_even_day is not None) == (year.ebitda >= 0)


def test_an_activity_written_and_read_back_is_the_same():
    activity = Activity(
        (Offering("a", (Decimal("1.00"), Decimal("2.50")), Decimal("3.00"), Decimal("0.10")),),
        (FixedCost("b", (Decimal("4.00"),)),),
    )
    assert read_activity(write_activity(activity)) == activity


def test_a_cape_before_the_contract_is_taken_from_the_three_years():
    cape = Period(date(2025, 3, 1), date(2025, 8, 31))
    assert (length(cape).months, length(cape).days) == (6, 0)
    assert membership_deadline(date(2025, 9, 1), [cape]) == date(2028, 3, 1)
    assert membership_deadline(date(2025, 9, 1)) == date(2028, 9, 1)


def test_a_part_of_a_month_is_counted_in_days():
    assert length(Period(date(2025, 1, 15), date(2025, 3, 20))).days == 6
    assert length(Period(date(2025, 1, 15), date(2025, 1, 15))).days == 1
    with pytest.raises(BackwardsPeriod):
        length(Period(date(2025, 2, 1), date(2025, 1, 1)))


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 1100))
def test_a_length_taken_from_the_day_after_leads_back_near_the_first(first, days):
    from datetime import timedelta

    period = Period(first, first + timedelta(days=days))
    counted = length(period)
    assert counted.after(first) == period.last + timedelta(days=1)
    assert counted.days < 31


def test_a_cape_may_be_renewed_twice():
    assert cape_limit(date(2026, 1, 1)) == date(2028, 12, 31)


def test_an_association_becomes_a_cooperative_in_seven_months_with_its_siren():
    steps = to_cooperative(date(2026, 1, 31))
    assert steps[0].on == date(2026, 1, 31)
    assert steps[1].on == date(2026, 3, 31)
    assert steps[-1].on == date(2026, 8, 31)
    assert any("SIREN" in note for note in cooperative_law().notes_fr)
