"""What campaigns of confirmation hold of people: the addresses they wrote to, who ran them, who treated an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Campaign, Confirmation
from toile.directory.models.campaigns import Confirmations, ConfirmationState
from toile.kernel.personal import Basis, Holding, Someone, declare


def _written_to(someone: Someone) -> Confirmations:
    return Confirmation.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=someone.emails)


def export_confirmations(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The letters sent to one's address, and the answers of structures that one treated."""
    held = Q(pk__in=_written_to(someone).values("pk")) | Q(treated_by=someone.person)
    rows = Confirmation.objects.filter(held).select_related("organisation", "campaign")
    for row in rows.order_by("campaign__made_at", "pk"):
        mine = row.email.lower() in someone.emails
        yield {
            _("Structure"): row.organisation.name,
            _("Campagne"): row.campaign.name,
            _("Ce que c’est"): _("une lettre à votre adresse") if mine else _("une réponse que vous avez traitée"),
            _("Adresse"): row.email if mine else "",
            _("Envoyée le"): row.sent_at.isoformat() if mine and row.sent_at else None,
            _("État"): str(row.get_state_display()),
        }


def erase_confirmations(someone: Someone) -> None:
    """Empty one's address: no letter leaves there any more; what the structure answered stays."""
    keys = list(_written_to(someone).values_list("pk", flat=True))
    waiting = Confirmation.objects.filter(pk__in=keys, state=ConfirmationState.TO_SEND)
    waiting.update(state=ConfirmationState.NO_ADDRESS)
    Confirmation.objects.filter(pk__in=keys).update(email="")
    Confirmation.objects.filter(treated_by=someone.person).update(treated_by=None)


def export_campaigns(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The campaigns that one prepared."""
    for row in Campaign.objects.filter(made_by=someone.person).order_by("made_at", "pk"):
        yield {_("Campagne"): row.name, _("Préparée le"): row.made_at.isoformat(), _("Lettre"): row.words}


def erase_campaigns(someone: Someone) -> None:
    """Forget who prepared them."""
    Campaign.objects.filter(made_by=someone.person).update(made_by=None)


declare(
    Holding(
        code="directory.confirmation",
        model="directory.Confirmation",
        columns=("email", "treated_by"),
        label=gettext_lazy("Lettres de confirmation envoyées aux structures"),
        purpose=gettext_lazy("Demander aux structures si leur fiche est juste, et ne pas leur écrire deux fois"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("personne pour l’adresse ; l’équipe pour la réponse"),
        kept=gettext_lazy("l’adresse, 90 jours après la fin de la campagne ; la réponse, sans personne, pour toujours"),
        export=export_confirmations,
        erase=erase_confirmations,
    )
)
declare(
    Holding(
        code="directory.campaign",
        model="directory.Campaign",
        columns=("made_by",),
        label=gettext_lazy("Campagnes de confirmation que vous avez préparées"),
        purpose=gettext_lazy("Savoir qui a écrit au nom du site"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe"),
        kept=gettext_lazy("tant que votre compte existe"),
        export=export_campaigns,
        erase=erase_campaigns,
    )
)
