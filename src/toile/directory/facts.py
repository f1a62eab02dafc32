"""What the directory writes on the thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory import (
    facts_campaigns,  # noqa: F401 -- declared with the rest
    facts_editing,  # noqa: F401 -- declared with the rest
    facts_letters,  # noqa: F401 -- declared with the rest
    facts_members,  # noqa: F401 -- declared with the rest
    facts_news,  # noqa: F401 -- declares the kinds of the news
    facts_work,  # noqa: F401 -- declared with the rest
)
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import approval_kind
from toile.directory.rules.sources import SOURCES
from toile.kernel.typography import long_date
from toile.thread.kinds import Visibility, fact_kind

STEPS = {
    "idea>project": gettext_lazy("de l’idée au projet"),
    "project>active": gettext_lazy("du projet à l’activité"),
    "idea>active": gettext_lazy("de l’idée à l’activité"),
    "active>ceased": gettext_lazy("de l’activité à l’arrêt"),
}

FIELD_LABELS = {
    "name": gettext_lazy("son nom"),
    "legal_name": gettext_lazy("sa dénomination"),
    "acronym": gettext_lazy("son sigle"),
    "description": gettext_lazy("sa description"),
    "website": gettext_lazy("son site"),
    "address": gettext_lazy("son adresse"),
    "opening_hours": gettext_lazy("ses horaires"),
    "accessibility": gettext_lazy("son accessibilité"),
    "stage": gettext_lazy("son étape de vie"),
    "legal_category": gettext_lazy("sa forme juridique"),
    "legal_form": gettext_lazy("sa forme juridique"),
    "naf": gettext_lazy("son code d’activité"),
    "staff_band": gettext_lazy("sa taille"),
    "created_on": gettext_lazy("sa date de création"),
    "activities": gettext_lazy("ses activités"),
    "approvals": gettext_lazy("ses agréments"),
    "ess_verdict": gettext_lazy("son appartenance à l’ESS"),
}


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The figures of one import."""

    source: str
    read: int
    created: int
    updated: int
    unchanged: int
    to_check: int
    outside: int
    refused: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Which visible fields changed (codes), and which source said so."""

    fields: list[str] = field(default_factory=list)
    source: str = ""

    def phrases(self) -> dict[str, str]:
        """« son nom, son adresse et ses horaires »."""
        labels = dict.fromkeys(str(FIELD_LABELS[code]) for code in self.fields if code in FIELD_LABELS)
        return {"fields": get_text_list(list(labels), _("et")) or _("sa fiche"), "source": self.source}


@dataclass(frozen=True, slots=True)
class StageChanged:
    """Two stages of life (`Stage` values)."""

    before: str
    after: str

    def phrases(self) -> dict[str, object]:
        return {"path": STEPS.get(f"{self.before}>{self.after}", _("à une autre étape de sa vie"))}


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """An approval (code of `rules.approvals`) and its last day, ISO, empty when not said."""

    approval: str
    until: str = ""

    def phrases(self) -> dict[str, object]:
        said = {
            "short": approval_kind(self.approval).short,
            "until": long_date(date.fromisoformat(self.until)) if self.until else "",
        }
        return {"approval": _("%(short)s, jusqu’au %(until)s") % said if self.until else said["short"]}


@dataclass(frozen=True, slots=True)
class ActivityOpened:
    """The activity's code in the taxonomy."""

    activity: str

    def phrases(self) -> dict[str, object]:
        known = taxonomy().activities.get(self.activity)
        return {"activity": _(known.label_fr) if known else self.activity}


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement's id."""

    judgement: str


@dataclass(frozen=True, slots=True)
class Reported:
    """The report's id."""

    report: str


@dataclass(frozen=True, slots=True)
class Preferred:
    """A field (code), and the source whose value a person prefers for it; empty when the rule chooses again."""

    field: str
    source: str = ""

    def phrases(self) -> dict[str, str]:
        """« préfère, pour son nom, ce que dit SIRENE », « laisse de nouveau la règle choisir son nom »."""
        words = {"field": FIELD_LABELS.get(self.field, _("un champ")), "source": ""}
        if not self.source:
            return {"choice": _("laisse de nouveau la règle choisir %(field)s") % words}
        words["source"] = SOURCES[self.source].label
        return {"choice": _("préfère, pour %(field)s, ce que dit cette source : %(source)s") % words}


@dataclass(frozen=True, slots=True)
class Matched:
    """The figures of one run of the matching; new: candidates that nobody was asked about before."""

    records: int
    compared: int
    sure: int
    to_check: int
    new: int


