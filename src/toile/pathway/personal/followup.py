"""What the path holds about people in the follow-up of young firms: who calls, whom they call, who noted what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.kernel.typography import french_number
from toile.pathway.models import Call, Followed, Signal
from toile.pathway.models.followed import FollowedFirms
from toile.pathway.rules.signals import weights

Rows = Iterable[Mapping[str, Any]]
KEPT = gettext_lazy("deux ans après la fin du suivi")
SEEN_BY = gettext_lazy("les personnes de la porte ; la structure lit ce qui est noté d’elle, sans votre nom")


def _written_to(someone: Someone) -> FollowedFirms:
    """The firms whose check-ins go to an address of this person."""
    return Followed.objects.annotate(lower=Lower("email")).filter(lower__in=someone.emails)


def export_followed(someone: Someone) -> Rows:
    """The firms for which one is written to, those that one calls, those that one entered."""
    mine = set(_written_to(someone).values_list("pk", flat=True))
    held = Q(pk__in=mine) | Q(adviser=someone.person) | Q(entered_by=someone.person)
    for row in Followed.objects.filter(held).select_related("organisation", "door").order_by("entered_on", "pk"):
        is_mine = row.pk in mine
        yield {
            _("Structure"): row.organisation.name,
            _("Porte"): row.door.name,
            _("Ce que c’est"): _("vous recevez ses points de suivi") if is_mine else _("vous la suivez"),
            _("Personne à joindre"): row.contact if is_mine else "",
            _("Adresse"): row.email if is_mine else "",
            _("Entrée le"): row.entered_on.isoformat(),
            _("Sortie le"): row.left_on.isoformat() if row.left_on else None,
        }


def erase_followed(someone: Someone) -> None:
    """Nobody is written to at one's address any more; the firms that one called wait for somebody else."""
    keys = list(_written_to(someone).values_list("pk", flat=True))
    Followed.objects.filter(pk__in=keys).update(email="", contact="")
    Followed.objects.filter(adviser=someone.person).update(adviser=None)
    Followed.objects.filter(entered_by=someone.person).update(entered_by=None)


def warn_of_followed(someone: Someone) -> Iterator[str]:
    """How many firms lose who calls them. 1 statement."""
    count = Followed.objects.present().filter(adviser=someone.person).count()
    if count:
        yield ngettext(
            "%(n)s structure que vous suivez n’aura plus personne pour l’appeler.",
            "%(n)s structures que vous suivez n’auront plus personne pour les appeler.",
            count,
        ) % {"n": french_number(count)}


def export_signals(someone: Someone) -> Rows:
    """What one noted of firms, and the answers that one gave them."""
    held = Q(noted_by=someone.person) | Q(decided_by=someone.person)
    rows = Signal.objects.filter(held).select_related("followed__organisation").order_by("noted_at", "pk")
    levels = weights().levels
    for row in rows.iterator(500):
        yield {
            _("Structure"): row.followed.organisation.name,
            _("Signal"): levels[row.level].wording if row.level in levels else row.level,
            _("Vos mots"): row.words if row.noted_by == someone.person else "",
            _("Votre réponse"): row.decided_why if row.decided_by == someone.person else "",
            _("Noté le"): row.noted_at.isoformat(),
        }


def erase_signals(someone: Someone) -> None:
    """What is noted of the firm stays, without who noted it."""
    Signal.objects.filter(noted_by=someone.person).update(noted_by=None)
    Signal.objects.filter(decided_by=someone.person).update(decided_by=None)


def export_calls(someone: Someone) -> Rows:
    """The calls that one noted."""
    rows = Call.objects.filter(by=someone.person).select_related("followed__organisation").order_by("at", "pk")
    for row in rows.iterator(500):
        yield {
            _("Structure"): row.followed.organisation.name,
            _("Le"): row.at.isoformat(),
            _("Ce qui s’est dit"): row.words,
        }


def erase_calls(someone: Someone) -> None:
    """The calls stay, without who made them."""
    Call.objects.filter(by=someone.person).update(by=None)


declare(
    Holding(
        code="pathway.followed",
        model="pathway.Followed",
        columns=("adviser", "entered_by", "contact", "email"),
        label=gettext_lazy("structures suivies pour lesquelles on vous écrit, ou que vous suivez"),
        purpose=gettext_lazy("prendre des nouvelles d’une jeune structure et l’appeler au bon moment"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la porte"),
        kept=KEPT,
        export=export_followed,
        erase=erase_followed,
        warns=warn_of_followed,
    )
)
declare(
    Holding(
        code="pathway.signal",
        model="pathway.Signal",
        columns=("noted_by", "decided_by"),
        label=gettext_lazy("signaux que vous avez notés"),
        purpose=gettext_lazy("savoir d’où vient ce qui est dit d’une structure, qui peut le contester"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=KEPT,
        export=export_signals,
        erase=erase_signals,
    )
)
declare(
    Holding(
        code="pathway.call",
        model="pathway.Call",
        columns=("by",),
        label=gettext_lazy("appels que vous avez notés"),
        purpose=gettext_lazy("se souvenir de ce qui s’est dit avec une structure suivie"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la porte"),
        kept=KEPT,
        export=export_calls,
        erase=erase_calls,
    )
)
