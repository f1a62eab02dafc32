"""The team's weeks: each one's time, the plan computed, and what people settle by hand, which the next plan keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.models import Job
from toile.kernel.readers import Reader
from toile.pathway.facts.planning import WEEK_PLANNED, WeekFact
from toile.pathway.models import Availability, Call, Door, Followed, Visit, WeekPlan
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.week import TeamCase, as_settled, settled, team_case
from toile.pathway.rules.planning import Plan, plan
from toile.pathway.rules.planning_case import told
from toile.pathway.rules.team import WEEK, first_monday, monday_of, team_settings
from toile.pathway.services.doors import require_at
from toile.thread.services import record

JOB: Final = "pathway.week.plan"
TRIES: Final = 3


class Elsewhere(UserError):
    """A person who does not receive at this door, or a week that no plan covers."""


def say_availability(
    actor: Actor,
    reader: Reader,
    door: Door,
    person: UUID,
    *,
    days: Decimal,
    skills: Sequence[str],
    communes: Sequence[str],
    weeks: Mapping[str, str],
    revision: int,
) -> None:
    """Say what an adviser can do: days in a usual week, skills and communes (none: all), weeks that differ.

    revision: that of what the person had under their eyes, 0 when nothing was said yet. Raises `Conflict` when somebody
    wrote since, `Elsewhere` for who does not receive here.
    """
    require_at(reader, door)
    if person not in advisers_of(door):
        raise Elsewhere(_("Cette personne ne reçoit pas, ou plus, à cette porte."))
    values = {"days": days, "skills": list(skills), "communes": list(communes), "weeks": dict(weeks)}
    with act(actor):
        if revision:
            rows = Availability.objects.filter(door=door, person=person, revision=revision)
            written = bool(rows.update(**values, revision=F("revision") + 1))
        else:
            written = Availability.objects.get_or_create(door=door, person=person, defaults=values)[1]
        if not written:
            raise Conflict(_("Une autre personne vient d’écrire ces disponibilités : lisez-les, puis recommencez."))


def say_conflict(actor: Actor, reader: Reader, followed: Followed, person: UUID, *, has: bool) -> None:
    """Say that an adviser must not see a firm (or may again): a tie of interest, whatever it is; no reason is kept."""
    require_at(reader, followed.door)
    if person not in advisers_of(followed.door):
        raise Elsewhere(_("Cette personne ne reçoit pas, ou plus, à cette porte."))
    firm = str(followed.organisation.canonical_id)
    with act(actor):
        row = Availability.objects.get_or_create(door=followed.door, person=person, defaults={"days": 0})[0]
        row = Availability.objects.select_for_update().get(pk=row.pk)
        kept = [one for one in row.conflicts if one != firm]
        row.conflicts = [*kept, firm] if has else kept
        row.revision += 1
        row.save(update_fields=["conflicts", "revision"])


def fix(
    actor: Actor, reader: Reader, followed: Followed, person: UUID, monday: date, why: str, *, before: str | None = None
) -> Visit:
    """Decide by hand who sees a firm in which week; the next plans keep it, beyond the free time if need be.

    before: the visit that the person had under their eyes (`seen_as`); raises `Conflict` when another changed it since.
    """
    _check(reader, followed, monday)
    if person not in advisers_of(followed.door):
        raise Elsewhere(_("Cette personne ne reçoit pas, ou plus, à cette porte."))
    with act(actor):
        _unless_changed(followed, before)
        to_come(followed).filter(dropped=False).exclude(monday=monday).delete()
        values = {"adviser": person, "fixed": True, "dropped": False, "why": why.strip()[:300]}
        return Visit.objects.update_or_create(
            followed=followed,
            monday=monday,
            defaults=values | {"days": team_settings().visit_days, "by": reader.person, "at": timezone.now()},
        )[0]


def take_off(
    actor: Actor, reader: Reader, followed: Followed, monday: date, why: str, *, before: str | None = None
) -> None:
    """Take a firm off a week, saying why: the next plans do not put it back there."""
    _check(reader, followed, monday)
    if not why.strip():
        raise UserError(_("Dites pourquoi : la prochaine personne qui ouvre ce plan le lira."))
    with act(actor):
        _unless_changed(followed, before)
        values = {"adviser": None, "fixed": False, "dropped": True, "why": why.strip()[:300]}
        Visit.objects.update_or_create(
            followed=followed, monday=monday, defaults=values | {"by": reader.person, "at": timezone.now()}
        )


def release(actor: Actor, reader: Reader, followed: Followed) -> None:
    """Leave the firm to the next plan again: what was settled by hand for the weeks to come is forgotten."""
    require_at(reader, followed.door)
    with act(actor):
        to_come(followed).delete()


def rank(actor: Actor, reader: Reader, followed: Followed, place: int | None, why: str) -> None:
    """Give a firm its rank in the order of calls, saying why; None leaves it to its score again."""
    require_at(reader, followed.door)
    if place is not None and not why.strip():
        raise UserError(_("Dites pourquoi vous changez l’ordre : il vaut pour toute l’équipe."))
    with act(actor):
        Followed.objects.filter(pk=followed.pk).update(
            adjusted=place, adjusted_why=why.strip()[:200] if place is not None else ""
        )


def ask_plan(actor: Actor, reader: Reader, door: Door) -> Job:
    """Have the door's plan computed; the same work while one is under way."""
    require_at(reader, door)
    return enqueue(actor, JOB, key=str(door.pk), door=str(door.pk))


