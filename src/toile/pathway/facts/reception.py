"""What the path writes on the thread about the reception of holders."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.pathway.facts.cases import PATH, CaseFact
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD


@dataclass(frozen=True, slots=True)
class ProcedureFact:
    """The version's id and number."""

    procedure: str
    version: int

    def phrases(self) -> dict[str, str]:
        return {"version": str(self.version)}


CASE_SENT = fact_kind(
    "pathway.case.sent",
    label=_("Parcours"),
    sentence=_("reçoit une demande : quelqu’un souhaite parler de son projet."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    topic=PATH,
)
RECEPTION_CONCLUDED = fact_kind(
    "pathway.reception.concluded",
    label=_("Parcours"),
    sentence=_("termine son premier accueil."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    topic=PATH,
)
CASES_JOINED = fact_kind(
    "pathway.case.joined",
    label=_("Parcours"),
    sentence=_("réunit ses deux dossiers, à la demande de la personne qui porte le projet."),
    data=CaseFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
PROCEDURE_PUT = fact_kind(
    "pathway.procedure.put",
    label=_("Parcours"),
    sentence=_("La version {version} de la procédure d’accueil est en vigueur à toutes les portes."),
    data=ProcedureFact,
    visibility=Visibility.PUBLIC,
    impersonal=True,
    topic=UNTOLD,
)
