"""What the directory writes on the thread about campaigns of confirmation, and what structures answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from toile.thread.kinds import Visibility, fact_kind


@dataclass(frozen=True, slots=True)
class Campaigned:
    """The campaign's id, how many structures it asks, how many answered by then."""

    campaign: str
    asked: int
    answered: int = 0


CAMPAIGN_STARTED = fact_kind(
    "directory.campaign.started",
    label=gettext_lazy("campagne"),
    sentence=gettext_lazy("Une campagne de confirmation commence : {asked} structures à interroger."),
    data=Campaigned,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
CAMPAIGN_ENDED = fact_kind(
    "directory.campaign.ended",
    label=gettext_lazy("campagne"),
    sentence=gettext_lazy("Une campagne de confirmation finit : {answered} réponses de {asked} structures."),
    data=Campaigned,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
PAGE_CONFIRMED = fact_kind(
    "directory.page.confirmed",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("confirme que sa fiche est juste."),
)
PAGE_CHECKED = fact_kind(
    "directory.page.checked",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("voit sa fiche vérifiée par une personne de l’équipe."),
    visibility=Visibility.AUDIT,
)
CLOSURE_REPORTED = fact_kind(
    "directory.closure.reported",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("dit avoir fermé ; une personne de l’équipe doit le confirmer."),
    visibility=Visibility.MEMBERS,
)