def compute(actor: Actor, door: Door, today: date) -> WeekPlan:
    """Compute the door's plan and write its visits; read again when somebody settles something meanwhile.

    Reasons are kept with ids in place of names. Visits fixed, taken off or done stay; the others are replaced.
    """
    first = first_monday(today)
    for _turn in range(TRIES):
        read = team_case(door, first, today)
        found = plan(read.case)
        with act(actor):
            Door.objects.select_for_update().get(pk=door.pk)
            if as_settled(settled(door, first, read.case.weeks)) == read.settled:
                return _write(actor, door, read, found)
    raise Conflict(_("L’équipe change le plan pendant qu’il se calcule : relancez-le dans un instant."))


def _write(actor: Actor, door: Door, read: TeamCase, found: Plan) -> WeekPlan:
    _note_done(door)
    to_replace = Visit.objects.filter(followed__door=door, done_at__isnull=True, dropped=False, monday__gte=read.first)
    # What was fixed for somebody who left the team stays with nobody: it is computed again.
    team = [UUID(one.code) for one in read.case.advisers]
    to_replace.exclude(fixed=True, adviser__in=team).delete()
    Visit.objects.bulk_create(
        Visit(
            followed_id=UUID(visit.choice.firm),
            adviser=UUID(visit.choice.adviser),
            monday=read.monday(visit.choice.week),
            days=team_settings().visit_days,
        )
        for visit in found.visits
        if not visit.fixed
    )
    kept = WeekPlan.objects.create(
        door=door,
        first_monday=read.first,
        weeks=read.case.weeks,
        computed_by=actor.person,
        result=told(found) | {"left": [[*key, float(days)] for key, days in found.left.items()]},
    )
    record(WEEK_PLANNED, about=[door.organisation_id], data=WeekFact(str(kept.pk)))
    return kept


def _note_done(door: Door) -> None:
    """A visit whose firm was reached in its week is done: it counts as time spent, and is planned no more."""
    waiting = Visit.objects.filter(
        followed__door=door, dropped=False, done_at__isnull=True, monday__lte=timezone.localdate()
    )
    rows = {(row.followed_id, row.monday): row for row in waiting}
    calls = Call.objects.filter(followed__in={followed for followed, _monday in rows}, reached=True)
    for followed, at in calls.order_by("at").values_list("followed", "at"):
        day = timezone.localdate(at)
        row = rows.get((followed, monday_of(day)))
        if row is not None:
            Visit.objects.filter(pk=row.pk, done_at__isnull=True).update(done_at=at)


def to_come(followed: Followed) -> QuerySet[Visit]:
    """The visits of a firm that are not done, from this week on."""
    today = timezone.localdate()
    return Visit.objects.filter(followed=followed, done_at__isnull=True, monday__gte=monday_of(today))


def seen_as(visit: Visit | None) -> str:
    """What a form holds of the visit it shows, to be compared when it comes back."""
    return f"{visit.adviser or ''} {visit.monday.isoformat()} {visit.fixed}" if visit else ""


def _unless_changed(followed: Followed, before: str | None) -> None:
    if before is None:
        return
    now = to_come(followed).filter(dropped=False).order_by("monday").first()
    if seen_as(now) != before:
        raise Conflict(_("Une autre personne vient de changer cette visite : voici où elle en est."))


def _check(reader: Reader, followed: Followed, monday: date) -> None:
    require_at(reader, followed.door)
    if followed.left_on is not None:
        raise Conflict(_("Cette structure n’est plus suivie : aucune visite ne s’y ajoute."))
    today = timezone.localdate()
    this = monday_of(today)
    last = first_monday(today) + (team_settings().weeks - 1) * WEEK
    if monday.weekday() or not this <= monday <= last:
        raise Elsewhere(_("Choisissez une des semaines du plan."))
