"""A financing plan as plain data (a TOML file, a JSON column): read with every fault told, and written back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from toile.pathway.rules.activity import Activity, ActivityYear, FixedCost, Offering, model
from toile.pathway.rules.case_reading import CaseReading
from toile.pathway.rules.finance import Forecast, Line, Plan, Result, WorkingCapital, compute
from toile.pathway.rules.finance_lines import finance_lines
from toile.pathway.rules.loans import Loan

Case = Mapping[str, Any]


def read_plan(case: Case) -> Plan:
    """The plan of a case.

    Keys: form; need = [{code, amount, label}]; resource = [same]; loan = [{code, amount, rate, years, grace, year,
    guarantee, label}]; year = [{ebitda, tax, investments, more_capital_need, interest_on_shares, contributions}];
    working_capital = {stock, sales, customer_days, purchases, supplier_days}; activity: see `read_activity`, which
    gives the `ebitda` of the years that do not say it. Amounts: numbers or strings, in euros.
    Raises BadCase with all the faults.
    """
    reading = CaseReading()
    modelled = model(_activity(case["activity"], reading)) if "activity" in case else ()
    plan = Plan(
        needs=tuple(_lines(case, "need", reading)),
        resources=tuple(_lines(case, "resource", reading)),
        loans=tuple(_loans(case, reading)),
        years=tuple(_years(case, modelled, reading)),
        working_capital=_working_capital(case, reading),
        form=str(case.get("form", "")),
    )
    reading.refuse_faults()
    return plan


def read_activity(case: object) -> Activity:
    """The activity of a case.

    Keys: offering = [{label, volumes = [one a year], price, unit_cost}]; fixed = [{label, amounts = [one a year]}];
    aid = [one a year]. Raises BadCase with all the faults.
    """
    reading = CaseReading()
    activity = _activity(case, reading)
    reading.refuse_faults()
    return activity


def write_plan(plan: Plan) -> dict[str, Any]:
    """The case of a plan, with amounts as strings: what `read_plan` reads back to the same plan."""
    case: dict[str, Any] = {
        "form": plan.form,
        "need": [_written(line) for line in plan.needs],
        "resource": [_written(line) for line in plan.resources],
        "loan": [_written(loan) for loan in plan.loans],
        "year": [_written(year) for year in plan.years],
    }
    if plan.working_capital:
        case["working_capital"] = _written(plan.working_capital)
    return case


def write_activity(activity: Activity) -> dict[str, Any]:
    """The case of an activity: what `read_activity` reads back to the same."""
    return {
        "offering": [_written(each) | {"volumes": _texts(each.volumes)} for each in activity.offerings],
        "fixed": [_written(each) | {"amounts": _texts(each.amounts)} for each in activity.fixed],
        "aid": _texts(activity.aid),
    }


def write_result(result: Result) -> dict[str, Any]:
    """The results as plain data: amounts and covers as strings, None where there is no number."""
    return {
        "opening": _written(result.opening)
        | {"by_kind": {kind: str(amount) for kind, amount in result.opening.by_kind.items()}},
        "years": [_written(year) | {"service": str(year.service)} for year in result.years],
        "loans": [
            {
                "loan": _written(loan),
                "instalments": [_written(each) | {"payment": str(each.payment)} for each in instalments],
            }
            for loan, instalments in result.schedules
        ],
        "working_capital_need": None if result.working_capital is None else str(result.working_capital),
        "remarks": list(result.remarks),
    }


def solve(case: Case) -> dict[str, Any]:
    """All the results of a case as plain data, those of its activity too. Raises BadCase."""
    solved = write_result(compute(read_plan(case)))
    if "activity" in case:
        solved["activity"] = [_written(year) for year in model(read_activity(case["activity"]))]
    return solved


def _lines(case: Case, key: str, reading: CaseReading) -> Iterator[Line]:
    known = finance_lines()
    codes = list(known.needs) if key == "need" else [code for code, line in known.resources.items() if not line.lent]
    for where, row in reading.rows(case, key):
        yield Line(reading.code(row, codes, where), reading.amount(row, "amount", where), reading.label(row, where))


def _loans(case: Case, reading: CaseReading) -> Iterator[Loan]:
    known = finance_lines()
    codes = [code for code, line in known.resources.items() if line.lent]
    bounds = known.thresholds
    for where, row in reading.rows(case, "loan"):
        code = reading.code(row, codes, where)
        amount = reading.amount(row, "amount", where)
        rate = reading.number(row, "rate", where, Decimal(0), bounds.rate_max)
        years = reading.whole(row, "years", where, 1, bounds.loan_years_max)
        grace = reading.whole(row, "grace", where, 0, years - 1, 0)
        drawn = reading.whole(row, "year", where, 0, bounds.years_max, 0)
        guarantee = reading.code(row, ("", *known.guarantees), where, "guarantee")
        yield Loan(code, amount, rate, years, grace, drawn, reading.label(row, where), guarantee)


def _years(case: Case, modelled: tuple[ActivityYear, ...], reading: CaseReading) -> Iterator[Forecast]:
    rows = list(reading.rows(case, "year", finance_lines().thresholds.years_max))
    rows += [(f"year {number}", {}) for number in range(len(rows) + 1, len(modelled) + 1)]
    for index, (where, row) in enumerate(rows):
        found = {"ebitda": str(modelled[index].ebitda)} if index < len(modelled) else {}
        row = found | dict(row)
        yield Forecast(
            reading.amount(row, "ebitda", where, signed=True),
            reading.amount(row, "tax", where, signed=True, default=0),
            reading.amount(row, "investments", where, default=0),
            reading.amount(row, "more_capital_need", where, signed=True, default=0),
            reading.amount(row, "interest_on_shares", where, default=0),
            reading.amount(row, "contributions", where, default=0),
        )


def _working_capital(case: Case, reading: CaseReading) -> WorkingCapital | None:
    where, row, most = "working_capital", case.get("working_capital"), Decimal(365)
    if row is None:
        return None
    if not isinstance(row, Mapping):
        reading.fault(where, "une table est attendue")
        return None
    return WorkingCapital(
        reading.amount(row, "stock", where, default=0),
        reading.amount(row, "sales", where),
        reading.number(row, "customer_days", where, Decimal(0), most),
        reading.amount(row, "purchases", where, default=0),
        reading.number(row, "supplier_days", where, Decimal(0), most, 0),
    )


def _activity(case: object, reading: CaseReading) -> Activity:
    most = finance_lines().thresholds.years_max
    if not isinstance(case, Mapping):
        reading.fault("activity", "une table est attendue")
        return Activity((), ())
    return Activity(
        offerings=tuple(
            Offering(
                reading.label(row, where),
                reading.amounts(row, "volumes", where, most),
                reading.amount(row, "price", where),
                reading.amount(row, "unit_cost", where, default=0),
            )
            for where, row in reading.rows(case, "offering")
        ),
        fixed=tuple(
            FixedCost(reading.label(row, where), reading.amounts(row, "amounts", where, most))
            for where, row in reading.rows(case, "fixed")
        ),
        aid=reading.amounts(case, "aid", "activity", most),
    )


def _texts(values: Iterable[Decimal]) -> list[str]:
    return [str(value) for value in values]


def _written(row: Any) -> dict[str, Any]:
    """The fields of a named tuple, its decimals as text."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in row._asdict().items()}
