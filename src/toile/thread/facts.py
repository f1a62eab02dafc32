"""The facts of this room: who opened a way out for public facts, and who closed it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .kinds import Visibility, fact_kind
from .models_webhooks import Paused


@dataclass(frozen=True, slots=True)
class PauseData:
    """because: a code of `Paused`."""

    because: str

    def phrases(self) -> dict[str, str | Promise]:
        return {"because": Paused(self.because).label}


WEBHOOK_ADDED = fact_kind(
    "thread.webhook.added",
    label=_("webhook"),
    sentence=_("Un webhook est ajouté : des faits publics partent vers une autre adresse."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
WEBHOOK_RENEWED = fact_kind(
    "thread.webhook.renewed",
    label=_("webhook"),
    sentence=_("Le secret d’un webhook est remplacé."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
WEBHOOK_PAUSED = fact_kind(
    "thread.webhook.paused",
    label=_("webhook"),
    sentence=_("Un webhook s’arrête : {because}."),
    data=PauseData,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
WEBHOOK_RESUMED = fact_kind(
    "thread.webhook.resumed",
    label=_("webhook"),
    sentence=_("Un webhook reprend."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
WEBHOOK_REMOVED = fact_kind(
    "thread.webhook.removed",
    label=_("webhook"),
    sentence=_("Un webhook est supprimé."),
    visibility=Visibility.AUDIT,
    impersonal=True,
)
