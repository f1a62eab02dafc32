"""What the public API tells of structures beside their own columns, and the names offered while one types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from toile.directory.models import Approval, Establishment, Organisation, SourceRecord
from toile.directory.models.campaigns import confirming
from toile.directory.models.organisations import Stage
from toile.directory.queries import by_database
from toile.directory.searched import ORGANISATIONS
from toile.kernel.lists import Asked
from toile.kernel.readers import Reader
from toile.kernel.search import IndexUnavailable, Query, find

MOST_SUGGESTED = 10
MOST_PLACES = 20


@dataclass(slots=True)
class Beside:
    """The SIRET of a structure's open places (at most 20), and what spoke of it: source code → last day it did.

    confirmed_on: the last day it answered that its page is right.
    """

    sirets: list[str] = field(default_factory=list)
    sources: dict[str, date] = field(default_factory=dict)
    confirmed_on: date | None = None


def beside(rows: Sequence[Organisation]) -> dict[UUID, Beside]:
    """For each of these structures, its SIRET and its sources, what is joined to it included. 2 statements."""
    found: dict[UUID, Beside] = defaultdict(Beside)
    ids = [row.pk for row in rows]
    places = Establishment.objects.filter(organisation__canonical__in=ids, is_open=True, siret__isnull=False)
    for pk, siret in places.order_by("-is_seat", "siret").values_list("organisation__canonical_id", "siret"):
        if siret and len(found[pk].sirets) < MOST_PLACES:
            found[pk].sirets.append(siret)
    records = SourceRecord.objects.filter(organisation__canonical__in=ids).order_by("source")
    spoke = records.values_list("organisation__canonical_id", "source")
    answers = "organisation__confirmations__"
    confirmed = Max(f"{answers}answered_at", filter=confirming(answers))
    for pk, source, said, seen, at in spoke.annotate(said=Max("said_on"), seen=Max("last_seen"), confirmed=confirmed):
        found[pk].sources[source] = said or seen.date()
        if at:
            found[pk].confirmed_on = max(timezone.localdate(at), found[pk].confirmed_on or date.min)
    return found


def one(reader: Reader, pk: UUID) -> Organisation | None:
    """One organisation that this reader sees, joined or not, with all that the API tells of it. 3 statements."""
    rows = Organisation.objects.visible_to(reader).select_related("main__commune")
    return rows.prefetch_related("activities", "approvals").filter(pk=pk).first()


def cluster(pk: UUID) -> list[UUID]:
    """The organisations that are one structure with `pk`: its thread is about all of them. 1 statement."""
    return list(Organisation.objects.filter(canonical__members=pk).order_by("pk").values_list("pk", flat=True))


def suggested(reader: Reader, words: str) -> list[Organisation]:
    """At most ten structures, here or elsewhere, whose names begin to look like these words. 1 statement."""
    rows = Organisation.objects.visible_to(reader).structures().exclude(stage=Stage.CEASED)
    rows = rows.select_related("main__commune")
    try:
        hits = find(
            ORGANISATIONS.code,
            reader,
            Query(words=words, none_of={"stages": [Stage.CEASED.value]}, limit=MOST_SUGGESTED),
        )
    except IndexUnavailable:
        asked = Asked(words=words, flags=frozenset({by_database.EVERYWHERE}))
        matched = by_database.base(reader, asked).select_related("main__commune")
        return list(by_database.ordered(matched, asked)[:MOST_SUGGESTED])
    by_id = {row.pk: row for row in rows.filter(pk__in=hits.ids)}
    return [by_id[pk] for pk in hits.ids if pk in by_id]


def approvals_of(row: Organisation) -> list[Approval]:
    """Its approvals, by kind then by the last day known; of those loaded already."""
    return sorted(row.approvals.all(), key=lambda each: (each.kind, each.until or date.max, each.source))
