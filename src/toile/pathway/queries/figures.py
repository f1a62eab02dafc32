"""Counting what the doors do: anonymous, up to the end of last month, small counts hidden (domain K13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from toile.kernel.durations import PARIS
from toile.pathway.models import Case, Lead, LeadState
from toile.pathway.rules.figures import WHOLE, Key, withheld
from toile.pathway.rules.stages import paths

MONTHS = 24
CASES, LEADS = "cases", "leads"


@dataclass(frozen=True, slots=True)
class Line:
    """One count. count: None when it is hidden."""

    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: its title, its lines and its total (None: hidden)."""

    code: str
    title: str
    lines: list[Line]
    total: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Every table, the day they go to, and whether invented cases are among them."""

    until: date
    tables: list[Figures]
    simulated: bool


def counts() -> Counts:
    """The tables that anybody may read: cases received and what was signalled, to the end of last month. 7 queries."""
    until = timezone.localdate().replace(day=1)
    before = datetime.combine(until, time.min, PARIS)
    cases = Case.objects.filter(received_at__isnull=False, received_at__lt=before)
    leads = Lead.objects.filter(received_at__lt=before)
    stages = {stage.code: gettext(stage.title_fr) for path in paths().values() for stage in path.stages}
    states = {code: str(label) for code, label in LeadState.choices}
    several = [
        _Told("doors", _("Par porte"), CASES, _named(cases, "door__name", {})),
        _Told("stages", _("Par étape aujourd’hui"), CASES, _named(cases, "stage", stages)),
        _Told("months", _("Par mois de réception"), CASES, _by_month(cases)),
        _Told("communes", _("Par commune"), CASES, _named(cases, "commune__name", {})),
        _Told("leads", _("Ce que sont devenus les signalements"), LEADS, _named(leads, "state", states)),
    ]
    tables = [one for one in several if one.counts]
    hidden = withheld({one.code: one.counts for one in tables}, {one.code: one.group for one in tables})
    return Counts(until, [_shown(one, hidden) for one in tables], cases.filter(simulated=True).exists())


@dataclass(frozen=True, slots=True)
class _Told:
    """A table before anything is hidden. counts: label → how many."""

    code: str
    title: str
    group: str
    counts: Mapping[str, int]


def _named(rows: QuerySet[Any], column: str, labels: Mapping[str, str]) -> dict[str, int]:
    """Counts by the words of a column, the greatest first; codes that say the same in words are one. 1 query."""
    found: Counter[str] = Counter()
    for code, n in rows.order_by().values_list(column).annotate(n=Count("pk")):
        found[(labels.get(code, code) if code else "") or _("inconnu")] += n
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _by_month(cases: QuerySet[Case]) -> dict[str, int]:
    """Counts by month of reception, the older ones together. 1 query."""
    month = TruncMonth("received_at", tzinfo=PARIS)
    rows = sorted(cases.order_by().annotate(month=month).values_list("month").annotate(n=Count("pk")))
    older = sum(n for _moment, n in rows[:-MONTHS])
    return ({_("avant"): older} if older else {}) | {date_format(moment, "F Y"): n for moment, n in rows[-MONTHS:]}


def _shown(told: _Told, hidden: set[Key]) -> Figures:
    lines = [Line(label, None if (told.code, label) in hidden else n) for label, n in told.counts.items()]
    whole = None if (told.group, WHOLE) in hidden else sum(told.counts.values())
    return Figures(told.code, told.title, lines, whole)
