"""Reads a case of planning given as plain data (JSON), and tells a plan as plain data with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from toile.pathway.rules.case_reading import CaseReading
from toile.pathway.rules.planning import Adviser, Case, Choice, Firm, Plan, planning_settings
from toile.pathway.rules.planning_words import Words

SCORE_MAX, TRAVEL_MAX, CODE_MAX = Decimal(100), Decimal(1000), 60


def read_case(given: Mapping[str, Any]) -> Case:
    """The case that a file says; its format is that of `docs/plan-d-appels.md`. Raises BadCase with every fault."""
    reading = CaseReading()
    if not isinstance(given, Mapping):
        reading.fault("le cas", "un objet est attendu")
        reading.refuse_faults()
    most = planning_settings().most
    weeks = reading.whole(given, "weeks", "le cas", 1, most["weeks"])
    firms = tuple(_firm(reading, row, where, weeks) for where, row in reading.rows(given, "firms", most["firms"]))
    advisers = tuple(
        _adviser(reading, row, where, weeks) for where, row in reading.rows(given, "advisers", most["advisers"])
    )
    fixed = tuple(
        Choice(_code(reading, row, "firm", where), _code(reading, row, "adviser", where),
               reading.whole(row, "week", where, 1, weeks))
        for where, row in reading.rows(given, "fixed", most["firms"])
    )  # fmt: skip
    aside = {
        _code(reading, row, "firm", where): str(row.get("reason", ""))[:200]
        for where, row in reading.rows(given, "aside", most["firms"])
    }
    reading.refuse_faults()
    return Case(firms, advisers, weeks, fixed, aside)


def told(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, each choice with its reasons in French."""
    words = Words(plan)
    why = {visit.choice.firm: words.why(visit) for visit in plan.visits}
    return {
        "points": round(plan.points, 6),
        "proven": plan.proven,
        "visits": [
            visit.choice._asdict()
            | {"points": round(visit.points, 6), "fixed": visit.fixed, "late": visit.late}
            | {"why_adviser": why[visit.choice.firm].adviser_fr, "why_week": why[visit.choice.firm].week_fr}
            | ({"warning": why[visit.choice.firm].warning_fr} if why[visit.choice.firm].warning_fr else {})
            for visit in plan.visits
        ],
        "waiting": [{"firm": firm.code, "why": words.waits(firm)} for firm in plan.waiting],
        "owed": [{"firm": firm.code, "by_week": firm.deadline, "why": words.owed(firm)} for firm in plan.owed],
        "aside": [{"firm": firm, "why": reason} for firm, reason in plan.case.aside.items()],
        "days": {
            "needed": float(plan.balance.needed),
            "available": float(plan.balance.available),
            "short": float(plan.balance.short),
            "told": words.days(),
        },
    }


def _firm(reading: CaseReading, row: Mapping[str, Any], where: str, weeks: int) -> Firm:
    return Firm(
        _code(reading, row, "code", where),
        float(reading.number(row, "score", where, Decimal(0), SCORE_MAX)),
        _days(reading, row.get("days", "0.5"), f"{where}, days", least=planning_settings().part_of_day),
        _codes(reading, row, "skills", where),
        str(row.get("place") or "")[:CODE_MAX],
        reading.whole(row, "must_by", where, 1, weeks) if row.get("must_by") is not None else None,
        frozenset(_weeks(reading, row, "not_in", where, weeks)),
    )


def _adviser(reading: CaseReading, row: Mapping[str, Any], where: str, weeks: int) -> Adviser:
    travel = row.get("travel", {})
    if not isinstance(travel, Mapping):
        reading.fault(f"{where}, travel", "un objet « structure : points » est attendu")
        travel = {}
    return Adviser(
        _code(reading, row, "code", where),
        _free_days(reading, row.get("days"), where, weeks),
        _codes(reading, row, "skills", where),
        _codes(reading, row, "places", where),
        frozenset(_weeks(reading, row, "leave", where, weeks)),
        _codes(reading, row, "conflicts", where),
        _codes(reading, row, "known", where),
        {
            str(firm): float(reading.number_of(cost, f"{where}, travel {firm}", Decimal(0), TRAVEL_MAX))
            for firm, cost in travel.items()
        },
    )


def _free_days(reading: CaseReading, given: object, where: str, weeks: int) -> tuple[Decimal, ...]:
    """The free time of each week: a list, or one number for all of them."""
    if not isinstance(given, list):
        return (_days(reading, given, f"{where}, days"),) * weeks
    if len(given) != weeks:
        reading.fault(f"{where}, days", f"un nombre pour chacune des {weeks} semaines est attendu")
    return tuple(_days(reading, value, f"{where}, days {number}") for number, value in enumerate(given, 1))


def _days(reading: CaseReading, given: object, where: str, least: Decimal = Decimal(0)) -> Decimal:
    settings = planning_settings()
    days = reading.number_of(given, where, least, Decimal(settings.most["days_a_week"]))
    if days % settings.part_of_day:
        reading.fault(where, f"par pas de {settings.part_of_day} jour")
    return days


def _weeks(reading: CaseReading, row: Mapping[str, Any], key: str, where: str, last: int) -> list[int]:
    weeks = row.get(key, [])
    if not isinstance(weeks, list) or not all(isinstance(week, int) and 1 <= week <= last for week in weeks):
        reading.fault(f"{where}, {key}", f"une liste de semaines, de 1 à {last}, est attendue")
        return []
    return weeks


def _codes(reading: CaseReading, row: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
    codes = row.get(key, [])
    if not isinstance(codes, list):
        reading.fault(f"{where}, {key}", "une liste de codes est attendue")
        return frozenset()
    return frozenset(str(code) for code in codes)


def _code(reading: CaseReading, row: Mapping[str, Any], key: str, where: str) -> str:
    code = str(row.get(key) or "").strip()
    if not 0 < len(code) <= CODE_MAX:
        reading.fault(f"{where}, {key}", f"un code de 1 à {CODE_MAX} signes est attendu")
    return code[:CODE_MAX]
