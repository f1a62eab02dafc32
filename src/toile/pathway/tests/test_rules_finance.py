"""The financing plan: the numbers of the law of the trade, to the cent, and what must hold for any plan."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.pathway.rules.case_reading import BadCase
from toile.pathway.rules.finance import (
    Forecast,
    Line,
    Plan,
    Unbalanced,
    WorkingCapital,
    colour,
    compute,
    opening,
    refuse_unbalanced,
    working_capital_need,
)
from toile.pathway.rules.finance_case import read_plan, solve, write_plan
from toile.pathway.rules.finance_lines import finance_lines
from toile.pathway.rules.loans import Loan, annuity, schedule

BANK = Loan("pret_bancaire", Decimal(150_000), Decimal(4), 7)
NETWORK = Loan("pret_participatif_scop", Decimal(60_000), Decimal(5), 5)
HONOUR = Loan("pret_honneur", Decimal(30_000), Decimal(0), 5)
TAKEOVER = Plan(
    needs=(
        Line("prix", Decimal(150_000)), Line("frais", Decimal(12_000)), Line("investissements", Decimal(30_000)),
        Line("bfr", Decimal(67_000)), Line("tresorerie", Decimal(21_000)),
    ),
    resources=(Line("apports_salaries", Decimal(40_000)),),
    loans=(NETWORK, HONOUR, BANK),
    years=tuple(Forecast(Decimal(flow)) for flow in (58_000, 61_000, 64_000, 65_500, 67_000)),
    working_capital=WorkingCapital(Decimal(12_000), Decimal(576_000), Decimal(45), Decimal(192_000), Decimal(30)),
)  # fmt: skip

amounts = st.decimals(0, 10_000_000, places=2)
rates = st.decimals(0, 25, places=2)


@st.composite
def loans(draw):
    years = draw(st.integers(1, 30))
    grace = draw(st.integers(0, years - 1))
    code = draw(st.sampled_from([code for code, line in finance_lines().resources.items() if line.lent]))
    return Loan(code, draw(amounts), draw(rates), years, grace, draw(st.integers(0, 10)))


@st.composite
def plans(draw):
    given_codes = [code for code, line in finance_lines().resources.items() if not line.lent]
    label = st.sampled_from(["", "8 salariés × 5 000 €"])
    needs = st.builds(Line, st.sampled_from(list(finance_lines().needs)), amounts, label)
    resources = st.builds(Line, st.sampled_from(given_codes), amounts, label)
    years = st.builds(Forecast, st.decimals(-100_000, 1_000_000, places=2), amounts, amounts, amounts, amounts, amounts)
    return Plan(
        tuple(draw(st.lists(needs, max_size=5))),
        tuple(draw(st.lists(resources, max_size=5))),
        tuple(draw(st.lists(loans(), max_size=3))),
        tuple(draw(st.lists(years, max_size=5))),
        form=draw(st.sampled_from(["", "scop", "scic"])),
    )


def test_the_working_capital_need_counts_stock_customers_and_suppliers():
    assert working_capital_need(TAKEOVER.working_capital) == Decimal("67232.88")


def test_the_example_is_balanced_with_its_own_funds_and_quasi_equity():
    result = opening(TAKEOVER)
    assert (result.needs, result.resources, result.gap) == (Decimal(280_000), Decimal(280_000), 0)
    assert (result.own_share, result.quasi_share) == (Decimal("14.29"), Decimal("46.43"))
    refuse_unbalanced(TAKEOVER)


def test_a_gap_is_shown_and_the_plan_refused_with_its_amount_and_side():
    short = Plan(TAKEOVER.needs, (), TAKEOVER.loans)
    assert opening(short).gap == -40_000
    with pytest.raises(Unbalanced, match="il manque 40\u202f000,00\u00a0€"):
        refuse_unbalanced(short)
    with pytest.raises(Unbalanced, match="0,01\u00a0€ de ressources en trop"):
        refuse_unbalanced(Plan((), (Line("love_money", Decimal("0.01")),)))


def test_the_annuities_are_those_of_the_example_and_the_last_takes_the_rest():
    assert [annuity(Decimal(150_000), Decimal(4), 7), annuity(Decimal(60_000), Decimal(5), 5)] == [
        Decimal("24991.44"),
        Decimal("13858.49"),
    ]
    bank = schedule(BANK)
    assert (bank[0].interest, bank[0].capital) == (Decimal("6000.00"), Decimal("18991.44"))
    assert {each.payment for each in bank[:-1]} == {Decimal("24991.44")}
    assert (bank[-1].payment, bank[-1].left) == (Decimal("24991.45"), 0)
    assert {each.payment for each in schedule(HONOUR)} == {Decimal("6000.00")}


def test_the_debt_cover_its_colours_and_its_stress_are_those_of_the_example():
    years = compute(TAKEOVER).years
    assert {year.service for year in years} == {Decimal("44849.93")}
    assert [year.cover for year in years] == [
        Decimal("1.2932"),
        Decimal("1.3601"),
        Decimal("1.4270"),
        Decimal("1.4604"),
        Decimal("1.4939"),
    ]
    assert {year.colour for year in years} == {"green"}
    assert (years[0].stressed, years[0].stressed_colour) == (Decimal("1.0346"), "amber")
    assert years[0].break_even == Decimal("53819.92")


@pytest.mark.parametrize(
    ("flow", "expected"),
    [("120.00", "green"), ("119.99", "amber"), ("100.00", "amber"), ("99.99", "red"), ("-1", "red")],
)
def test_a_colour_changes_exactly_at_its_threshold(flow, expected):
    assert colour(Decimal(flow), Decimal(100), finance_lines().thresholds) == expected


def test_a_year_without_debt_has_no_cover_rather_than_an_infinite_one():
    year = compute(Plan((), (), (), (Forecast(Decimal(1000)),))).years[0]
    assert (year.cover, year.colour, year.stressed, year.break_even) == (None, "none", None, 0)


def test_a_loss_is_worse_under_stress():
    year = compute(Plan((), (), (HONOUR,), (Forecast(Decimal(-6000)),))).years[0]
    assert (year.cover, year.stressed) == (Decimal("-1.0000"), Decimal("-1.2000"))


def test_a_loan_of_a_later_year_is_a_resource_of_it_and_is_paid_from_the_next():
    later = Loan("pret_solidaire", Decimal(10_000), Decimal(0), 2, year=1)
    result = compute(Plan((), (), (later,), (Forecast(Decimal(0)), Forecast(Decimal(6000)))))
    assert opening(Plan((), (), (later,))).resources == 0
    assert [(year.resources, year.capital) for year in result.years] == [
        (Decimal(10_000), 0),
        (Decimal(6000), Decimal(5000)),
    ]


def test_the_first_years_of_grace_pay_interest_alone():
    first, second, third = schedule(Loan("pret_solidaire", Decimal(10_000), Decimal(3), 3, grace=1))
    assert (first.interest, first.capital) == (Decimal("300.00"), 0)
    assert second.capital + third.capital == 10_000


def test_the_reader_is_told_of_what_to_look_at():
    remarks = " ".join(compute(TAKEOVER).remarks)
    assert "67\u202f232,88\u00a0€" in remarks
    poor = Plan(
        (Line("prix", Decimal(10_000)),), (Line("fonds_propres_collectivite", Decimal(10_000)),), (), form="scop"
    )
    assert "SCIC" in " ".join(compute(poor).remarks)
    red = Plan((), (), (HONOUR,), (Forecast(Decimal(3000)),))
    assert "n’est pas couverte" in " ".join(compute(red).remarks)
    assert "négative l’année 1" in " ".join(compute(Plan((), (), (), (Forecast(Decimal(-1)),))).remarks)


@given(loans())
def test_the_capitals_of_any_loan_add_up_to_it_and_nothing_is_left(loan):
    paid = schedule(loan)
    assert len(paid) == loan.years
    assert sum(each.capital for each in paid) == loan.amount
    assert paid[-1].left == 0
    assert all(each.capital >= 0 and each.interest >= 0 for each in paid)


@given(plans())
def test_the_cash_of_the_last_year_is_all_that_came_less_all_that_went(plan):
    result = compute(plan)
    safety = sum((line.amount for line in plan.needs if line.code == "tresorerie"), Decimal(0))
    assert (result.years[-1].cash if result.years else safety + result.opening.gap) == (
        safety + result.opening.gap + sum((year.resources - year.needs for year in result.years), Decimal(0))
    )
    assert sum(result.opening.by_kind.values()) == result.opening.resources


@given(plans())
def test_a_plan_written_and_read_back_is_the_same(plan):
    assert read_plan(write_plan(plan)) == plan


def test_the_faults_of_a_case_are_told_together_with_their_places():
    case = {
        "need": [{"code": "prix"}, {"code": "yacht", "amount": 1}],
        "resource": [{"code": "pret_bancaire", "amount": 5}],
        "loan": [{"code": "pret_bancaire", "amount": "1.234", "rate": 40, "years": 0}],
        "year": "beaucoup",
    }
    with pytest.raises(BadCase) as told:
        read_plan(case)
    assert [fault.where for fault in told.value.faults] == [
        "need 1, amount", "need 2, code", "resource 1, code", "loan 1, amount", "loan 1, rate", "loan 1, years",
        "year",
    ]  # fmt: skip


def test_the_years_that_say_nothing_take_the_result_of_the_activity():
    case = {
        "activity": {
            "offering": [{"label": "repas", "volumes": [1000, 2000], "price": 10, "unit_cost": 4}],
            "fixed": [{"label": "loyer", "amounts": [3000, 3000]}],
        },
        "year": [{"tax": 100}, {"ebitda": 5}],
    }
    plan = read_plan(case)
    assert [(year.ebitda, year.tax) for year in plan.years] == [(Decimal("3000.00"), 100), (5, 0)]
    assert [year["ebitda"] for year in solve(case)["activity"]] == ["3000.00", "9000.00"]
