"""An adviser's day in five statements, whatever the number of files and firms: what needs them, the first due first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Window
from django.db.models.functions import Cast, Coalesce

from toile.accounts.models import RoleGrant
from toile.directory.models import Membership
from toile.kernel.readers import Reader, Role
from toile.pathway.models import (
    Case,
    CaseState,
    Deliverable,
    Lead,
    LeadState,
    Referral,
    ReferralState,
)
from toile.pathway.queries.day_firms import firms_of
from toile.pathway.queries.day_parts import SHOWN, Part, Parts
from toile.pathway.rules.stages import paths

AHEAD: Final = timedelta(days=6)
NEVER: Final = 10_000
SECTIONS: Final = ("receive", "late", "soon", "gate", "none", "orphan")


@dataclass(frozen=True, slots=True)
class Day:
    """What needs an adviser today. files: by section of `SECTIONS`. referrals: by what is awaited (`_awaited`)."""

    calls: Part
    heard: Part
    leads: Part
    files: Mapping[str, Part]
    referrals: Mapping[str, Part]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all waits."""
        parts = [self.calls, self.heard, self.leads, *self.files.values(), *self.referrals.values()]
        return not any(part.count for part in parts)


def day_of(reader: Reader, today: date) -> Day:
    """The reader's day. 5 queries."""
    to_call, heard = firms_of(reader, today)
    return Day(to_call, heard, _leads(reader), _files(reader, today), _referrals(reader, today))


# --- Files -----------------------------------------------------------------------------------------------------------


def _files(reader: Reader, today: date) -> dict[str, Part]:
    """The reader's living files, each in the most pressing section; those of nobody at their doors. 1 query.

    Read whole and told apart here: a window of the database would weigh each condition once for each use of it.
    """
    rows = (
        Case.objects.filter(_mine(reader), state__in=CaseState.living())
        .exclude(next_step_on__gt=today + AHEAD)
        .annotate(written=_written(), awaited=waits_for_somebody(today), mine=Q(adviser=reader.person))
        # As text: of a thousand rows a few are shown, and a moment costs more to read than all the rest.
        .annotate(heard=Cast("last_contact_at", CharField()))
        .order_by(F("next_step_on").asc(nulls_last=True), "last_contact_at", "pk")
    )
    columns = ("pk", "title", "next_step", "next_step_on", "urgent_on", "heard", "simulated")
    asked, parts = _asked_at_the_gates(), Parts()
    for row in rows.values_list(*columns, "state", "mine", "path", "stage", "written", "awaited", named=True):
        parts.add(_section(row, today, asked), row)
    return {section: Part([_line(row) for row in part.rows], part.count) for section, part in parts.told().items()}


def _line(row: Any) -> FileLine:
    moment = _moment(row.heard)
    return FileLine(row.pk, row.title, row.next_step, row.next_step_on, row.urgent_on, moment, row.simulated)


def _moment(text: str) -> datetime:
    """A moment that the database wrote as text: in UTC, which SQLite leaves unsaid."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class FileLine(NamedTuple):
    """A file of the day."""

    pk: UUID
    title: str
    next_step: str
    next_step_on: date | None
    urgent_on: date | None
    last_contact_at: datetime
    simulated: bool


def _section(row: Any, today: date, asked: Mapping[tuple[str, str], int]) -> str:
    if row.state == CaseState.SENT:
        return "receive"
    if not row.mine:
        return "orphan"
    if row.next_step_on is not None:
        return "late" if row.next_step_on < today else "soon"
    if row.written >= asked.get((row.path, row.stage), NEVER):
        return "gate"
    return "" if row.next_step or row.awaited else "none"


def _mine(reader: Reader) -> Q:
    """Those that the reader follows; at their doors, those that nobody received, or whose adviser left."""
    here = Q(door__organisation__in=reader.organisations)
    nobody = Q(state=CaseState.SENT, adviser__isnull=True) | Q(
        ~Exists(_still_there()), state=CaseState.OPEN, adviser__isnull=False
    )
    return (here & Q(adviser=reader.person)) | (here & nobody)


def _still_there() -> Any:
    """Whether the adviser of a case still receives at its door: a correlated query."""
    grants = RoleGrant.objects.filter(role=Role.ADVISER, until__isnull=True).values("person")
    return Membership.objects.filter(
        person=OuterRef("adviser"), organisation=OuterRef("door__organisation"), until__isnull=True, person__in=grants
    ).order_by()


def waits_for_somebody(today: date) -> Exists:
    """Whether a partner is to answer, or a meeting with one is to come: something is planned all the same."""
    waiting = Q(state__in=ReferralState.waiting()) | Q(state=ReferralState.ACCEPTED, meeting_on__gte=today)
    return Exists(Referral.objects.filter(waiting, case=OuterRef("pk")).order_by())


def _written() -> Coalesce:
    """How many deliverables and questions of its stage a case has."""
    rows = Deliverable.objects.filter(case=OuterRef("pk"), stage=OuterRef("stage"), done_on__isnull=False).order_by()
    counted = rows.values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@cache
def _asked_at_the_gates() -> Mapping[tuple[str, str], int]:
    """How many written things the gate of each stage waits for; a stage that asks for none never calls."""
    asked = {
        (path.code, stage.code): len(stage.questions)
        + sum(not one.optional and not one.tool for one in stage.deliverables)
        for path in paths().values()
        for stage in path.stages
    }
    return {key: count for key, count in asked.items() if count}


# --- Requests to partners, what was signalled ------------------------------------------------------------------------


def _referrals(reader: Reader, today: date) -> dict[str, Part]:
    """The requests made for the reader's files: questions to answer, silences, meetings of the week. 1 query."""
    wanted = Q(state__in=ReferralState.waiting()) | Q(
        state=ReferralState.ACCEPTED, meeting_on__range=(today, today + AHEAD)
    )
    rows = Referral.objects.filter(
        wanted,
        case__adviser=reader.person,
        case__state__in=CaseState.living(),
        case__door__organisation__in=reader.organisations,
    )
    rows = rows.annotate(
        name=F("partner__canonical__name"), title=F("case__title"), on=Coalesce("meeting_on", "due_on")
    )
    parts = Parts()
    for row in rows.order_by("on", "pk").values_list("pk", "case", "title", "name", "on", "state", named=True):
        parts.add(_awaited(row, today), row)
    return parts.told()


def _awaited(row: Any, today: date) -> str:
    if row.state == ReferralState.ASKED:
        return "question"
    if row.state == ReferralState.ACCEPTED:
        return "meeting"
    return "late" if row.on < today else "waiting"


def _leads(reader: Reader) -> Part:
    """What the reader's doors are to call back about. 1 query."""
    rows = Lead.objects.visible_to(reader).filter(state=LeadState.WAITING).annotate(all=Window(Count("pk")))
    found = list(rows.order_by("due_on", "pk").values("pk", "kind", "due_on", "commune__name", "all")[:SHOWN])
    return Part(found, found[0]["all"] if found else 0)
