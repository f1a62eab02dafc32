"""Who last vouched for each entry: for one page, and for the queue of those that nobody vouched for in a long time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, DateField, Exists, F, Max, Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, NullIf, TruncDate
from django.utils import timezone

from toile.directory.models import Confirmation, Organisation, SourceRecord
from toile.directory.models.campaigns import Pending, confirming
from toile.directory.models.organisations import Openness, Organisations, Stage, Whereabouts
from toile.directory.rules.freshness import REGISTERS, Freshness, Heard, freshness, stale_before
from toile.kernel.durations import PARIS, Duration
from toile.kernel.readers import Reader

NEVER: Final = date(1, 1, 1)


def lasts() -> Duration:
    """How long a word holds (TOILE_STALE_MONTHS)."""
    return Duration(months=settings.TOILE_STALE_MONTHS)


def confirmed_at(path: str = "pk") -> Subquery:
    """When the organisation at `path` last answered that its page is right: annotates organisations."""
    answers = Confirmation.objects.filter(confirming(), organisation=OuterRef(path)).order_by("-answered_at")
    return Subquery(answers.values("answered_at")[:1])


def says_closed(path: str = "pk") -> Exists:
    """Whether the organisation at `path` says that it closed and nobody confirmed it yet: annotates organisations."""
    return Exists(Confirmation.objects.filter(organisation=OuterRef(path), pending=Pending.CLOSURE))


def freshness_of(
    organisation: Organisation, records: Iterable[SourceRecord], answers: Iterable[datetime | None]
) -> Freshness:
    """How fresh a structure's page is, from its records and its own answers, those joined to it included. No statement.

    A record that gives no date counts from the day we heard it first.
    """
    heard = [Heard(one.source, one.said_on or timezone.localdate(one.first_seen)) for one in records]
    days = [timezone.localdate(moment) for moment in answers if moment]
    return freshness(
        heard,
        confirmed_on=max(days, default=None),
        lasts=lasts(),
        today=timezone.localdate(),
        has_ceased=organisation.stage == Stage.CEASED,
    )


def stale_for(reader: Reader) -> Organisations:
    """The stale entries that the directory lists here, each with `vouched_on` (0001-01-01: never). In no order."""
    records = SourceRecord.objects.filter(organisation__canonical=OuterRef("pk")).exclude(source__in=REGISTERS)
    spoke = Coalesce("said_on", TruncDate("first_seen", tzinfo=PARIS))
    answers = Confirmation.objects.filter(confirming(), organisation__canonical=OuterRef("pk"))
    answered = TruncDate("answered_at", tzinfo=PARIS)
    return (
        Organisation.objects.visible_to(reader)
        .structures()
        .filter(openness=Openness.PUBLIC, listed=True, whereabouts=Whereabouts.INSIDE)
        .exclude(stage=Stage.CEASED)
        .annotate(vouched_on=Greatest(_last(records, spoke), _last(answers, answered)))
        .filter(vouched_on__lt=stale_before(timezone.localdate(), lasts()))
    )


def count_stale(reader: Reader) -> tuple[int, datetime | None]:
    """How many entries are stale, and since when the oldest is not vouched for. 1 statement."""
    since = Min(Coalesce(_known(), TruncDate("known_since", tzinfo=PARIS)))
    found = stale_for(reader).aggregate(count=Count("pk"), since=since)
    return found["count"], _midnight(found["since"]) if found["since"] else None


def stale_entries(reader: Reader, most: int) -> Sequence[tuple[Organisation, date | None, datetime]]:
    """The stalest first: each, the day it was last vouched for (None: never), since when it waits. 1 statement."""
    rows = stale_for(reader).annotate(
        since=Coalesce(_known(), TruncDate("known_since", tzinfo=PARIS)), last=F("vouched_on")
    )
    return [
        (row, None if row.last == NEVER else row.last, _midnight(row.since))
        for row in rows.order_by("since", "sort_name", "pk")[:most]
    ]


def _last(rows: Any, day: Any) -> Coalesce:
    """The last day that these rows of a structure give, `NEVER` without any."""
    grouped = rows.order_by().values("organisation__canonical").annotate(last=Max(day)).values("last")
    return Coalesce(Subquery(grouped, output_field=DateField()), Value(NEVER, DateField()), output_field=DateField())


def _known() -> Any:
    """`vouched_on`, null where nobody ever vouched."""
    return NullIf(F("vouched_on"), Value(NEVER, DateField()))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, PARIS)
