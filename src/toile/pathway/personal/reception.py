"""What the path holds about people in receptions: who read the teaching notes, who steered the procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.pathway.models import Initiation, ProcedureVersion


def export_initiations(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The notes on the ESS that one read."""
    for row in (
        Initiation.objects.filter(person=someone.person).select_related("procedure").order_by("started_at", "pk")
    ):
        yield {
            _("Procédure"): str(row.procedure),
            _("Notes lues"): len(row.notes),
            _("Commencé le"): row.started_at.isoformat(),
            _("Terminé le"): row.completed_at.isoformat() if row.completed_at else None,
        }


def erase_initiations(someone: Someone) -> None:
    """Remove what one read."""
    Initiation.objects.filter(person=someone.person).delete()


def _steered(someone: Someone) -> Q:
    return Q(made_by=someone.person) | Q(put_by=someone.person)


def export_procedures(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The versions of the procedure that one proposed or put in force."""
    for row in ProcedureVersion.objects.filter(_steered(someone)).order_by("made_at", "pk"):
        yield {
            _("Version"): str(row),
            _("Vous l’avez proposée"): row.made_by == someone.person,
            _("Vous l’avez mise en vigueur"): row.put_by == someone.person,
        }


def erase_procedures(someone: Someone) -> None:
    """The versions stay, cases depend on them; without who steered them."""
    ProcedureVersion.objects.filter(made_by=someone.person).update(made_by=None)
    ProcedureVersion.objects.filter(put_by=someone.person).update(put_by=None)


declare(
    Holding(
        code="pathway.initiation",
        model="pathway.Initiation",
        columns=("person",),
        label=gettext_lazy("les notes sur l’ESS que vous avez lues pour recevoir"),
        purpose=gettext_lazy("savoir que les personnes qui reçoivent sont initiées à l’ESS"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe du site"),
        kept=gettext_lazy("tant que votre compte existe"),
        export=export_initiations,
        erase=erase_initiations,
    )
)
declare(
    Holding(
        code="pathway.procedure",
        model="pathway.ProcedureVersion",
        columns=("made_by", "put_by"),
        label=gettext_lazy("les versions de la procédure d’accueil que vous avez proposées ou mises en vigueur"),
        purpose=gettext_lazy("savoir qui a changé la procédure, et en ôter votre trace"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("personne : seule la raison est montrée, sans nom"),
        kept=gettext_lazy("tant que la version existe ; à votre départ, elle reste, sans vous"),
        export=export_procedures,
        erase=erase_procedures,
    )
)
