"""What the log holds of people: numbers that name nobody once an account is erased; hence it is never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare

from .kinds import Visibility, kinds
from .models import Fact, FactAbout

KEPT = gettext_lazy("sans limite ; une fois le compte effacé, ce numéro ne mène plus à personne : « une personne »")
PURPOSE = gettext_lazy("dire ce qui s’est passé et qui a changé quoi, et pouvoir le prouver")


def _row(fact: Fact) -> Mapping[str, Any]:
    kind = kinds.get((fact.kind, fact.version))
    return {
        _("Quand"): fact.happened_at.isoformat(),
        _("Quoi"): _(kind.label) if kind else fact.kind,
        _("Par"): fact.via,
        _("Qui peut le lire"): Visibility(fact.visibility).label,
    }


def acted(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """What one did. 1 statement."""
    for fact in Fact.objects.filter(actor=someone.person).order_by("-id").iterator(500):
        yield _row(fact)


def told(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """What was told of one by others or by the program. 1 statement."""
    about = FactAbout.objects.filter(fact=OuterRef("pk"), subject=someone.person)
    others = Q(actor__isnull=True) | ~Q(actor=someone.person)
    for fact in Fact.objects.filter(Exists(about), others).order_by("-id").iterator(500):
        yield _row(fact)


def keep(someone: Someone) -> None:
    """Nothing: the log is append-only, and holds a number that no table explains any more."""


declare(
    Holding(
        code="thread.fact",
        model="thread.Fact",
        columns=("actor",),
        label=gettext_lazy("fil de ce que la personne a fait"),
        purpose=PURPOSE,
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("selon chaque fait : tout le monde, une structure, la personne, l’audit"),
        kept=KEPT,
        export=acted,
        erase=keep,
        stays=True,
    )
)
declare(
    Holding(
        code="thread.about",
        model="thread.FactAbout",
        columns=("subject",),
        label=gettext_lazy("fil de ce qui est dit de la personne"),
        purpose=PURPOSE,
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("la personne elle-même, l’audit"),
        kept=KEPT,
        export=told,
        erase=keep,
        stays=True,
    )
)
