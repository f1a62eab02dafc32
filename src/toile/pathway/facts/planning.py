"""What the path writes on the thread about the team's time and what comes in by spreadsheet: for the audit trail."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.thread.kinds import Visibility, fact_kind


@dataclass(frozen=True, slots=True)
class WeekFact:
    """The id of the computed plan."""

    plan: str


@dataclass(frozen=True, slots=True)
class ImportFact:
    """The id of the import, and how many rows came in."""

    import_id: str
    created: int


WEEK_PLANNED = fact_kind(
    "pathway.week.planned",
    label=_("Suivi"),
    sentence=_("a un nouveau plan d’appels pour son équipe."),
    data=WeekFact,
    visibility=Visibility.AUDIT,
)
CASES_IMPORTED = fact_kind(
    "pathway.cases.imported",
    label=_("Parcours"),
    sentence=_("reprend ses dossiers depuis un tableur."),
    data=ImportFact,
    visibility=Visibility.AUDIT,
)
