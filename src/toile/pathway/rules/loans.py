"""A loan paid back by constant annuities: each year's interest, capital and payment, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

CENT: Final = Decimal("0.01")


class Loan(NamedTuple):
    """A sum lent once. rate: per cent a year (4 is 4 %). years: length in all. grace: first years of interest alone.

    year: when it is drawn; 0 for the opening, else a year of the plan. Its first payment falls the year after.
    """

    code: str
    amount: Decimal
    rate: Decimal
    years: int
    grace: int = 0
    year: int = 0
    label: str = ""
    guarantee: str = ""


class Instalment(NamedTuple):
    """What a loan costs in a year of the plan, and what is still owed after it."""

    year: int
    interest: Decimal
    capital: Decimal
    left: Decimal

    @property
    def payment(self) -> Decimal:
        """Interest and capital together."""
        return self.interest + self.capital


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent, a half rounded away from zero, as on an invoice."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def annuity(amount: Decimal, rate: Decimal, years: int) -> Decimal:
    """The constant yearly payment P·r/(1 − (1 + r)^−n), to the cent; P/n when the rate is 0 (domain D15)."""
    if rate == 0:
        return cents(amount / years)
    growth = (1 + rate / 100) ** years
    return cents(amount * (rate / 100) * growth / (growth - 1))


def schedule(loan: Loan) -> tuple[Instalment, ...]:
    """The payments of a loan, year by year: the last one takes the rest, so that the capitals add up to the loan.

    Source: domain D15 (annuity rounded to the cent, the last year takes the rest).
    """
    return tuple(_instalments(loan))


def _instalments(loan: Loan) -> Iterator[Instalment]:
    repaying = loan.years - loan.grace
    constant = annuity(loan.amount, loan.rate, repaying)
    left = loan.amount
    for number in range(1, loan.years + 1):
        interest = cents(left * loan.rate / 100)
        if number <= loan.grace:
            capital = Decimal("0.00")
        elif number == loan.years:
            capital = left
        else:
            # A sum of a few cents could be paid before its end: never more than what is owed.
            capital = min(constant - interest, left)
        left -= capital
        yield Instalment(loan.year + number, interest, capital, left)
