"""The firms that an adviser is to call today, and the answers to read: from their signals, calls and visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.readers import Reader
from toile.kernel.typography import short_date
from toile.pathway.models import (
    Call,
    Followed,
    Signal,
    Visit,
)
from toile.pathway.queries.day_parts import NOTHING, SHOWN, Part
from toile.pathway.queries.followed import Ranked, ranked_from
from toile.pathway.rules.day import CallDue, FirmFacts, calls
from toile.pathway.rules.signals import Signal as Said
from toile.pathway.rules.signals import weights
from toile.pathway.rules.team import monday_of

RECENT: Final = timedelta(days=14)
"""How long an answer of a firm stands in the day when it calls for no call."""


@dataclass(frozen=True, slots=True)
class FirmCall:
    """A firm to call, or to read: why and by when; heard: what its last check-in said, empty when it said no risk."""

    firm: Any
    due: CallDue | None
    score: Ranked | None
    heard: str


def firms_of(reader: Reader, today: date) -> tuple[Part, Part]:
    """The firms to call, and those whose last check-in says a risk that nobody called about. 2 queries."""
    monday = monday_of(today)
    visits = Visit.objects.filter(
        followed=OuterRef("pk"), adviser=reader.person, monday=monday, dropped=False, done_at__isnull=True
    ).order_by()
    calls_made = Call.objects.filter(followed=OuterRef("pk"))
    last = calls_made.filter(reached=True).order_by("-at")
    rows = Followed.objects.present().annotate(
        seen_here=Exists(visits),
        called=Subquery(last.values("at")[:1]),
        promised=Subquery(calls_made.order_by("-at").values("next_on")[:1]),
        name=F("organisation__canonical__name"),
    )
    theirs = rows.filter(Q(adviser=reader.person) | Q(seen_here=True), door__organisation__in=reader.organisations)
    columns = ("pk", "objected_at", "simulated", "seen_here", "called", "promised", "name")
    firms: list[Any] = list(theirs.order_by("entered_on", "pk").values_list(*columns, named=True))
    if not firms:
        return NOTHING, NOTHING
    said = _signals([firm.pk for firm in firms])
    scores = ranked_from(firms, ((row.followed_id, Said(row.level, row.seen_on, row.closed_on)) for row in said), today)
    risks: dict[UUID, list[Any]] = defaultdict(list)
    for row in said:
        if row.closed_on is None and weights().levels[row.level].side == "risk":
            risks[row.followed_id].append(row)
    facts = {str(firm.pk): _facts(firm, scores.get(firm.pk), risks[firm.pk], monday) for firm in firms}
    by_key = {str(firm.pk): firm for firm in firms}
    due = calls(facts.values(), today)
    to_call = [
        FirmCall(firm, one, scores.get(firm.pk), _heard(risks[firm.pk]))
        for one in due[:SHOWN]
        for firm in [by_key[one.key]]
    ]
    called = {one.key for one in due}
    heard = [
        FirmCall(firm, None, scores.get(firm.pk), words)
        for key, firm in by_key.items()
        if key not in called
        and (words := _heard(risks[firm.pk], since=max(today - RECENT, facts[key].called_on or date.min)))
    ]
    return Part(to_call, len(due)), Part(heard[:SHOWN], len(heard))


def _signals(firms: Sequence[UUID]) -> list[Any]:
    """What counts of the firms' signals, the oldest first: rows and no model, as they are thousands. 1 query.

    What a firm contests and nobody answered, and what was an error, count as if they had not been said.
    """
    rows = Signal.objects.filter(followed__in=firms, level__in=_weighed())
    rows = rows.exclude(contested_at__isnull=False, decided_at__isnull=True).exclude(closed_on__lte=F("seen_on"))
    columns = ("followed_id", "level", "seen_on", "closed_on", "check_in_id")
    return list(rows.order_by("seen_on", "noted_at").values_list(*columns, named=True))


@cache
def _weighed() -> tuple[str, ...]:
    """The levels of the families that may say a risk: the others never call."""
    risky = {level.family for level in weights().levels.values() if level.side == "risk"}
    return tuple(level.code for level in weights().levels.values() if level.family in risky)


def _facts(firm: Any, score: Ranked | None, risks: Sequence[Any], monday: date) -> FirmFacts:
    called: datetime | None = firm.called
    return FirmFacts(
        str(firm.pk),
        score.risk if score else 0.0,
        score.risk_band.within_days if score else None,
        max((row.seen_on for row in risks), default=None),
        timezone.localdate(called) if called else None,
        firm.promised,
        monday if firm.seen_here else None,
    )


def _heard(risks: Sequence[Any], since: date = date.min) -> str:
    """What the firm itself said last of a risk, in words; empty when it said none from that day on."""
    answered = [row for row in risks if row.check_in_id is not None and row.seen_on >= since]
    if not answered:
        return ""
    day = max(row.seen_on for row in answered)
    words = ", ".join(_(weights().levels[row.level].wording) for row in answered if row.seen_on == day)
    return _("%(words)s (le %(day)s)") % {"day": short_date(day), "words": words}
