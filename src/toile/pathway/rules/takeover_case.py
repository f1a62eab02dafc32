"""A takeover calendar as plain data (a JSON column): what is known of the sale or of the court, read and computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from toile.pathway.rules.case_reading import CaseReading
from toile.pathway.rules.legal_dates import Dated, to_cooperative
from toile.pathway.rules.takeover import Healthy, Information, Observation, Offers, Sale
from toile.pathway.rules.takeover import healthy as healthy_dates
from toile.pathway.rules.takeover import information as information_of
from toile.pathway.rules.takeover import observation as observation_of
from toile.pathway.rules.takeover import offers as offers_dates
from toile.pathway.rules.takeover_law import takeover_law

STAFF_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known. sale: None when no sale is planned yet; court: a code of takeover.toml, or empty.

    mandate: the day an association's board asked to study becoming a co-operative.
    """

    sale: Sale | None = None
    court: str = ""
    opened: date | None = None
    limit: date | None = None
    mandate: date | None = None


class Solved(NamedTuple):
    """What follows from a calendar; each part None when nothing is known of it."""

    information: Information | None
    healthy: Healthy | None
    observation: Observation | None
    offers: Offers | None
    cooperative: tuple[Dated, ...]


def read_calendar(case: Mapping[str, Any]) -> Calendar:
    """The calendar of a case.

    Keys: sale_on, employees, price, cse, control, exclusions, told_on, last_told, all_declined_on; court, opened,
    limit; mandate. Dates are ISO texts. Raises BadCase with all the faults.
    """
    reading, law = CaseReading(), takeover_law()
    sale_on = _day(case, "sale_on", reading)
    sale = None
    if sale_on is not None:
        price = case.get("price")
        sale = Sale(
            on=sale_on,
            employees=reading.whole(case, "employees", "sale", 0, STAFF_MAX, 0),
            price=None if price is None else reading.amount_of(price, "price"),
            cse=bool(case.get("cse", False)),
            control=bool(case.get("control", True)),
            exclusions=frozenset(code for code in case.get("exclusions", ()) if code in law.exclusions),
            told_on=_day(case, "told_on", reading),
            last_told=_day(case, "last_told", reading),
            all_declined_on=_day(case, "all_declined_on", reading),
        )
    court = reading.code(case, ("", *law.courts), "court", "court")
    opened, limit, mandate = (_day(case, key, reading) for key in ("opened", "limit", "mandate"))
    calendar = Calendar(sale, court, opened, limit, mandate)
    reading.refuse_faults()
    return calendar


def write_calendar(calendar: Calendar) -> dict[str, Any]:
    """The case of a calendar: what `read_calendar` reads back to the same."""
    days = {"opened": calendar.opened, "limit": calendar.limit, "mandate": calendar.mandate}
    case: dict[str, Any] = {"court": calendar.court} | {key: _iso(day) for key, day in days.items()}
    sale = calendar.sale
    if sale is not None:
        case |= {
            "sale_on": _iso(sale.on),
            "employees": sale.employees,
            "price": None if sale.price is None else str(sale.price),
            "cse": sale.cse,
            "control": sale.control,
            "exclusions": sorted(sale.exclusions),
            "told_on": _iso(sale.told_on),
            "last_told": _iso(sale.last_told),
            "all_declined_on": _iso(sale.all_declined_on),
        }
    return case


def solve_calendar(calendar: Calendar, today: date) -> Solved:
    """All the dates of a calendar (domain D8, D10, D11, D12). The healthy path is for firms without a court."""
    sale = calendar.sale
    return Solved(
        information=information_of(sale) if sale else None,
        healthy=healthy_dates(sale.on) if sale and not calendar.court else None,
        observation=observation_of(calendar.court, calendar.opened) if calendar.court and calendar.opened else None,
        offers=offers_dates(calendar.limit, today, calendar.opened) if calendar.limit else None,
        cooperative=to_cooperative(calendar.mandate) if calendar.mandate else (),
    )


def _day(case: Mapping[str, Any], key: str, reading: CaseReading) -> date | None:
    value = case.get(key)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        reading.fault(key, "une date est attendue")
        return None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
