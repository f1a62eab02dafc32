"""Advancing on a path: what a stage asks written down, its gate passed or sent back by a named human, another path."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.stages import DELIVERABLE_WRITTEN, GATE_PASSED, GATE_SENT_BACK, PATH_CHANGED, StageFact
from toile.pathway.models import Case, CaseState, Deliverable, Document, Passage
from toile.pathway.queries.stages import standing, walks
from toile.pathway.rules.stages import path_of
from toile.pathway.services.cases import about, require_here, touch
from toile.thread.services import record


class NotReady(UserError):
    """A gate still waits for something, and nobody said to pass it all the same."""


class NoReason(UserError):
    """A decision at a gate without its reason."""


def require_walking(reader: Reader, case: Case) -> None:
    """Raise `Forbidden` unless the reader works at the case's door or carries it, `Conflict` when it is not open."""
    if not walks(reader, case):
        raise Forbidden(_("Ce dossier est celui d’une autre porte : demandez-lui le relais."))
    if case.state != CaseState.OPEN:
        raise Conflict(_("Ce dossier n’est pas accompagné en ce moment : rien ne s’y écrit."))


def write_item(
    actor: Actor,
    reader: Reader,
    case: Case,
    code: str,
    *,
    words: str,
    document: Document | None,
    made_on: date | None,
    revision: int,
) -> Deliverable:
    """Write an answer or a deliverable of the current stage, by who carries the project or who accompanies it.

    made_on: today when nothing is said; without words nor document it is no longer made. revision: the one that the
    person had under their eyes, 0 for nothing; raises `Conflict` when another wrote since.
    """
    require_walking(reader, case)
    stage = path_of(case.path).entry(case.stage)
    known = {each.code for each in stage.questions} | {each.code for each in stage.deliverables}
    if code not in known:
        raise Conflict(_("L’étape a changé depuis que vous avez ouvert cette page : rouvrez le parcours."))
    today = timezone.localdate()
    if made_on is not None and made_on > today:
        raise UserError(_("Ce jour n’est pas encore venu : donnez celui où c’est fait."))
    words = words.strip()
    done = (made_on or today) if words or document else None
    with act(actor):
        row, _new = Deliverable.objects.select_for_update().get_or_create(
            case=case, stage=stage.code, code=code, defaults={"revision": 0}
        )
        if row.revision != revision:
            raise Conflict(_("Une autre personne vient d’écrire ici : lisez son texte, puis complétez-le."))
        row.words, row.document, row.done_on = words, document, done
        row.by, row.at, row.revision = reader.person, timezone.now(), revision + 1
        row.save()
        touch(case)
        record(DELIVERABLE_WRITTEN, about=about(case), data=StageFact(str(case.pk), case.path, stage.code))
    return row


def pass_gate(actor: Actor, reader: Reader, case: Case, *, stage: str, reason: str, anyway: bool = False) -> Passage:
    """Pass the gate of the current stage: the case enters the next one, if there is one.

    stage: the one the person saw; raises `Conflict` when the case moved since. anyway: pass although something is
    missing, which is kept with the decision; else raises `NotReady`. Raises `NoReason`.
    """
    require_here(reader, case)
    with act(actor):
        now = _still_at(case, stage)
        found = standing(now)
        assert found is not None
        if found.ended:
            raise Conflict(_("Ce parcours est déjà à son terme."))
        if not found.gate.ready and not anyway:
            raise NotReady(_("Il manque encore quelque chose : complétez, ou dites que vous franchissez quand même."))
        following = found.path.after(found.stage.code)
        passage = _decide(
            actor,
            now,
            Passage.Decision.PASSED,
            reason,
            to=(now.path, following.code) if following else ("", ""),
            missing=[lack.code for lack in found.gate.missing],
        )
        record(GATE_PASSED, about=about(case), data=StageFact(str(case.pk), now.path, stage, passage.to_stage))
    return passage


def send_back(actor: Actor, reader: Reader, case: Case, *, stage: str, to_stage: str, reason: str) -> Passage:
    """Say that the gate is not passed: the stage goes on, or an earlier one is taken up again, and why."""
    require_here(reader, case)
    with act(actor):
        now = _still_at(case, stage)
        codes = [each.code for each in path_of(now.path).stages]
        if to_stage not in codes or codes.index(to_stage) > codes.index(stage):
            raise UserError(_("Choisissez l’étape en cours, ou une étape d’avant."))
        passage = _decide(actor, now, Passage.Decision.SENT_BACK, reason, to=(now.path, to_stage))
        record(GATE_SENT_BACK, about=about(case), data=StageFact(str(case.pk), now.path, stage, to_stage))
    return passage


def change_path(actor: Actor, reader: Reader, case: Case, *, path: str, stage: str, reason: str) -> Passage:
    """Take another path, or place the case on its first one, with the reason. Raises `NoReason`, `UnknownStage`."""
    require_here(reader, case)
    entered = path_of(path).stage(stage)
    with act(actor):
        now = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        _require_open(now)
        if (now.path, now.stage) == (path, entered.code):
            raise UserError(_("Le dossier est déjà à cette étape."))
        passage = _decide(actor, now, Passage.Decision.CHANGED, reason, to=(path, entered.code))
        record(PATH_CHANGED, about=about(case), data=StageFact(str(case.pk), path, now.stage, entered.code))
    return passage


def _decide(
    actor: Actor, case: Case, decision: str, reason: str, *, to: tuple[str, str], missing: list[str] | None = None
) -> Passage:
    """Write a decision and move the case, inside an act."""
    if not reason.strip():
        raise NoReason(_("Dites pourquoi : c’est ce que lira la personne qui porte le projet."))
    to_path, to_stage = to
    passage = Passage.objects.create(
        case=case,
        path=case.path,
        stage=case.stage,
        to_path=to_path,
        to_stage=to_stage,
        missing=missing or [],
        decision=decision,
        reason=reason.strip(),
        by=actor.person,
    )
    if to_stage:
        Case.objects.filter(pk=case.pk).update(
            path=to_path, stage=to_stage, concluded_at=case.concluded_at or timezone.now()
        )
    touch(case)
    return passage


def _still_at(case: Case, stage: str) -> Case:
    """The case locked, still at the stage that the person saw; placed at no stage of its path, it is at the first."""
    now = Case.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=case.pk)
    _require_open(now)
    now.stage = path_of(now.path).entry(now.stage).code
    if now.stage != stage:
        raise Conflict(_("Le dossier a changé d’étape depuis que vous avez ouvert cette page : relisez-la."))
    return now


def _require_open(case: Case) -> None:
    if case.state != CaseState.OPEN:
        raise Conflict(_("Ce dossier n’est pas accompagné en ce moment : rien ne s’y écrit."))


def document_in(case: Case, pk: UUID | None) -> Document | None:
    """A document of this case by its id, None for none. Raises `UserError` for one of another case."""
    if pk is None:
        return None
    found = Document.objects.filter(case=case, pk=pk).first()
    if found is None:
        raise UserError(_("Ce document n’est plus dans le dossier : choisissez-en un autre."))
    return found
