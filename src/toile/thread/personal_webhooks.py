"""What webhooks hold about people: who of the team added each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare

from .models_webhooks import Webhook
from .webhooks.services import forget_person


def _export(someone: Someone) -> Iterable[Mapping[str, Any]]:
    for row in Webhook.objects.filter(made_by=someone.person).order_by("made_at", "pk"):
        yield {_("Nom"): row.name, _("Adresse"): row.url, _("Ajouté le"): row.made_at.isoformat()}


declare(
    Holding(
        code="thread.webhook",
        model="thread.Webhook",
        columns=("made_by",),
        label=gettext_lazy("webhooks que vous avez ajoutés"),
        purpose=gettext_lazy("savoir qui, dans l’équipe, a ouvert cette sortie de faits publics"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("personne sur les pages ; l’administration, dans le journal d’audit"),
        kept=gettext_lazy("aussi longtemps que le webhook"),
        export=_export,
        erase=lambda someone: forget_person(someone.person),
    )
)
