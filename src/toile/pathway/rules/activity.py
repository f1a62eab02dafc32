"""A small model of an activity: volumes × prices, variable and fixed costs, and when it breaks even."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from toile.pathway.rules.loans import cents

ZERO: Final = Decimal("0.00")
YEAR_DAYS: Final = 365


class Offering(NamedTuple):
    """Something sold: how many each year, its price and what one more of it costs, both without VAT."""

    label: str
    volumes: tuple[Decimal, ...]
    price: Decimal
    unit_cost: Decimal = ZERO


class FixedCost(NamedTuple):
    """What is paid whatever is sold, each year: rent, pay with contributions, insurance…"""

    label: str
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """What is sold and what it costs. aid: operating subsidies of each year, counted apart from sales."""

    offerings: tuple[Offering, ...]
    fixed: tuple[FixedCost, ...]
    aid: tuple[Decimal, ...] = ()

    @property
    def years(self) -> int:
        """Over how many years it is modelled: the longest of what is given."""
        lengths = [len(each.volumes) for each in self.offerings] + [len(each.amounts) for each in self.fixed]
        return max([*lengths, len(self.aid)], default=0)


class ActivityYear(NamedTuple):
    """A year of it, in euros without VAT. margin: sales − variable costs; ebitda: margin + aid − fixed costs.

    break_even: sales that pay the fixed costs without any aid; None when nothing sold leaves a margin.
    break_even_day: of 365, when those sales are reached at an even pace; None when the year does not reach them.
    """

    number: int
    sales: Decimal
    variable: Decimal
    margin: Decimal
    margin_rate: Decimal | None
    fixed: Decimal
    aid: Decimal
    ebitda: Decimal
    break_even: Decimal | None
    break_even_day: int | None


def model(activity: Activity) -> tuple[ActivityYear, ...]:
    """Each year of an activity. A year that is not given for a line counts nothing for it.

    Break-even sales = fixed costs ÷ margin rate; in days = 365 × break-even ÷ sales, to the next day. Source: usual
    definition of the « seuil de rentabilité » and of the « point mort ».
    """
    return tuple(_year(activity, index) for index in range(activity.years))


def _year(activity: Activity, index: int) -> ActivityYear:
    sales = sum((cents(_at(each.volumes, index) * each.price) for each in activity.offerings), ZERO)
    variable = sum((cents(_at(each.volumes, index) * each.unit_cost) for each in activity.offerings), ZERO)
    fixed = sum((_at(each.amounts, index) for each in activity.fixed), ZERO)
    aid, margin = _at(activity.aid, index), sales - variable
    needed = fixed * sales / margin if margin > 0 else None
    reached = needed is not None and sales > 0 and needed <= sales
    return ActivityYear(
        number=index + 1,
        sales=sales,
        variable=variable,
        margin=margin,
        margin_rate=cents(margin / sales * 100) if sales else None,
        fixed=fixed,
        aid=aid,
        ebitda=margin + aid - fixed,
        break_even=None if needed is None else cents(needed),
        break_even_day=int((YEAR_DAYS * needed / sales).to_integral_value(ROUND_CEILING))
        if needed is not None and reached
        else None,
    )


def _at(values: Sequence[Decimal], index: int) -> Decimal:
    return values[index] if index < len(values) else ZERO
