"""What a plan of calls is computed from: a door's followed firms, its team, and what people settled by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.typography import short_date
from toile.pathway.models import Availability, Call, Door, Followed, Signal, Visit
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.cohort import MOST
from toile.pathway.queries.followed import Ranked, as_rule, known_signals
from toile.pathway.rules.planning import Adviser, Case, Choice, Firm
from toile.pathway.rules.scoring import Score, score
from toile.pathway.rules.team import WEEK, Point, by_hand, skill_for, team_settings, travel
from toile.territory.models import Commune


@dataclass(frozen=True, slots=True)
class TeamCase:
    """What is to be planned for a door from a Monday on. Codes are the ids of followed firms and of persons."""

    case: Case
    first: date
    settled: frozenset[tuple[UUID, date, UUID | None, bool]]
    """What people had settled by hand when it was read: firm, Monday, adviser, taken off."""

    def monday(self, week: int) -> date:
        """The Monday of a week of the case (from 1)."""
        return self.first + (week - 1) * WEEK


def settled(door: Door, first: date, weeks: int) -> list[Visit]:
    """The visits of these weeks that a person fixed or took off. 1 query."""
    rows = Visit.objects.filter(followed__door=door, followed__left_on__isnull=True, done_at__isnull=True)
    rows = rows.filter(monday__gte=first, monday__lt=first + weeks * WEEK)
    return [row for row in rows.order_by("monday", "pk") if row.fixed or row.dropped]


def as_settled(rows: Iterable[Visit]) -> frozenset[tuple[UUID, date, UUID | None, bool]]:
    """What these visits settle, to be compared with what was read before."""
    return frozenset((row.followed_id, row.monday, row.adviser, row.dropped) for row in rows)


def team_case(door: Door, first: date, today: date) -> TeamCase:
    """Everything that a plan is computed from. 9 queries."""
    weeks = team_settings().weeks
    rows = Followed.objects.present().filter(door=door).select_related("organisation__canonical__main__commune")
    firms = list(rows.order_by("entered_on", "pk")[:MOST])
    scores = scores_of(firms, today)
    hand = settled(door, first, weeks)
    fixed = tuple(
        Choice(str(row.followed_id), str(row.adviser), (row.monday - first).days // 7 + 1)
        for row in hand
        if row.fixed and row.adviser
    )
    aside = _aside(firms, today, {choice.firm for choice in fixed})
    order = ranked_by_hand([firm for firm in firms if str(firm.pk) not in aside], scores)
    off: dict[str, set[int]] = defaultdict(set)
    for row in hand:
        if row.dropped:
            off[str(row.followed_id)].add((row.monday - first).days // 7 + 1)
    by_code = {str(firm.pk): firm for firm in firms}
    planned = [
        Firm(
            code,
            points,
            team_settings().visit_days,
            frozenset(filter(None, [skill_for(scores[by_code[code].pk].contributions)])),
            _commune_of(by_code[code]),
            not_in=frozenset(off[code]),
        )
        for code, points in order
    ]
    planned += [Firm(code, 0.0, team_settings().visit_days) for code in aside]
    advisers = _advisers(door, firms, first, weeks)
    known = {one.code for one in advisers}
    fixed = tuple(choice for choice in fixed if choice.adviser in known and choice.firm not in aside)
    return TeamCase(Case(tuple(planned), tuple(advisers), weeks, fixed, aside), first, as_settled(hand))


def scores_of(firms: Collection[Followed], on: date) -> dict[UUID, Score]:
    """The scores of these firms with what explains them; those that refuse to be scored have none. 1 query."""
    scored = [firm.pk for firm in firms if firm.objected_at is None]
    rows: dict[UUID, list[Signal]] = {pk: [] for pk in scored}
    for row in Signal.objects.filter(followed__in=scored).order_by():
        rows[row.followed_id].append(row)
    return {pk: score((as_rule(row) for row in known_signals(found)), on) for pk, found in rows.items()}


def ranked_by_hand(firms: Collection[Followed], scores: Mapping[UUID, Score | Ranked]) -> list[tuple[str, float]]:
    """The order of calls, by risk then by what people said, with the points that each rank is worth."""
    scored = sorted(
        ((str(firm.pk), scores[firm.pk].risk) for firm in firms if firm.pk in scores),
        key=lambda one: (-one[1], one[0]),
    )
    return by_hand(scored, {str(firm.pk): firm.adjusted for firm in firms if firm.adjusted is not None})


def _aside(firms: Collection[Followed], today: date, fixed: Collection[str]) -> dict[str, str]:
    """The firms that a plan leaves out, and why; what a person fixed is never left out. 1 query."""
    rest = timedelta(days=team_settings().rest_days)
    rows = Call.objects.filter(followed__in=[firm.pk for firm in firms], reached=True, at__date__gt=today - rest)
    called = dict(rows.order_by().values_list("followed").annotate(last=Max("at")))
    aside = {}
    for firm in firms:
        if str(firm.pk) in fixed:
            continue
        if firm.objected_at is not None:
            aside[str(firm.pk)] = _("refuse le score : à appeler sans lui")
        elif firm.pk in called:
            aside[str(firm.pk)] = _("appelée le %(day)s") % {"day": short_date(timezone.localdate(called[firm.pk]))}
    return aside


def _advisers(door: Door, firms: Collection[Followed], first: date, weeks: int) -> list[Adviser]:
    """The team in the order of its ids, with its time, skills, places, and whom each one knows. 5 queries.

    Who said nothing of their time has none.
    """
    team = advisers_of(door)
    said = {row.person: row for row in Availability.objects.filter(door=door, person__in=team)}
    communes = {
        code: (lon, lat)
        for code, lon, lat in Commune.objects.filter(
            code__in={code for row in said.values() for code in row.communes}
        ).values_list("code", "lon", "lat")
        if lon is not None and lat is not None
    }
    here = door.organisation.main.commune if door.organisation.main else None
    met: dict[UUID, set[str]] = defaultdict(set)
    for firm in firms:
        if firm.adviser:
            met[firm.adviser].add(str(firm.pk))
    calls = Call.objects.filter(followed__in=[firm.pk for firm in firms], by__in=team, reached=True)
    for by, followed in calls.order_by().values_list("by", "followed").distinct():
        if by:
            met[by].add(str(followed))
    found = []
    for person in team:
        row = said.get(person) or Availability(door=door, person=person, days=0)
        home = [communes[code] for code in row.communes if code in communes] or _point(here)
        found.append(
            Adviser(
                str(person),
                tuple(days_in(row, first + week * WEEK) for week in range(weeks)),
                frozenset(row.skills or team_settings().skills),
                frozenset(row.communes),
                conflicts=frozenset(str(f.pk) for f in firms if str(f.organisation.canonical_id) in row.conflicts),
                known=frozenset(met[person]),
                travel={str(firm.pk): travel(home, _place(firm)) for firm in firms},
            )
        )
    return found


def days_in(row: Availability, monday: date) -> Decimal:
    """What somebody can do in a week: what was said of this very week, else the usual."""
    return Decimal(str(row.weeks.get(monday.isoformat(), row.days)))


def _point(commune: Commune | None) -> list[Point]:
    if commune is None or commune.lon is None or commune.lat is None:
        return []
    return [(commune.lon, commune.lat)]


def _place(firm: Followed) -> Point | None:
    main = firm.organisation.canonical.main
    return next(iter(_point(main.commune if main else None)), None)


def _commune_of(firm: Followed) -> str:
    main = firm.organisation.canonical.main
    return main.commune_id or "" if main else ""
