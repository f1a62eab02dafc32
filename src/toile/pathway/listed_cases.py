"""The list of cases, declared: as a list, a table and files, for who has a reason to see them.

Its files hold neither holders nor answers: what names somebody is read in the case, where the reading is noted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.lists import Column, Entry, FacetShown, ListPage, Sort, declare
from toile.kernel.lists.declaring import labels_among
from toile.kernel.typography import french_number, short_date
from toile.pathway.models import CaseState
from toile.pathway.queries.case_list import (
    NOWHERE,
    UNKNOWN,
    CaseLine,
    adviser_names,
    find_cases,
    newer_cases,
)
from toile.pathway.queries.cohort import door_names
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.stages import paths
from toile.territory.queries import commune_names

STEP_LABELS: Final = {
    "late": gettext_lazy("la date de la suite est passée"),
    "soon": gettext_lazy("dans les sept jours"),
    "later": gettext_lazy("plus tard"),
    "awaited": gettext_lazy("quelqu’un doit répondre"),
    "none": gettext_lazy("sans suite"),
    "over": gettext_lazy("terminés"),
}
PATHS: Final = {path.code: path.title_fr for path in paths().values()}
STAGES: Final = dict(matrix().titles) | {
    stage.code: stage.title_fr for path in paths().values() for stage in path.stages
}


def _found(count: int, total: int) -> str:
    if not count:
        return _("Aucun dossier trouvé sur %(total)s") % {"total": french_number(total)}
    told = ngettext("%(shown)s dossier trouvé sur %(total)s", "%(shown)s dossiers trouvés sur %(total)s", count)
    return told % {"shown": french_number(count), "total": french_number(total)}


def _advisers(values: Collection[str]) -> Mapping[str, str]:
    return adviser_names(values, _("personne pour l’instant"))


def _communes(values: Collection[str]) -> Mapping[str, str]:
    return commune_names([value for value in values if value != NOWHERE]) | {NOWHERE: _("commune inconnue")}


def step_fr(row: CaseLine) -> str:
    """« Relire le prévisionnel, 3 déc. 2026 », or that there is none."""
    case = row.case
    if case.next_step:
        return ", ".join(filter(None, [case.next_step, case.next_step_on and short_date(case.next_step_on)]))
    if row.step == "over":
        return ""
    if case.state == CaseState.SENT:
        return _("la porte doit recevoir la personne")
    return _("un partenaire doit répondre") if row.step == "awaited" else _("sans suite")


def _stage(row: CaseLine) -> str | None:
    return _(STAGES[row.case.stage]) if row.case.stage in STAGES else None


def _path(row: CaseLine) -> str | None:
    return _(PATHS[row.case.path]) if row.case.path in PATHS else None


def _told(row: CaseLine) -> Mapping[str, Any]:
    return {
        "case": row.case,
        "adviser": row.adviser,
        "stage": _stage(row),
        "step": step_fr(row),
        "step_code": row.step,
        "title": row.name,
        "note": _("fictif") if row.case.simulated else "",
    }


def _entry(row: CaseLine) -> Entry:
    summary = ", ".join(filter(None, [str(row.case.get_state_display()), _stage(row), row.adviser, step_fr(row)]))
    return Entry(row.pk.urn, row.name, reverse("pathway:case", args=[row.pk]), summary, row.case.last_contact_at)


CASES: Final = declare(
    ListPage(
        code="pathway_cases",
        title=gettext_lazy("Dossiers"),
        route="pathway:cases",
        file="dossiers",
        columns=[
            Column("dossier", gettext_lazy("Dossier"), lambda row: row.name, in_table=True),
            Column("etat", gettext_lazy("État"), lambda row: str(row.case.get_state_display()), in_table=True),
            Column("parcours", gettext_lazy("Parcours"), _path),
            Column("etape", gettext_lazy("Étape"), _stage, in_table=True),
            Column("suite", gettext_lazy("Suite"), lambda row: step_fr(row) or None, in_table=True),
            Column("suite_le", gettext_lazy("Suite le"), lambda row: row.case.next_step_on),
            Column("porte", gettext_lazy("Porte"), lambda row: row.case.door.name if row.case.door else None),
            Column("suivi_par", gettext_lazy("Suivi par"), lambda row: row.adviser or None, in_table=True),
            Column("commune", gettext_lazy("Commune"), lambda row: row.case.commune.name if row.case.commune else None),
            Column(
                "recu_le",
                gettext_lazy("Reçu le"),
                lambda row: timezone.localdate(row.case.received_at) if row.case.received_at else None,
            ),
            Column(
                "dernier_contact",
                gettext_lazy("Dernier contact"),
                lambda row: timezone.localdate(row.case.last_contact_at),
                in_table=True,
            ),
            Column("avant_le", gettext_lazy("Avant le"), lambda row: row.case.urgent_on),
            Column("identifiant", gettext_lazy("Identifiant"), lambda row: str(row.pk)),
        ],
        facets=[
            FacetShown("suite", "steps", gettext_lazy("Suite"), labels_among(STEP_LABELS), by_count=False),
            FacetShown("etat", "states", gettext_lazy("État"), labels_among(dict(CaseState.choices)), by_count=False),
            FacetShown("suivi_par", "advisers", gettext_lazy("Suivi par"), _advisers),
            FacetShown("porte", "doors", gettext_lazy("Porte"), door_names, folded=True),
            FacetShown(
                "parcours",
                "paths",
                gettext_lazy("Parcours"),
                labels_among(PATHS | {UNKNOWN: gettext_lazy("inconnu")}),
                by_count=False,
                folded=True,
            ),
            FacetShown(
                "etape",
                "stages",
                gettext_lazy("Étape"),
                labels_among(STAGES | {UNKNOWN: gettext_lazy("inconnue")}),
                by_count=False,
                folded=True,
            ),
            FacetShown("commune", "communes", gettext_lazy("Commune"), _communes, folded=True),
        ],
        sorts=[
            Sort("recent", "recent", gettext_lazy("dernier contact")),
            Sort("silent", "silence", gettext_lazy("contact le plus ancien")),
            Sort("name", "nom", gettext_lazy("nom")),
            # The last one offered is the list's own order.
            Sort("step", "suite", gettext_lazy("suite")),
        ],
        find=find_cases,
        newer=newer_cases,
        entry=_entry,
        found=_found,
        row_template="pathway/planning/case_row.html",
        told=_told,
        schema="CreativeWork",
        nothing_yet=gettext_lazy("Les projets que votre porte reçoit y paraissent."),
    )
)
