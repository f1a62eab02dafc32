"""What the path writes on the thread about stages, documents and worksheets, and about surveys of needs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from toile.pathway.facts.cases import PATH
from toile.thread.kinds import Visibility, fact_kind
from toile.thread.topics import UNTOLD


@dataclass(frozen=True, slots=True)
class StageFact:
    """A case's id, and codes of rules/stages.toml: where it was, where it goes (empty past the last gate)."""

    case: str
    path: str
    stage: str
    to_stage: str = ""


@dataclass(frozen=True, slots=True)
class KeptFact:
    """A case's id, and the id of what is kept with it."""

    case: str
    kept: str


@dataclass(frozen=True, slots=True)
class SurveyFact:
    """A survey's id, and how many structures it asks or has heard."""

    survey: str
    structures: int = 0


GATE_PASSED = fact_kind(
    "pathway.gate.passed",
    label=_("Parcours"),
    sentence=_("franchit une étape de son parcours."),
    data=StageFact,
    visibility=Visibility.ADVISERS,
    axis="emerge",
    key=True,
    topic=PATH,
)
GATE_SENT_BACK = fact_kind(
    "pathway.gate.sent_back",
    label=_("Parcours"),
    sentence=_("reprend une étape de son parcours."),
    data=StageFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
PATH_CHANGED = fact_kind(
    "pathway.path.changed",
    label=_("Parcours"),
    sentence=_("prend un autre parcours."),
    data=StageFact,
    visibility=Visibility.ADVISERS,
    topic=PATH,
)
DELIVERABLE_WRITTEN = fact_kind(
    "pathway.deliverable.written",
    label=_("Parcours"),
    sentence=_("avance dans son étape."),
    data=StageFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
DOCUMENT_ADDED = fact_kind(
    "pathway.document.added",
    label=_("Document"),
    sentence=_("ajoute un document à son dossier."),
    data=KeptFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
DOCUMENT_REMOVED = fact_kind(
    "pathway.document.removed",
    label=_("Document"),
    sentence=_("retire un document de son dossier."),
    data=KeptFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
WORKSHEET_KEPT = fact_kind(
    "pathway.worksheet.kept",
    label=_("Calcul"),
    sentence=_("garde un calcul dans son dossier."),
    data=KeptFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
WORKSHEET_REMOVED = fact_kind(
    "pathway.worksheet.removed",
    label=_("Calcul"),
    sentence=_("retire un calcul de son dossier."),
    data=KeptFact,
    visibility=Visibility.ADVISERS,
    topic=UNTOLD,
)
PATH_ASKED = fact_kind(
    "pathway.path.asked",
    label=_("Parcours"),
    sentence=_("demande à être accompagnée."),
    data=StageFact,
    visibility=Visibility.ADVISERS,
    axis="consolidate",
    topic=PATH,
)
SURVEY_OPENED = fact_kind(
    "pathway.survey.opened",
    label=_("Enquête"),
    sentence=_("Une enquête demande leurs besoins aux structures."),
    data=SurveyFact,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
SURVEY_CLOSED = fact_kind(
    "pathway.survey.closed",
    label=_("Enquête"),
    sentence=_("Une enquête sur les besoins des structures est close : ses résultats sont publics."),
    data=SurveyFact,
    visibility=Visibility.PUBLIC,
    axis="consolidate",
    impersonal=True,
)
SURVEY_ANSWERED = fact_kind(
    "pathway.survey.answered",
    label=_("Enquête"),
    sentence=_("dit ses besoins."),
    data=SurveyFact,
    visibility=Visibility.MEMBERS,
    topic=UNTOLD,
)
