"""What the team's week shows: the order of calls, who sees whom in a week, who waits, how many days are short."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.kernel.readers import Reader
from toile.kernel.typography import MONTHS, day_of_month
from toile.pathway.models import Availability, Door, Followed, Visit, WeekPlan
from toile.pathway.queries.cases import advisers_of, doors_of
from toile.pathway.queries.cohort import MOST
from toile.pathway.queries.followed import Ranked, ranked
from toile.pathway.queries.people import names_of
from toile.pathway.queries.week import days_in, ranked_by_hand
from toile.pathway.rules.team import WEEK, monday_of, team_settings

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Line:
    """A firm in the order of calls. rank: from 1. visit: the next one planned. why: the reasons that the plan gave."""

    rank: int
    firm: Followed
    score: Ranked
    points: float
    visit: Visit | None = None
    adviser: str = ""
    why: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.firm.organisation.canonical.name


@dataclass(frozen=True, slots=True)
class Mate:
    """One of the team in a week: days there are, days planned, the visits. said: whether their time is known at all."""

    person: UUID
    name: str
    said: bool
    days: Decimal
    planned: Decimal
    visits: Sequence[Line]
    is_away: bool


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A door's week. told: what the plan says of days. waiting, owed, aside, dropped: a firm and why."""

    door: Door
    monday: date
    mondays: Sequence[date]
    plan: WeekPlan | None
    lines: Sequence[Line]
    mates: Sequence[Mate]
    told: str
    short: Decimal
    waiting: Sequence[tuple[Followed, str]]
    owed: Sequence[tuple[Followed, str]]
    aside: Sequence[tuple[Followed, str]]
    dropped: Sequence[tuple[Followed, str]]


def door_for(reader: Reader, pk: UUID | None) -> Door:
    """One of the doors where the reader receives, the first when none is named. 1 query."""
    found = next((door for door in doors_of(reader) if pk is None or door.pk == pk), None)
    if found is None:
        raise NotVisible(_("Cette équipe n’est pas la vôtre, ou cette porte est fermée."))
    return found


def team_week(door: Door, monday: date, today: date) -> TeamWeek:
    """The week of a door's team that starts on a Monday. 8 queries."""
    rows = Followed.objects.present().filter(door=door).select_related("organisation__canonical")
    firms = {firm.pk: firm for firm in rows.order_by("entered_on", "pk")[:MOST]}
    scores = ranked(firms.values(), today)
    plan = WeekPlan.objects.filter(door=door).order_by("-computed_at", "-pk").first()
    visits = list(
        Visit.objects.filter(followed__in=firms, monday__gte=min(monday, monday_of(today))).order_by("monday", "pk")
    )
    team = advisers_of(door)
    names = names_of({*team, *(row.adviser for row in visits if row.adviser)})
    result: Mapping[str, Any] = plan.result if plan else {}
    called = {str(pk): firm.organisation.canonical.name for pk, firm in firms.items()}
    known = called | {str(pk): name for pk, name in names.items()}
    reasons = {one["firm"]: one for one in result.get("visits", ())}
    lines = [
        Line(rank, firms[UUID(code)], scores[UUID(code)], points)
        for rank, (code, points) in enumerate(ranked_by_hand(list(firms.values()), scores), 1)
    ]
    by_firm = {line.firm.pk: line for line in lines}
    for row in visits:
        line = by_firm.get(row.followed_id)
        if line and line.visit is None and not row.dropped and row.adviser:
            line.visit, line.adviser = row, names[row.adviser]
            line.why = _why(row, reasons.get(str(row.followed_id), {}), known, plan)
    first = plan.first_monday if plan else monday_of(today)
    return TeamWeek(
        door=door,
        monday=monday,
        mondays=[first + week * WEEK for week in range(plan.weeks if plan else team_settings().weeks)],
        plan=plan,
        lines=lines,
        mates=_mates(door, team, names, lines, visits, monday),
        told=result.get("days", {}).get("told", ""),
        short=Decimal(str(result.get("days", {}).get("short", 0))),
        waiting=_told(result.get("waiting", ()), firms, known),
        owed=_told(result.get("owed", ()), firms, known),
        aside=_told(result.get("aside", ()), firms, known),
        dropped=[(firms[row.followed_id], row.why) for row in visits if row.dropped and row.monday == monday],
    )


def week_fr(monday: date) -> str:
    """« semaine du 23 novembre »."""
    return _("semaine du %(day)s") % {"day": f"{day_of_month(monday)} {MONTHS[monday.month - 1]}"}


def named(text: str, known: Mapping[str, str]) -> str:
    """A reason of the plan with names where it holds ids; what is known no more is somebody else."""
    return _ID.sub(lambda found: known.get(found[0], _("quelqu’un d’autre")), text)


def _why(row: Visit, told: Mapping[str, Any], known: Mapping[str, str], plan: WeekPlan | None) -> dict[str, str]:
    """The plan's reasons of a visit; those of a person where one settled it since, or where the plan says another."""
    if row.fixed:
        return {"hand": row.why, "warning": named(told.get("warning", ""), known)}
    if not told or told["adviser"] != str(row.adviser):
        return {}
    asked = ("why_adviser", "why_week", "warning")
    return {key: _weeks(named(told.get(key, ""), known), plan) for key in asked}


def _weeks(text: str, plan: WeekPlan | None) -> str:
    """« semaine 2 » of a plan, said by its Monday."""
    if plan is None:
        return text

    def said(found: re.Match[str]) -> str:
        numbers = [plan.first_monday + (int(one) - 1) * WEEK for one in found[1].split(", ")]
        return _("semaine du %(days)s") % {
            "days": ", ".join(f"{day_of_month(day)} {MONTHS[day.month - 1]}" for day in numbers)
        }

    return re.sub(r"semaine (\d+(?:, \d+)*)", said, text)


def _told(
    rows: Sequence[Mapping[str, Any]], firms: Mapping[UUID, Followed], known: Mapping[str, str]
) -> list[tuple[Followed, str]]:
    return [(firms[UUID(row["firm"])], named(row["why"], known)) for row in rows if UUID(row["firm"]) in firms]


def _mates(
    door: Door,
    team: Sequence[UUID],
    names: Mapping[UUID, str],
    lines: Sequence[Line],
    visits: Sequence[Visit],
    monday: date,
) -> list[Mate]:
    """Everybody of the team in name order, and who left while visits are still theirs. 1 query."""
    said = {row.person: row for row in Availability.objects.filter(door=door)}
    by_firm = {line.firm.pk: line for line in lines}
    here = [row for row in visits if row.monday == monday and row.adviser and not row.dropped]
    people = {*team, *(row.adviser for row in here if row.adviser)}
    mates = []
    for person in sorted(people, key=lambda one: (names[one], str(one))):
        theirs = [row for row in here if row.adviser == person]
        row = said.get(person)
        days = days_in(row, monday) if row and person in team else Decimal(0)
        mates.append(
            Mate(
                person,
                names[person],
                row is not None,
                days,
                sum((one.days for one in theirs), Decimal(0)),
                sorted(
                    (by_firm[one.followed_id] for one in theirs if one.followed_id in by_firm), key=lambda one: one.rank
                ),
                is_away=row is not None and not days and bool(row.days),
            )
        )
    return mates
