"""The path of a case: its line of stages, what the current one asks, its gate, another path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.readers import Reader
from toile.pathway.forms.stages import GateForm, ItemForm, PathForm
from toile.pathway.models import Case, Document, Passage
from toile.pathway.queries.people import names_of
from toile.pathway.queries.stages import Item, Standing, documents_of, refuse_others, standing, walks
from toile.pathway.rules.stages import Stage, paths
from toile.pathway.services import stages as services
from toile.pathway.services.cases import require_here
from toile.pathway.services.documents import add_document
from toile.pathway.views.cases import TRAIL, opened, shown


def path(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/parcours/`: where it stands, what the stage asks, what the gate waits for, history."""
    case = walked(request, pk)
    context = shown(request.reader, case, "pathway:path") | told(case)
    context |= {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "is_open": case.state == "open",
    }
    return render(request, "pathway/stages/path.html", context)


def stage_item(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """`/parcours/dossiers/<id>/parcours/<code>/`: one answer or one deliverable of the current stage."""
    case = walked(request, pk)
    item = _item(standing(case), code)
    documents = documents_of(case) if item.kind == "deliverable" else []
    initial: dict[str, Any] = {"revision": 0}
    if item.row is not None:
        initial = {
            "words": item.row.words,
            "document": str(item.row.document_id or ""),
            "made_on": item.row.done_on,
            "revision": item.row.revision,
        }
    form = ItemForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        documents=documents,
        is_question=item.kind == "question",
    )

    def do() -> None:
        actor, said = Actor.of(request.reader), form.cleaned_data
        document = _document(request.reader, case, form)
        services.write_item(
            actor,
            request.reader,
            case,
            code,
            words=said["words"],
            document=document,
            made_on=said.get("made_on"),
            revision=said["revision"],
        )

    return acted(request, case, form, do, item.title, _("Enregistrer"), _("C’est enregistré."), back="pathway:path")


def gate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/parcours/franchir/`: a named human passes the gate, or sends the stage back."""
    case = walked(request, pk)
    require_here(request.reader, case)
    found = standing(case)
    if found is None:
        return redirect("pathway:path_change", pk=case.pk)
    form = GateForm(request.POST or None, path=found.path, stage=found.stage, ready=found.gate.ready)

    def do() -> None:
        actor, said = Actor.of(request.reader), form.cleaned_data
        if said["decision"] == GateForm.PASS:
            services.pass_gate(
                actor,
                request.reader,
                case,
                stage=said["stage"],
                reason=said["reason"],
                anyway=said.get("anyway", False),
            )
        else:
            to_stage = said["to_stage"] or said["stage"]
            services.send_back(
                actor, request.reader, case, stage=said["stage"], to_stage=to_stage, reason=said["reason"]
            )

    return acted(
        request,
        case,
        form,
        do,
        _("Décider de l’étape"),
        _("Enregistrer la décision"),
        _("La décision est écrite, avec votre nom. Dites maintenant la suite."),
        back="pathway:path",
        template="pathway/stages/gate.html",
        extra={"standing": found},
    )


def path_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/parcours/changer/`: the first path of a case, or another one, and why."""
    case = walked(request, pk)
    require_here(request.reader, case)
    form = PathForm(request.POST or None, initial={"place": f"{case.path}/{case.stage}"})

    def do() -> None:
        chosen, stage = form.chosen
        reason = form.cleaned_data["reason"]
        services.change_path(Actor.of(request.reader), request.reader, case, path=chosen, stage=stage, reason=reason)

    heading = _("Changer de parcours") if case.path else _("Choisir un parcours")
    return acted(
        request, case, form, do, heading, _("Prendre ce parcours"), _("Le parcours est pris."), back="pathway:path"
    )


def walked(request: HttpRequest, pk: UUID) -> Case:
    """The first line of each of these pages: the case, for its door's people and its holders. Raises `NotVisible`."""
    case = opened(request, pk)
    refuse_others(request.reader, case)
    return case


def acted(
    request: HttpRequest,
    case: Case,
    form: forms.BaseForm,
    do: Callable[[], Any],
    heading: str,
    submit: str,
    said: str,
    *,
    back: str,
    lead: str = "",
    template: str = "pathway/cases/act.html",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Do it and go back; else the form with what was typed and what is wrong."""
    status, there = 200, reverse(back, args=[case.pk])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do()
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, said)
                return redirect(there)
    context = shown(request.reader, case, back) | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "heading": heading,
        "lead": lead,
        "submit": submit,
        "form": form,
        "cancel_url": there,
    }
    return render(request, template, context | (extra or {}), status=status)


def stage_panel(reader: Reader, case: Case) -> dict[str, Any] | None:
    """On the case's first page: the line of stages, and how much the gate waits for; None for a partner."""
    if case.state == "begun" or not walks(reader, case):
        return None
    return {"standing": standing(case)}


def told(case: Case) -> dict[str, Any]:
    """What the holder's own page shows of the path: `standing`, None without one, and `history`. 5 queries."""
    found = standing(case)
    return {"standing": found, "history": _history(found.passages if found else ())}


def _document(reader: Reader, case: Case, form: ItemForm) -> Document | None:
    """The file just sent, else the document chosen among those of the case."""
    upload = form.cleaned_data.get("file")
    if upload:
        return add_document(Actor.of(reader), reader, case, upload)
    return services.document_in(case, form.chosen)


def _item(found: Standing | None, code: str) -> Item:
    if found is not None:
        for item in (*found.questions, *found.deliverables):
            if item.code == code and (not item.tool):
                return item
    raise NotVisible(_("L’étape en cours ne demande pas cela : rouvrez le parcours."))


def _titles() -> dict[tuple[str, str], Stage]:
    return {(way.code, stage.code): stage for way in paths().values() for stage in way.stages}


def _history(passages: tuple[Passage, ...]) -> list[dict[str, Any]]:
    """Each decision in words: who, when, from where to where, why, what was missing."""
    names = names_of({one.by for one in passages if one.by})
    titles = _titles()

    def title(way: str, stage: str) -> str:
        found = titles.get((way, stage))
        return _(found.title_fr) if found else stage

    return [
        {
            "decision": one.get_decision_display(),
            "is_passed": one.decision == Passage.Decision.PASSED,
            "left": title(one.path, one.stage),
            "entered": title(one.to_path, one.to_stage),
            "who": names.get(one.by, _("une personne")) if one.by else _("une personne"),
            "at": one.at,
            "reason": one.reason,
            "missing": len(one.missing),
        }
        for one in passages
    ]
