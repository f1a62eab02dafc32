"""How long the path keeps the team's time, its list of cases and what comes in by spreadsheet."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import Actor, act
from toile.kernel.durations import Duration
from toile.kernel.retention import Retention, declare
from toile.pathway.models import CaseImport, Visit, WeekPlan
from toile.pathway.services.case_imports import abandoned, forget_abandoned

PLANS = Duration(months=12)
VISITS = Duration(years=2)


def _old_plans(now: datetime):
    return WeekPlan.objects.filter(computed_at__lt=PLANS.cutoff(now))


def _old_visits(now: datetime):
    return Visit.objects.filter(monday__lt=VISITS.cutoff(now).date())


def _old_imports(now: datetime):
    return CaseImport.objects.filter(received_at__lt=VISITS.cutoff(now))


def _delete(rows):
    def apply(actor: Actor, now: datetime) -> int:
        with act(actor):
            return rows(now).delete()[0]

    return apply


declare(
    Retention(
        code="pathway.plans",
        what=_("Plans d’appels calculés"),
        kept=_("12 mois ; ensuite, effacés"),
        due=lambda now: _old_plans(now).count(),
        apply=_delete(_old_plans),
    )
)
declare(
    Retention(
        code="pathway.visits",
        what=_("Visites prévues ou faites, dans la semaine d’une équipe"),
        kept=_("2 ans ; ensuite, effacées"),
        due=lambda now: _old_visits(now).count(),
        apply=_delete(_old_visits),
    )
)
declare(
    Retention(
        code="pathway.import_files",
        what=_("Tableurs de dossiers envoyés et jamais repris"),
        kept=_("7 jours ; ensuite, effacés"),
        due=lambda now: abandoned(now).count(),
        apply=forget_abandoned,
    )
)
declare(
    Retention(
        code="pathway.imports",
        what=_("Comptes rendus de reprise de tableurs"),
        kept=_("2 ans ; ensuite, effacés"),
        due=lambda now: _old_imports(now).count(),
        apply=_delete(_old_imports),
    )
)
