"""The copy that a holder takes of their own case: everything that is kept, in words, for a program or for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.personal import BASES, Basis
from toile.pathway.models import (
    Answer,
    Case,
    Deliverable,
    Document,
    Holder,
    Note,
    Passage,
    Referral,
    Sharing,
    Suggested,
    Worksheet,
)
from toile.pathway.queries.people import readings_of
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.queries.summaries import told_answer
from toile.pathway.rules.procedure import Procedure

Row = Mapping[str, Any]
MOST: Final = 500
"""Rows of one kind in a copy; a case has some tens."""


def copy_of(case: Case) -> dict[str, Any]:
    """The copy: `site`, `made_at`, and `held`, each part with its words and rows. 12 queries and those of readings."""
    same = {
        "purpose": _("vous accueillir une seule fois, vous orienter et vous accompagner"),
        "basis": str(BASES[Basis.PUBLIC_INTEREST]),
        "seen_by": _("les personnes de votre porte, et les partenaires que vous avez choisis"),
        "kept": _("deux ans après le dernier contact, puis anonymisé"),
    }
    return {
        "site": settings.TOILE_SITE_NAME,
        "made_at": timezone.now().isoformat(),
        "held": [{"what": what, **same, "rows": list(rows)} for what, rows in _parts(case)],
    }


def _parts(case: Case) -> Iterable[tuple[str, Iterable[Row]]]:
    yield _("votre dossier"), [case_row(case)]
    yield _("qui porte le projet"), map(holder_row, Holder.objects.filter(case=case).order_by("added_at", "pk")[:MOST])
    yield _("vos réponses"), answer_rows(case)
    yield _("ce que les conseillers ont noté"), map(note_row, Note.objects.filter(case=case)[:MOST])
    yield _("vos accords de partage"), map(sharing_row, _sharings(case))
    yield _("les demandes faites à des partenaires"), map(_referral, _referrals(case))
    yield (
        _("ce que les règles ont proposé, et qui a décidé"),
        map(_suggested, Suggested.objects.filter(case=case)[:MOST]),
    )
    yield _("les étapes franchies"), map(_passage, Passage.objects.filter(case=case)[:MOST])
    yield _("ce qui a été fait à chaque étape"), map(_deliverable, Deliverable.objects.filter(case=case)[:MOST])
    yield _("les documents"), map(_document, Document.objects.filter(case=case)[:MOST])
    yield _("les calculs"), map(_worksheet, Worksheet.objects.filter(case=case)[:MOST])
    yield (
        _("qui a lu ce dossier depuis douze mois"),
        [
            {_("Quand"): one.at.isoformat(), _("Qui"): one.who, _("Structure"): one.structure, _("Pour"): one.why}
            for one in readings_of(case)
        ],
    )


def case_row(case: Case) -> Row:
    """The case itself."""
    return {
        _("Projet"): case.title,
        _("État"): str(case.get_state_display()),
        _("Commune"): case.commune.name if case.commune else "",
        _("Porte"): case.door.name if case.door else "",
        _("Parcours"): case.path,
        _("Étape"): case.stage,
        _("Besoins"): case.needs,
        _("Date à ne pas manquer"): _day(case.urgent_on),
        _("La suite"): case.next_step,
        _("Pour le"): _day(case.next_step_on),
        _("Commencé le"): _day(case.begun_at),
        _("Envoyé le"): _day(case.sent_at),
        _("Reçu le"): _day(case.received_at),
        _("Terminé le"): _day(case.closed_at),
        _("Pourquoi"): case.closed_why,
        _("Dernier contact"): _day(case.last_contact_at),
    }


def holder_row(holder: Holder) -> Row:
    """How to reach somebody who carries the project."""
    return {
        _("Nom"): holder.name,
        _("Courriel"): holder.email,
        _("Téléphone"): holder.phone,
        _("Depuis"): _day(holder.added_at),
    }


def answer_rows(case: Case) -> Iterable[Row]:
    """Each question as it is asked, and what was answered."""
    procedure = procedure_in(case.procedure)
    for answer in Answer.objects.filter(case=case)[:MOST]:
        yield answer_row(procedure, answer)


def answer_row(procedure: Procedure, answer: Answer) -> Row:
    """One answer: in words, and as it is kept."""
    return {
        _("Question"): answer.code,
        _("Réponse"): told_answer(procedure, answer.code, answer.value),
        _("Valeur"): answer.value,
        _("Écrite par"): str(answer.get_by_display()),
        _("Le"): _day(answer.at),
    }


def note_row(note: Note) -> Row:
    """What an adviser noted."""
    return {_("Quand"): _day(note.at), _("Quoi"): str(note.get_kind_display()), _("Mots"): note.words}


def sharing_row(sharing: Sharing) -> Row:
    """One agreement."""
    return {
        _("Partenaire"): sharing.partner.name,
        _("Ce qui est partagé"): str(sharing.get_what_display()),
        _("Comment"): str(sharing.get_way_display()),
        _("Depuis"): _day(sharing.given_at),
        _("Jusqu’à"): _day(sharing.until),
        _("Retiré le"): _day(sharing.withdrawn_at),
    }


def _sharings(case: Case) -> Iterable[Sharing]:
    return Sharing.objects.filter(case=case).select_related("partner")[:MOST]


def _referrals(case: Case) -> Iterable[Referral]:
    return Referral.objects.filter(case=case).select_related("partner")[:MOST]


def _referral(referral: Referral) -> Row:
    return {
        _("Partenaire"): referral.partner.name,
        _("Demande"): referral.words,
        _("Envoyée le"): _day(referral.sent_at),
        _("État"): str(referral.get_state_display()),
        _("Question"): referral.question,
        _("Précision"): referral.reply,
        _("Réponse"): referral.answer,
        _("Rendez-vous le"): _day(referral.meeting_on),
    }


def _suggested(suggested: Suggested) -> Row:
    return {
        _("Quand"): _day(suggested.at),
        _("Réponses lues"): suggested.answers,
        _("Qualification"): suggested.qualification,
        _("Propositions"): suggested.suggestions,
        _("Décision"): suggested.decision,
        _("Décidée le"): _day(suggested.decided_at),
        _("Règles (somme de contrôle)"): suggested.rules,
    }


def _passage(passage: Passage) -> Row:
    return {
        _("Étape"): passage.stage,
        _("Décision"): str(passage.get_decision_display()),
        _("Pourquoi"): passage.reason,
        _("Le"): _day(passage.at),
    }


def _deliverable(deliverable: Deliverable) -> Row:
    return {
        _("Étape"): deliverable.stage,
        _("Quoi"): deliverable.code,
        _("Mots"): deliverable.words,
        _("Fait le"): _day(deliverable.done_on),
    }


def _document(document: Document) -> Row:
    return {_("Titre"): document.title, _("Fichier"): document.filename, _("Ajouté le"): _day(document.added_at)}


def _worksheet(worksheet: Worksheet) -> Row:
    return {
        _("Quoi"): str(worksheet.get_kind_display()),
        _("Titre"): worksheet.title,
        _("Données"): worksheet.data,
        _("Changé le"): _day(worksheet.changed_at),
    }


def _day(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
