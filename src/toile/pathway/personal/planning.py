"""What the path holds about people in the team's time: what each adviser can do, who sees whom, who gave a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.pathway.models import Availability, CaseImport, Visit, WeekPlan

Rows = Iterable[Mapping[str, Any]]
SEEN_BY = gettext_lazy("les personnes de la porte")
SOMEBODY: Final = "00000000-0000-0000-0000-000000000000"


def export_availabilities(someone: Someone) -> Rows:
    """What one said of one's time at each door."""
    for row in Availability.objects.filter(person=someone.person).select_related("door").order_by("pk"):
        yield {
            _("Porte"): row.door.name,
            _("Jours par semaine"): str(row.days),
            _("Compétences"): row.skills,
            _("Communes"): row.communes,
            _("Semaines différentes"): row.weeks,
            _("Structures que vous ne devez pas suivre"): row.conflicts,
        }


def erase_availabilities(someone: Someone) -> None:
    """One's time goes; the next plan is computed without it."""
    Availability.objects.filter(person=someone.person).delete()


def export_visits(someone: Someone) -> Rows:
    """The visits that one is to make or made, and those that one settled."""
    mine = Q(adviser=someone.person) | Q(by=someone.person)
    rows = Visit.objects.filter(mine).select_related("followed__organisation").order_by("monday", "pk")
    for row in rows.iterator(500):
        yield {
            _("Structure"): row.followed.organisation.name,
            _("Semaine du"): row.monday.isoformat(),
            _("Vous la voyez"): row.adviser == someone.person,
            _("Vos mots"): row.why if row.by == someone.person else "",
        }


def erase_visits(someone: Someone) -> None:
    """What is to come is planned again; what was done stays, without who did it."""
    Visit.objects.filter(adviser=someone.person, done_at__isnull=True).delete()
    Visit.objects.filter(adviser=someone.person).update(adviser=None)
    Visit.objects.filter(by=someone.person).update(by=None)


def export_plans(someone: Someone) -> Rows:
    """The plans that one had computed, and those where one stands."""
    for row in _plans(someone).select_related("door").order_by("computed_at", "pk"):
        yield {_("Porte"): row.door.name, _("Calculé le"): row.computed_at.isoformat()}


def erase_plans(someone: Someone) -> None:
    """A plan keeps ids: one's own becomes nobody's, in its reasons as well."""
    for row in _plans(someone).iterator(100):
        said = json.dumps(row.result).replace(str(someone.person), SOMEBODY)
        computed_by = None if row.computed_by == someone.person else row.computed_by
        WeekPlan.objects.filter(pk=row.pk).update(result=json.loads(said), computed_by=computed_by)


def _plans(someone: Someone) -> Any:
    doors = Availability.objects.filter(person=someone.person).values("door")
    mine = Q(computed_by=someone.person) | Q(door__in=doors) | Q(result__icontains=str(someone.person))
    return WeekPlan.objects.filter(mine).order_by("pk")


def export_imports(someone: Someone) -> Rows:
    """The spreadsheets that one gave."""
    for row in (
        CaseImport.objects.filter(received_by=someone.person).select_related("door").order_by("received_at", "pk")
    ):
        yield {
            _("Porte"): row.door.name,
            _("Fichier"): row.filename,
            _("Envoyé le"): row.received_at.isoformat(),
        }


def erase_imports(someone: Someone) -> None:
    """The report stays, without who gave the file nor its name."""
    CaseImport.objects.filter(received_by=someone.person).update(received_by=None, filename="")


declare(
    Holding(
        code="pathway.availability",
        model="pathway.Availability",
        columns=("person", "skills", "communes", "weeks", "conflicts"),
        label=gettext_lazy("votre temps de suivi, vos absences sans leur motif"),
        purpose=gettext_lazy("répartir les visites de l’équipe"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("tant que vous recevez à cette porte"),
        export=export_availabilities,
        erase=erase_availabilities,
        order=60,  # after the plans, which are found by it
    )
)
declare(
    Holding(
        code="pathway.visit",
        model="pathway.Visit",
        columns=("adviser", "by"),
        label=gettext_lazy("visites que vous avez à faire, que vous avez faites ou fixées"),
        purpose=gettext_lazy("savoir qui voit quelle structure, et quand"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("deux ans après la semaine"),
        export=export_visits,
        erase=erase_visits,
    )
)
declare(
    Holding(
        code="pathway.week_plan",
        model="pathway.WeekPlan",
        columns=("computed_by", "result"),
        label=gettext_lazy("plans d’appels où vous êtes"),
        purpose=gettext_lazy("dire pourquoi chaque visite est où elle est"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("douze mois"),
        export=export_plans,
        erase=erase_plans,
    )
)
declare(
    Holding(
        code="pathway.case_import",
        model="pathway.CaseImport",
        columns=("received_by", "filename"),
        label=gettext_lazy("tableurs que vous avez envoyés"),
        purpose=gettext_lazy("savoir d’où viennent les dossiers repris"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("le fichier sept jours au plus, son compte rendu deux ans"),
        export=export_imports,
        erase=erase_imports,
    )
)
