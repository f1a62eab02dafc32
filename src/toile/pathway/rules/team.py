"""What a door's team plans: which skill a firm asks for, which rank a person gave it, which weeks the plan covers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from toile.kernel.sphere import metres_between
from toile.pathway.rules.planning import PLANNING_TOML
from toile.pathway.rules.scoring import Contribution
from toile.pathway.rules.signals import weights

FRIDAY: Final = 4
WEEK: Final = timedelta(days=7)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Skill:
    """What an adviser may be good at, and the families of signals that ask for it."""

    code: str
    label: str
    families: frozenset[str]


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """What a team's page plans: see planning.toml."""

    weeks: int
    visit_days: Decimal
    rest_days: int
    travel_per_km: float
    skills: Mapping[str, Skill]


@cache
def team_settings() -> TeamSettings:
    """The settings of planning.toml. A skill that names an unknown family is loud (ValueError): the file is ours."""
    read: Mapping[str, Any] = tomllib.loads(PLANNING_TOML.read_text(encoding="utf-8"), parse_float=Decimal)["team"]
    skills = {one["code"]: Skill(one["code"], one["label"], frozenset(one["families"])) for one in read["skill"]}
    unknown = {family for skill in skills.values() for family in skill.families} - weights().families.keys()
    if unknown:
        raise ValueError(f"planning.toml names unknown families: {', '.join(sorted(unknown))}")
    return TeamSettings(read["weeks"], read["visit_days"], read["rest_days"], float(read["travel_per_km"]), skills)


def skill_for(contributions: Sequence[Contribution]) -> str:
    """The skill that the heaviest live signal of risk asks for; empty when there is none."""
    risks = [one for one in contributions if one.level.side == "risk"]
    if not risks:
        return ""
    family = max(risks, key=lambda one: one.points).level.family
    return next((skill.code for skill in team_settings().skills.values() if family in skill.families), "")


def by_hand(ranked: Sequence[tuple[str, float]], given: Mapping[str, int]) -> list[tuple[str, float]]:
    """The firms in the order of calls, each with the points that its rank is worth.

    ranked: code and score, highest first. given: ranks (from 1) that a person gave. A firm at a rank given by hand
    counts as much as the score that stands at this rank: moved up it is called sooner, moved down later, and the others
    keep their own points.
    """
    scores = [score for _code, score in ranked]
    rest = [(code, score) for code, score in ranked if code not in given]
    for code in sorted((code for code, _score in ranked if code in given), key=lambda code: given[code]):
        rank = min(max(given[code], 1), len(scores)) - 1
        rest.insert(min(rank, len(rest)), (code, scores[rank]))
    return rest


def first_monday(today: date) -> date:
    """The Monday from which a plan computed today starts: this week's until Thursday, the next one's from Friday."""
    monday = monday_of(today)
    return monday + WEEK if today.weekday() >= FRIDAY else monday


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def travel(home: Sequence[Point], firm: Point | None) -> float:
    """Points that going to a firm costs: from the nearest of one's places; nothing where a place is not known."""
    if firm is None or not home:
        return 0.0
    metres = min(metres_between(*place, *firm) for place in home)
    return round(metres / 1000 * team_settings().travel_per_km, 2)
