"""Who calls which firm, in which week: the most points within days, skills, places and leave (domain H11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from toile.kernel.errors import UserError
from toile.pathway.rules.planning_slots import NOWHERE, Slots
from toile.pathway.rules.planning_solving import best

PLANNING_TOML: Final = Path(__file__).with_name("planning.toml")

Refusal = Literal["conflict", "skill", "place", "leave", "no_time", "too_long"]


class BadPlan(UserError):
    """A plan that cannot be computed as it is asked: a choice made by hand names nobody, or a firm twice."""


@dataclass(frozen=True, slots=True)
class PlanningSettings:
    """What the plan weighs: see planning.toml."""

    later: float
    known: float
    must_from: float
    must_by_week: int
    part_of_day: Decimal
    most: Mapping[str, int]


@cache
def planning_settings() -> PlanningSettings:
    """The settings of planning.toml."""
    declared = tomllib.loads(PLANNING_TOML.read_text(encoding="utf-8"), parse_float=Decimal)
    return PlanningSettings(
        float(declared["later"]),
        float(declared["known"]),
        float(declared["must_from"]),
        declared["must_by_week"],
        declared["part_of_day"],
        declared["limits"],
    )


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm to see once. code: who it is, shown in reasons. days: how long the visit takes.

    skills: those that its adviser must have, all of them. must_by: the last week (from 1) for a visit that is owed;
    None leaves it to the score. not_in: weeks from which a person took it off.
    """

    code: str
    score: float
    days: Decimal = Decimal("0.5")
    skills: frozenset[str] = frozenset()
    place: str = ""
    must_by: int | None = None
    not_in: frozenset[int] = frozenset()

    @property
    def deadline(self) -> int | None:
        """The last week in which a visit that is owed may be; None where none is owed."""
        settings = planning_settings()
        if self.must_by is None and self.score >= settings.must_from:
            return settings.must_by_week
        return self.must_by


@dataclass(frozen=True, slots=True)
class Adviser:
    """One who calls. days: free time of each week; leave: weeks (from 1) away.

    places: where they go, everywhere when empty; a firm whose place is unknown is refused to nobody. conflicts: firms
    that they must not follow. known: firms they know. travel: points that going to a firm costs.
    """

    code: str
    days: tuple[Decimal, ...]
    skills: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    leave: frozenset[int] = frozenset()
    conflicts: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    travel: Mapping[str, float] = field(default_factory=dict)

    def days_in(self, week: int) -> Decimal:
        """Free time in a week (from 1), nothing when away."""
        return Decimal(0) if week in self.leave or week > len(self.days) else self.days[week - 1]

    def refusal(self, firm: Firm) -> Refusal | None:
        """Why this one may not see the firm in any week; None when they may."""
        if firm.code in self.conflicts:
            return "conflict"
        if not firm.skills <= self.skills:
            return "skill"
        if self.places and firm.place and firm.place not in self.places:
            return "place"
        return None


class Choice(NamedTuple):
    """A firm seen by an adviser in a week (from 1), as codes."""

    firm: str
    adviser: str
    week: int


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be planned: firms and advisers in list order, over `weeks` weeks.

    fixed: choices made by hand, which stay. aside: firms that a person took out of the plan, each with their reason.
    """

    firms: tuple[Firm, ...]
    advisers: tuple[Adviser, ...]
    weeks: int
    fixed: tuple[Choice, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)


class Visit(NamedTuple):
    """A choice of the plan. points: what it brings. late: a visit was owed, and by an earlier week."""

    choice: Choice
    points: float
    fixed: bool
    late: bool


class Balance(NamedTuple):
    """Days that visits ask for, days that advisers have, and how many are short, never below nothing."""

    needed: Decimal
    available: Decimal

    @property
    def short(self) -> Decimal:
        return max(Decimal(0), self.needed - self.available)


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits in list order, who waits, who is owed a visit and has none in time; `points` of at most `bound`.

    proven: no plan is better. left: free days after the plan, by (adviser, week); below nothing where choices made by
    hand ask for more than there is.
    """

    case: Case
    visits: tuple[Visit, ...]
    waiting: tuple[Firm, ...]
    owed: tuple[Firm, ...]
    points: float
    bound: float
    balance: Balance
    left: Mapping[tuple[str, int], Decimal]

    @property
    def proven(self) -> bool:
        return self.bound - self.points <= 1e-6 * max(1.0, abs(self.bound))


def balance(firms: Iterable[Firm], advisers: Iterable[Adviser], weeks: int, *, visits: int = 1) -> Balance:
    """Days that `visits` visits to each firm ask for, against the free time of advisers.

    *Example* of domain H11: 300 firms × 2 visits × ½ day = 300 days, 12 advisers × 48 weeks × ½ day = 288: 12 short.
    """
    needed = visits * sum((firm.days for firm in firms), Decimal(0))
    return Balance(needed, sum((one.days_in(week) for one in advisers for week in range(1, weeks + 1)), Decimal(0)))


def points(firm: Firm, adviser: Adviser, week: int) -> float:
    """What a visit brings: score × 0,8^(week − 1), more if they know each other, less the way there (domain H11)."""
    settings = planning_settings()
    known = settings.known if firm.code in adviser.known else 0.0
    return firm.score * settings.later ** (week - 1) + known - adviser.travel.get(firm.code, 0.0)


