"""What waits for the team about the pages: what each kind of work counts and lists, the oldest first."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.fields.json import KT

from toile.directory.models import Candidate, ErrorReport, ImportRun, Judgement, Organisation, SourceRecord
from toile.directory.models.imports import RunState
from toile.directory.models.organisations import Organisations
from toile.directory.models.reports import ReportState
from toile.directory.queries import pairs
from toile.directory.queries.by_database import base
from toile.directory.queries.reports import reports_for
from toile.kernel.lists import Asked
from toile.kernel.readers import Reader
from toile.kernel.work import Counted


def counted(rows: QuerySet, since: str) -> Counted:
    """How many rows wait, and since when the oldest does, by the field `since`. 1 statement."""
    found = rows.order_by().aggregate(n=Count("pk"), oldest=Min(since))
    return Counted(found["n"], found["oldest"])


def counting(rows: Callable[[Reader], QuerySet], since: str) -> Callable[[Reader], Counted]:
    """What counts a kind of work, from the rows that it lists. 1 statement."""
    return lambda reader: counted(rows(reader), since)


def open_reports(reader: Reader) -> QuerySet[ErrorReport]:
    """The errors reported that nobody closed, with their structure, the oldest first."""
    return reports_for(reader).filter(state=ReportState.OPEN).order_by("made_at", "pk")


def waiting_pairs(reader: Reader) -> QuerySet[Candidate]:
    """The pairs that wait for an answer, with their places; the oldest first, then the surest."""
    rows = pairs.waiting(reader).select_related("first__main__commune", "second__main__commune")
    return rows.order_by("found_at", "-score", "pk")


def count_pairs(reader: Reader) -> Counted:
    """How many pairs wait, a little more than a thousand at most: beyond, they are not counted. 1 statement."""
    found = pairs.waiting(reader).order_by()[: pairs.MOST_COUNTED].aggregate(n=Count("pk"), oldest=Min("found_at"))
    return Counted(found["n"], found["oldest"])


def set_aside(reader: Reader) -> QuerySet[Judgement]:
    """The pairs of which somebody said that one cannot tell, the oldest first."""
    return pairs.aside(reader).select_related("first", "second").order_by("made_at", "pk")


def of_unsure_membership(reader: Reader) -> Organisations:
    """The structures of the territory of which no rule says whether they are of the ESS, the oldest first."""
    rows = base(reader, Asked(facets={"verdicts": frozenset({"to_check"})})).filter(ess_verdict="to_check")
    return rows.select_related("main__commune").order_by("known_since", "pk")


def rows_known(reader: Reader) -> QuerySet[SourceRecord]:
    """What sources said of the structures that the reader sees."""
    return SourceRecord.objects.filter(organisation__in=Organisation.objects.visible_to(reader))


def rows_in_doubt(reader: Reader) -> QuerySet[SourceRecord]:
    """The imported rows that raise a doubt, with their structure, the oldest first."""
    seen = rows_known(reader).exclude(doubt="")
    return seen.select_related("organisation__canonical").defer("payload").order_by("first_seen", "pk")


def imports_to_mend(reader: Reader) -> QuerySet[ImportRun]:
    """The imports that stopped, or refused rows, and that nobody settled, the oldest first; their report stays away.

    refused: how many rows. line, reason: the first of them.
    """
    rows = ImportRun.objects.filter(settled_at__isnull=True).annotate(refused=KT("report__refused_count"))
    rows = rows.annotate(line=KT("report__refused__0__line"), reason=KT("report__refused__0__reason")).defer("report")
    wrong = Q(state=RunState.FAILED) | Q(state=RunState.DONE, report__refused_count__gt=0)
    return rows.filter(wrong).order_by("asked_at", "pk")
