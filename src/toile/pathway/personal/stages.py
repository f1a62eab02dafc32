"""What the path holds about people in stages, documents and worksheets, and in surveys: who wrote, who decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.pathway.models import Deliverable, Document, Passage, Survey, SurveyReply, Worksheet

SEEN_BY = gettext_lazy("les personnes qui portent ce projet et la porte qui le suit")
KEPT = gettext_lazy("autant que le dossier : deux ans après le dernier contact")
PURPOSE = gettext_lazy("Savoir qui a écrit, et à qui en reparler")

Rows = Iterable[Mapping[str, Any]]


def export_passages(someone: Someone) -> Rows:
    """The decisions that one took at a gate."""
    for row in Passage.objects.filter(by=someone.person).select_related("case").order_by("at", "pk"):
        yield {
            _("Dossier"): str(row.case),
            _("Étape"): row.stage,
            _("Décision"): str(row.get_decision_display()),
            _("Raison"): row.reason,
            _("Le"): row.at.isoformat(),
        }


def erase_passages(someone: Someone) -> None:
    """The decision stays; who took it is « une personne »."""
    Passage.objects.filter(by=someone.person).update(by=None)


def export_deliverables(someone: Someone) -> Rows:
    """What one wrote for a stage."""
    for row in Deliverable.objects.filter(by=someone.person).select_related("case").order_by("at", "pk"):
        yield {_("Dossier"): str(row.case), _("Étape"): row.stage, _("Texte"): row.words, _("Le"): row.at.isoformat()}


def erase_deliverables(someone: Someone) -> None:
    """The text is the project's: it stays, without who wrote it."""
    Deliverable.objects.filter(by=someone.person).update(by=None)


def export_documents(someone: Someone) -> Rows:
    """The files that one added."""
    for row in Document.objects.filter(added_by=someone.person).select_related("case").order_by("added_at", "pk"):
        yield {
            _("Dossier"): str(row.case),
            _("Document"): row.title,
            _("Fichier"): row.filename,
            _("Ajouté le"): row.added_at.isoformat(),
        }


def erase_documents(someone: Someone) -> None:
    """The file is the project's: it stays, without who added it."""
    Document.objects.filter(added_by=someone.person).update(added_by=None)


def export_worksheets(someone: Someone) -> Rows:
    """The calculations that one kept last."""
    for row in Worksheet.objects.filter(changed_by=someone.person).select_related("case").order_by("changed_at", "pk"):
        yield {
            _("Dossier"): str(row.case),
            _("Calcul"): row.title,
            _("Données"): row.data,
            _("Gardé le"): row.changed_at.isoformat(),
        }


def erase_worksheets(someone: Someone) -> None:
    """The calculation is the project's: it stays, without who kept it."""
    Worksheet.objects.filter(changed_by=someone.person).update(changed_by=None)


def export_surveys(someone: Someone) -> Rows:
    """The surveys that one prepared."""
    for row in Survey.objects.filter(made_by=someone.person).order_by("made_at", "pk"):
        yield {_("Enquête"): row.title, _("Préparée le"): row.made_at.isoformat()}


def erase_surveys(someone: Someone) -> None:
    """Forget who prepared them."""
    Survey.objects.filter(made_by=someone.person).update(made_by=None)


def export_replies(someone: Someone) -> Rows:
    """What one answered for a structure while signed in."""
    rows = SurveyReply.objects.filter(answered_by=someone.person).select_related("survey", "organisation")
    for row in rows.order_by("answered_at", "pk"):
        yield {
            _("Enquête"): row.survey.title,
            _("Structure"): row.organisation.name,
            _("Besoins"): row.needs,
            _("Texte"): row.words,
        }


def erase_replies(someone: Someone) -> None:
    """The answer is the structure's: it stays, without who gave it."""
    SurveyReply.objects.filter(answered_by=someone.person).update(answered_by=None)


declare(
    Holding(
        code="pathway.passage",
        model="pathway.Passage",
        columns=("by",),
        label=gettext_lazy("Étapes que vous avez franchies ou renvoyées"),
        purpose=gettext_lazy("Une décision sur un projet est prise par une personne, qui dit pourquoi"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=KEPT,
        export=export_passages,
        erase=erase_passages,
    )
)
declare(
    Holding(
        code="pathway.deliverable",
        model="pathway.Deliverable",
        columns=("by",),
        label=gettext_lazy("Textes écrits pour l’étape d’un projet"),
        purpose=PURPOSE,
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=KEPT,
        export=export_deliverables,
        erase=erase_deliverables,
    )
)
declare(
    Holding(
        code="pathway.document",
        model="pathway.Document",
        columns=("added_by",),
        label=gettext_lazy("Documents ajoutés à un dossier"),
        purpose=PURPOSE,
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=KEPT,
        export=export_documents,
        erase=erase_documents,
    )
)
declare(
    Holding(
        code="pathway.worksheet",
        model="pathway.Worksheet",
        columns=("changed_by",),
        label=gettext_lazy("Calculs gardés dans un dossier"),
        purpose=PURPOSE,
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=KEPT,
        export=export_worksheets,
        erase=erase_worksheets,
    )
)
declare(
    Holding(
        code="pathway.survey",
        model="pathway.Survey",
        columns=("made_by",),
        label=gettext_lazy("Enquêtes que vous avez préparées"),
        purpose=gettext_lazy("Savoir qui a écrit au nom du site"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe"),
        kept=gettext_lazy("tant que votre compte existe"),
        export=export_surveys,
        erase=erase_surveys,
    )
)
declare(
    Holding(
        code="pathway.survey_reply",
        model="pathway.SurveyReply",
        columns=("answered_by",),
        label=gettext_lazy("Réponses données pour une structure à une enquête sur ses besoins"),
        purpose=gettext_lazy("Compter les besoins que les structures partagent"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("l’équipe ; seuls des nombres sont publiés"),
        kept=gettext_lazy("les mots et qui a répondu, deux ans après la fin de l’enquête ; le reste sans personne"),
        export=export_replies,
        erase=erase_replies,
    )
)
