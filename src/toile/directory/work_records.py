"""Work about the pages: errors reported, pairs to compare, structures to place, imports to mend, rows to read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.directory.forms import DecisionForm
from toile.directory.forms_page import TreatForm
from toile.directory.models import Candidate, ErrorReport, ImportRun, Judgement, Organisation, SourceRecord
from toile.directory.permissions import DECIDE, IMPORT, JUDGE, TREAT
from toile.directory.queries import work as waiting
from toile.directory.queries.judgements import why
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.sources import SOURCES
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number
from toile.kernel.work import WorkItem, WorkKind, declare


def _the_oldest(
    rows: Callable[[Reader], QuerySet], item: Callable[[Any, int], WorkItem]
) -> Callable[[Reader, int], Sequence[WorkItem]]:
    """What lists a kind: its first rows, each told. 1 statement."""
    return lambda reader, most: [item(row, place) for place, row in enumerate(rows(reader)[:most], start=1)]


def _report(row: ErrorReport, place: int) -> WorkItem:
    return WorkItem(
        key=str(row.pk),
        title=row.organisation.name,
        since=row.made_at,
        url=reverse("directory:report_treat", args=[row.pk]),
        why=str(row.get_subject_display()),
        template="directory/work_report.html",
        context={"report": row, "form": TreatForm(auto_id=f"%s-{place}")},
    )


def _pair_of(first: Organisation, second: Organisation) -> str:
    return get_text_list([f"« {first.name} »", f"« {second.name} »"], _("et"))


def _pair(row: Candidate, place: int) -> WorkItem:
    address = reverse("directory:pair", args=[row.first_id, row.second_id])
    return WorkItem(
        key=str(row.pk),
        title=_pair_of(row.first, row.second),
        since=row.found_at,
        url=address,
        template="directory/work_pair.html",
        context={"sides": [row.first, row.second], "reasons": why(row.reasons), "instead": ""},
    )


def _aside(row: Judgement, place: int) -> WorkItem:
    return WorkItem(
        key=str(row.pk),
        title=_pair_of(row.first, row.second),
        since=row.made_at,
        url=reverse("directory:pair", args=[row.first_id, row.second_id]),
        template="directory/work_pair.html",
        context={"sides": [], "reasons": why(row.reasons), "instead": row.pk},
    )


def _membership(row: Organisation, place: int) -> WorkItem:
    commune = row.main.commune.name if row.main and row.main.commune else ""
    return WorkItem(
        key=str(row.pk),
        title=row.name,
        since=row.known_since,
        url=row.get_absolute_url(),
        why=", ".join(filter(None, [_(BY_GLYPH[row.display_class].label_fr), commune])),
        template="directory/work_membership.html",
        context={"organisation": row, "form": DecisionForm(auto_id=f"%s-{place}", initial={"version": row.version})},
    )


def _doubt(row: SourceRecord, place: int) -> WorkItem:
    return WorkItem(
        key=str(row.pk),
        title=row.organisation.name,
        since=row.first_seen,
        url=row.organisation.canonical.get_absolute_url(),
        why=str(SOURCES[row.source].label),
        template="directory/work_doubt.html",
        context={"record": row},
    )


def _import(row: ImportRun, place: int) -> WorkItem:
    refused = int(row.refused or 0)
    told = ngettext("%(n)s ligne refusée", "%(n)s lignes refusées", refused) % {"n": french_number(refused)}
    return WorkItem(
        key=str(row.pk),
        title=row.filename,
        since=row.asked_at,
        url=reverse("directory:import_report", args=[row.pk]),
        why=told if refused else str(row.get_state_display()),
        template="directory/work_import.html",
        context={"run": row},
    )


REPORTS = declare(
    WorkKind(
        "directory.report",
        gettext_lazy("Erreurs signalées"),
        TREAT.code,
        20,
        waiting.counting(waiting.open_reports, "made_at"),
        _the_oldest(waiting.open_reports, _report),
        more="directory:reports",
    )
)
PAIRS = declare(
    WorkKind(
        "directory.pair",
        gettext_lazy("Paires de fiches à comparer"),
        JUDGE.code,
        40,
        waiting.count_pairs,
        _the_oldest(waiting.waiting_pairs, _pair),
        more="directory:pairs",
    )
)
ASIDE = declare(
    WorkKind(
        "directory.pair.aside",
        gettext_lazy("Paires mises de côté"),
        JUDGE.code,
        90,
        waiting.counting(waiting.set_aside, "made_at"),
        _the_oldest(waiting.set_aside, _aside),
        more="directory:judgements",
    )
)
MEMBERSHIPS = declare(
    WorkKind(
        "directory.membership",
        gettext_lazy("Structures dont l’ESS est à vérifier"),
        DECIDE.code,
        60,
        waiting.counting(waiting.of_unsure_membership, "known_since"),
        _the_oldest(waiting.of_unsure_membership, _membership),
    )
)
IMPORTS = declare(
    WorkKind(
        "directory.import",
        gettext_lazy("Imports avec des lignes refusées"),
        IMPORT.code,
        50,
        waiting.counting(waiting.imports_to_mend, "asked_at"),
        _the_oldest(waiting.imports_to_mend, _import),
        more="directory:imports",
    )
)
DOUBTS = declare(
    WorkKind(
        "directory.record",
        gettext_lazy("Lignes importées à relire"),
        IMPORT.code,
        55,
        waiting.counting(waiting.rows_in_doubt, "first_seen"),
        _the_oldest(waiting.rows_in_doubt, _doubt),
        more="directory:imports",
    )
)