IMPORT_FINISHED = fact_kind(
    "directory.import.finished",
    label=gettext_lazy("import"),
    sentence=gettext_lazy(
        "{read} lignes lues d’une liste : {created} arrivées, {updated} mises à jour, {to_check} à vérifier."
    ),
    data=ImportCounts,
    impersonal=True,
)
ORGANISATION_UPDATED = fact_kind(
    "directory.organisation.updated",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("change {fields}, d’après une liste importée."),
    data=Changed,
)
ORGANISATION_CORRECTED = fact_kind(
    "directory.organisation.corrected",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("corrige {fields}."),
    data=Changed,
)
ORGANISATION_CREATED = fact_kind(
    "directory.organisation.created",
    label=gettext_lazy("création"),
    sentence=gettext_lazy("voit le jour."),
    axis="emerge",
    key=True,
)
ORGANISATION_ADDED = fact_kind(
    "directory.organisation.added",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("entre dans l’annuaire, ajoutée par une personne de l’équipe."),
)
PROJECT_RECEIVED = fact_kind(
    "directory.project.received",
    label=gettext_lazy("accueil"),
    sentence=gettext_lazy("a un premier rendez-vous d’accueil."),
    axis="emerge",
)
STAGE_CHANGED = fact_kind(
    "directory.stage.changed",
    label=gettext_lazy("étape"),
    sentence=gettext_lazy("passe {path}."),
    data=StageChanged,
    axis="emerge",
    key=True,
)
PAGE_OPENED = fact_kind(
    "directory.page.opened",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("ouvre sa fiche à tout le monde."),
    axis="emerge",
    key=True,
)
PAGE_CLAIMED = fact_kind(
    "directory.page.claimed",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("tient désormais sa propre fiche."),
    axis="promote",
)
ORGANISATION_MOVED = fact_kind(
    "directory.organisation.moved",
    label=gettext_lazy("local"),
    sentence=gettext_lazy("s’installe à une nouvelle adresse."),
    axis="consolidate",
    key=True,
)
ORGANISATION_CLOSED = fact_kind(
    "directory.organisation.closed", label=gettext_lazy("fiche"), sentence=gettext_lazy("cesse son activité.")
)
APPROVAL_OBTAINED = fact_kind(
    "directory.approval.obtained",
    label=gettext_lazy("agrément"),
    sentence=gettext_lazy("obtient un agrément : {approval}."),
    data=ApprovalGiven,
    axis="consolidate",
    key=True,
)
APPROVAL_RENEWED = fact_kind(
    "directory.approval.renewed",
    label=gettext_lazy("agrément"),
    sentence=gettext_lazy("voit un agrément renouvelé : {approval}."),
    data=ApprovalGiven,
    axis="consolidate",
)
ACTIVITY_ADDED = fact_kind(
    "directory.activity.added",
    label=gettext_lazy("activité"),
    sentence=gettext_lazy("ouvre une nouvelle activité : {activity}."),
    data=ActivityOpened,
    axis="promote",
)
MEMBERSHIP_DECIDED = fact_kind(
    "directory.membership.decided",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("voit son appartenance à l’ESS décidée par une personne de l’équipe."),
    data=Changed,
)
STRUCTURES_JOINED = fact_kind(
    "directory.organisation.joined",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("est la même structure que {other}."),
    data=Judged,
)
STRUCTURES_PARTED = fact_kind(
    "directory.organisation.parted",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("redevient une structure distincte de {other}."),
    data=Judged,
)
MEMBER_JOINED = fact_kind(
    "directory.member.joined",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("a une nouvelle personne dans son équipe."),
    visibility=Visibility.MEMBERS,
)
MEMBER_LEFT = fact_kind(
    "directory.member.left",
    label=gettext_lazy("équipe"),
    sentence=gettext_lazy("a une personne de moins dans son équipe."),
    visibility=Visibility.MEMBERS,
)
FIELD_PREFERRED = fact_kind(
    "directory.field.preferred",
    label=gettext_lazy("fiche"),
    sentence=gettext_lazy("{choice}."),
    data=Preferred,
)
REPORT_RECEIVED = fact_kind(
    "directory.report.received",
    label=gettext_lazy("signalement"),
    sentence=gettext_lazy("reçoit le signalement d’une erreur."),
    data=Reported,
    visibility=Visibility.AUDIT,
)
REPORT_CLOSED = fact_kind(
    "directory.report.closed",
    label=gettext_lazy("signalement"),
    sentence=gettext_lazy("voit un signalement d’erreur traité par une personne de l’équipe."),
    data=Reported,
    visibility=Visibility.AUDIT,
)
MESSAGE_SENT = fact_kind(
    "directory.message.sent",
    label=gettext_lazy("message"),
    sentence=gettext_lazy("reçoit un message par sa fiche."),
    visibility=Visibility.MEMBERS,
)
MATCHING_FINISHED = fact_kind(
    "directory.matching.finished",
    label=gettext_lazy("rapprochement"),
    sentence=gettext_lazy(
        "{records} structures comparées entre elles : {sure} rapprochements sûrs, {to_check} à vérifier,"
        " {new} nouveaux."
    ),
    data=Matched,
    visibility=Visibility.AUDIT,
    impersonal=True,
)