def plan(case: Case) -> Plan:
    """The plan that sees the most firms in time, then is worth the most points; ties go in list order.

    Choices made by hand stay, beyond the free time if need be; a deadline that nobody can keep is let go and said.
    Raises BadPlan when a choice made by hand names an unknown firm, adviser or week, or the same firm twice.
    """
    _refuse_bad_choices(case)
    left = _left_by_hand(case)
    by_hand = {choice.firm for choice in case.fixed} | set(case.aside)
    free = [firm for firm in case.firms if firm.code not in by_hand]
    chosen, bound = _computed(case, free, left)
    advisers = {one.code: one for one in case.advisers}
    visits = []
    for firm in case.firms:
        fixed = next((choice for choice in case.fixed if choice.firm == firm.code), None)
        choice = fixed or chosen.get(firm.code)
        if choice is not None:
            worth = points(firm, advisers[choice.adviser], choice.week)
            late = firm.deadline is not None and choice.week > firm.deadline
            visits.append(Visit(choice, worth, fixed is not None, late))
            if fixed is None:
                left[choice.adviser, choice.week] -= firm.days
    in_time = {visit.choice.firm for visit in visits if not visit.late}
    seen = {visit.choice.firm for visit in visits}
    return Plan(
        case=case,
        visits=tuple(visits),
        waiting=tuple(firm for firm in case.firms if firm.code not in seen and firm.code not in case.aside),
        owed=tuple(
            firm
            for firm in case.firms
            if firm.deadline is not None and firm.code not in in_time and firm.code not in case.aside
        ),
        points=sum(visit.points for visit in visits),
        bound=bound + sum(visit.points for visit in visits if visit.fixed),
        balance=balance([one for one in case.firms if one.code not in case.aside], case.advisers, case.weeks),
        left=left,
    )


def _refuse_bad_choices(case: Case) -> None:
    firms, advisers, seen = {one.code for one in case.firms}, {one.code for one in case.advisers}, set(case.aside)
    if len(firms) < len(case.firms) or len(advisers) < len(case.advisers):
        raise BadPlan("Deux structures, ou deux conseillers, portent le même code.")
    for choice in case.fixed:
        if choice.firm not in firms:
            raise BadPlan(f"Le choix fait à la main nomme une structure inconnue : « {choice.firm} ».")
        if choice.adviser not in advisers:
            raise BadPlan(f"Le choix fait à la main nomme un conseiller inconnu : « {choice.adviser} ».")
        if not 1 <= choice.week <= case.weeks:
            raise BadPlan(f"Le choix de « {choice.firm} » est en semaine {choice.week} : de 1 à {case.weeks}.")
        if choice.firm in seen:
            raise BadPlan(f"« {choice.firm} » est choisie deux fois à la main, ou choisie et écartée.")
        seen.add(choice.firm)


def _left_by_hand(case: Case) -> dict[tuple[str, int], Decimal]:
    """Free days of each adviser and week, once the choices made by hand are taken off."""
    left = {(one.code, week): one.days_in(week) for one in case.advisers for week in range(1, case.weeks + 1)}
    days = {firm.code: firm.days for firm in case.firms}
    for choice in case.fixed:
        left[choice.adviser, choice.week] -= days[choice.firm]
    return left


def _computed(
    case: Case, firms: list[Firm], left: Mapping[tuple[str, int], Decimal]
) -> tuple[dict[str, Choice], float]:
    """The computed choice of each firm that has one, and the bound. Slots go by week, then adviser, in list order."""
    if not firms or not left:
        return {}, 0.0
    advisers, part = case.advisers, planning_settings().part_of_day
    weeks = np.arange(case.weeks)
    later = planning_settings().later ** weeks
    able = np.array([[one.refusal(firm) is None for one in advisers] for firm in firms])
    open_ = np.array([[week + 1 not in firm.not_in for week in range(case.weeks)] for firm in firms])
    allowed = open_[:, :, None] & able[:, None, :]
    beside = np.array([[points(firm, one, 1) - firm.score for one in advisers] for firm in firms])
    scores = np.array([firm.score for firm in firms])
    worth = scores[:, None, None] * later[None, :, None] + beside[:, None, :]
    deadline = np.array([firm.deadline or 0 for firm in firms])
    in_time = np.broadcast_to((weeks[None, :] < deadline[:, None])[:, :, None], worth.shape)
    room = [max(0, int(left[one.code, week] / part)) for week in range(1, case.weeks + 1) for one in advisers]
    found = best(
        Slots(
            np.where(allowed, worth, -np.inf).reshape(len(firms), -1),
            np.array([-int(-firm.days // part) for firm in firms]),
            np.array(room),
            in_time.reshape(len(firms), -1),
        )
    )
    choices = {
        firm.code: Choice(firm.code, advisers[slot % len(advisers)].code, int(slot) // len(advisers) + 1)
        for firm, slot in zip(firms, found.chosen, strict=True)
        if slot != NOWHERE
    }
    return choices, found.bound
