"""A financing plan: opening needs and resources to the cent, years after, debt cover and stress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from toile.kernel.errors import UserError
from toile.kernel.typography import NARROW, NO_BREAK, french_number
from toile.pathway.rules.finance_lines import Kind, Thresholds, finance_lines
from toile.pathway.rules.loans import Instalment, Loan, cents, schedule

ZERO: Final = Decimal("0.00")

Colour = Literal["green", "amber", "red", "none"]

COLOUR_WORDS: Final[Mapping[Colour, str]] = {
    "green": "la dette est couverte avec de la marge",
    "amber": "la dette est couverte de justesse",
    "red": "la dette n’est pas couverte",
    "none": "pas de dette cette année-là",
}


class Unbalanced(UserError):
    """The needs of an opening plan are not equal to its resources: it is shown, and not kept."""


class Line(NamedTuple):
    """An amount of the opening plan under a code of finance.toml; label: words of its own, if any."""

    code: str
    amount: Decimal
    label: str = ""


class Forecast(NamedTuple):
    """A year of the plan, in euros. more_capital_need: by how much the working-capital need grows that year.

    contributions: what comes that year beside the flow and the loans, as the second half of the ARCE.
    """

    ebitda: Decimal
    tax: Decimal = ZERO
    investments: Decimal = ZERO
    more_capital_need: Decimal = ZERO
    interest_on_shares: Decimal = ZERO
    contributions: Decimal = ZERO

    @property
    def flow(self) -> Decimal:
        """What may pay the debt: EBITDA less tax."""
        return self.ebitda - self.tax


class WorkingCapital(NamedTuple):
    """What the trade immobilises: stock, sales and purchases with VAT over a year, and the days before each is paid."""

    stock: Decimal
    sales: Decimal
    customer_days: Decimal
    purchases: Decimal
    supplier_days: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """What is given: resources without the loans, the loans of the opening and of later years, and the forecasts."""

    needs: tuple[Line, ...]
    resources: tuple[Line, ...]
    loans: tuple[Loan, ...] = ()
    years: tuple[Forecast, ...] = ()
    working_capital: WorkingCapital | None = None
    form: str = ""


class Opening(NamedTuple):
    """The opening plan. gap: resources less needs; by_kind: resources of each kind; shares in per cent, 2 digits."""

    needs: Decimal
    resources: Decimal
    gap: Decimal
    by_kind: Mapping[Kind, Decimal]
    own_share: Decimal | None
    quasi_share: Decimal | None


class Year(NamedTuple):
    """A year of the plan: what it needs, what it brings, what is left in the bank, and how its debt is covered.

    cover: (EBITDA − tax) ÷ (capital + interest), 4 digits; None without debt. break_even: flow for the green threshold.
    """

    number: int
    flow: Decimal
    interest: Decimal
    capital: Decimal
    needs: Decimal
    resources: Decimal
    balance: Decimal
    cash: Decimal
    cover: Decimal | None
    colour: Colour
    stressed: Decimal | None
    stressed_colour: Colour
    break_even: Decimal

    @property
    def service(self) -> Decimal:
        """Capital and interest of the year."""
        return self.interest + self.capital


class Result(NamedTuple):
    """All that is computed, and what a reader should look at, in French sentences."""

    opening: Opening
    years: tuple[Year, ...]
    schedules: tuple[tuple[Loan, tuple[Instalment, ...]], ...]
    working_capital: Decimal | None
    remarks: tuple[str, ...]


def working_capital_need(given: WorkingCapital) -> Decimal:
    """Stock + sales × customer days/365 − purchases × supplier days/365, to the cent, VAT included (domain D15).

    Below 0 the suppliers pay for the trade: it is a resource, and is left to the reader.
    """
    owed = given.sales * given.customer_days / 365
    owing = given.purchases * given.supplier_days / 365
    return cents(given.stock + owed - owing)


def opening(plan: Plan) -> Opening:
    """Needs and resources of the opening, their gap, the shares of own funds and with quasi-equity (domain D15)."""
    kinds = finance_lines().resources
    by_kind: dict[Kind, Decimal] = {"own": ZERO, "quasi": ZERO, "grant": ZERO, "debt": ZERO}
    for line in plan.resources:
        by_kind[kinds[line.code].kind] += line.amount
    for loan in plan.loans:
        if loan.year == 0:
            by_kind[kinds[loan.code].kind] += loan.amount
    needs = sum((line.amount for line in plan.needs), ZERO)
    resources = sum(by_kind.values(), ZERO)
    own, quasi = by_kind["own"], by_kind["own"] + by_kind["quasi"]
    return Opening(
        needs,
        resources,
        resources - needs,
        by_kind,
        cents(own / resources * 100) if resources else None,
        cents(quasi / resources * 100) if resources else None,
    )


def refuse_unbalanced(plan: Plan) -> None:
    """Raise Unbalanced, with the amount and its side, unless needs and resources are equal to the cent (domain D15)."""
    gap = opening(plan).gap
    if gap > 0:
        raise Unbalanced(
            f"Le plan n’est pas équilibré{NO_BREAK}: il y a {euros(gap)} de ressources en trop. "
            "Il pourra être gardé quand l’écart sera nul."
        )
    if gap < 0:
        raise Unbalanced(
            f"Le plan n’est pas équilibré{NO_BREAK}: il manque {euros(-gap)} de ressources. "
            "Il pourra être gardé quand l’écart sera nul."
        )


def cover(flow: Decimal, service: Decimal) -> Decimal | None:
    """The debt cover (DSCR), 4 digits; None when nothing is owed that year (domain D15)."""
    return (flow / service).quantize(Decimal("0.0001")) if service else None


def colour(flow: Decimal, service: Decimal, thresholds: Thresholds) -> Colour:
    """The colour of a cover, compared before any rounding: exactly 1.20 is green, exactly 1.00 amber (domain D15)."""
    if service == 0:
        return "none"
    if flow >= thresholds.green * service:
        return "green"
    return "amber" if flow >= thresholds.amber * service else "red"


def compute(plan: Plan, thresholds: Thresholds | None = None) -> Result:
    """The opening plan, each year, the loans' schedules and the remarks (domain D15).

    A year's flow of own means (CAF) is EBITDA − tax − interest; the cash starts at the safety cash of the opening.
    """
    thresholds = thresholds or finance_lines().thresholds
    at_opening = opening(plan)
    schedules = tuple((loan, schedule(loan)) for loan in plan.loans)
    need = working_capital_need(plan.working_capital) if plan.working_capital else None
    cash = sum((line.amount for line in plan.needs if line.code == "tresorerie"), ZERO) + at_opening.gap
    years = []
    for number, forecast in enumerate(plan.years, 1):
        year = _year(number, forecast, plan.loans, schedules, cash, thresholds)
        cash = year.cash
        years.append(year)
    return Result(at_opening, tuple(years), schedules, need, _remarks(plan, at_opening, years, need))


def euros(amount: Decimal) -> str:
    """« 1 234,50 € », with no-break spaces."""
    return f"{french_number(amount, 2)}{NO_BREAK}€"


def _year(
    number: int,
    forecast: Forecast,
    loans: Sequence[Loan],
    schedules: Sequence[tuple[Loan, Sequence[Instalment]]],
    cash: Decimal,
    thresholds: Thresholds,
) -> Year:
    due = [each for _, instalments in schedules for each in instalments if each.year == number]
    interest = sum((each.interest for each in due), ZERO)
    capital = sum((each.capital for each in due), ZERO)
    service = interest + capital
    drawn = sum((loan.amount for loan in loans if loan.year == number), ZERO)
    needs = forecast.investments + capital + forecast.more_capital_need + forecast.interest_on_shares
    resources = forecast.flow - interest + drawn + forecast.contributions
    stressed = forecast.flow * (1 - thresholds.stress) if forecast.flow > 0 else forecast.flow * (1 + thresholds.stress)
    return Year(
        number=number,
        flow=forecast.flow,
        interest=interest,
        capital=capital,
        needs=needs,
        resources=resources,
        balance=resources - needs,
        cash=cash + resources - needs,
        cover=cover(forecast.flow, service),
        colour=colour(forecast.flow, service, thresholds),
        stressed=cover(stressed, service),
        stressed_colour=colour(stressed, service, thresholds),
        break_even=cents(service * thresholds.green),
    )


def _remarks(plan: Plan, at_opening: Opening, years: Sequence[Year], need: Decimal | None) -> tuple[str, ...]:
    """What a reader should look at: sentences, never a verdict."""
    told = []
    typed = sum((line.amount for line in plan.needs if line.code == "bfr"), ZERO)
    if need is not None and need != typed:
        told.append(
            f"Le besoin en fonds de roulement calculé est de {euros(need)}{NARROW}; le plan en compte {euros(typed)}."
        )
    kinds = finance_lines().resources
    told += [
        f"«{NO_BREAK}{kinds[line.code].label_fr}{NO_BREAK}» n’est possible que dans certaines formes{NO_BREAK}: "
        f"{', '.join(form.upper() for form in kinds[line.code].only_forms)}."
        for line in plan.resources
        if plan.form and kinds[line.code].only_forms and plan.form not in kinds[line.code].only_forms
    ]
    if at_opening.own_share is not None and at_opening.by_kind["own"] == 0:
        told.append("Aucun apport en fonds propres.")
    short = [year for year in years if year.cash < 0]
    if short:
        told.append(f"La trésorerie devient négative l’année {short[0].number}{NO_BREAK}: {euros(short[0].cash)}.")
    for year in years:
        if year.colour in ("amber", "red"):
            told.append(
                f"Année {year.number}{NO_BREAK}: {COLOUR_WORDS[year.colour]} "
                f"({french_number(year.cover or ZERO, 4)}){NARROW}; il faudrait {euros(year.break_even)}."
            )
    return tuple(told)
