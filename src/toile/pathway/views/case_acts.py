"""What the people of a door do to one of its cases: the next step, a note, who follows it, who carries it, its end.

Each act has a page of its own; the case's first page holds the same form, which comes here when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.next_page import next_page
from toile.pathway.forms.cases import CloseForm, HandOverForm, HolderForm, NextStepForm, NoteForm
from toile.pathway.models import Case, Holder
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.people import who_may_act
from toile.pathway.services import cases as services
from toile.pathway.services import holders
from toile.pathway.views.case_panels import step_of
from toile.pathway.views.cases import TRAIL, given_by, opened, shown

Label = str | Promise


def next_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/suite/`: what comes next, when and by whom."""
    case = at_the_door(request, pk)
    form = NextStepForm(given_by(request), initial=step_of(case), advisers=who_may_act(case))

    def do(given: Mapping[str, Any]) -> None:
        services.set_next_step(
            Actor.of(request.reader),
            request.reader,
            case,
            given["words"],
            given["on"],
            form.person,
            before=given["before"],
        )

    return _acted(request, case, form, do, _("La suite"), _("Enregistrer la suite"), _("La suite est écrite."))


def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/noter/`: a call, a meeting, a mail, a view."""
    case = at_the_door(request, pk)
    form = NoteForm(given_by(request))

    def do(given: Mapping[str, Any]) -> None:
        services.write_note(Actor.of(request.reader), request.reader, case, given["kind"], given["words"])

    return _acted(request, case, form, do, _("Noter un échange"), _("Garder la note"), _("La note est gardée."))


@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/suivre/`: become the person who follows it."""
    case = at_the_door(request, pk)
    try:
        services.take(Actor.of(request.reader), request.reader, case)
    except Conflict as late:
        messages.warning(request, late.message)
    else:
        messages.success(request, _("Vous suivez ce dossier. Dites-en la suite."))
    return redirect(next_page(request, _page(case)))


def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/relais/`: another adviser of the door follows it from now on."""
    case = at_the_door(request, pk)
    others = [one for one in who_may_act(case) if one[0] != case.adviser]
    form = HandOverForm(given_by(request), others=others)

    def do(given: Mapping[str, Any]) -> None:
        assert case.door is not None
        services.hand_over(
            Actor.of(request.reader), request.reader, [case], form.person, advisers_of(case.door), given["words"]
        )

    return _acted(request, case, form, do, _("Passer le relais"), _("Passer le relais"), _("Le relais est passé."))


def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/terminer/`: end it, saying why."""
    case = at_the_door(request, pk)
    form = CloseForm(given_by(request))

    def do(given: Mapping[str, Any]) -> None:
        services.close(Actor.of(request.reader), request.reader, case, given["why"])

    said = _("Le dossier est terminé. Il reste lisible par la porte, deux ans après le dernier contact.")
    return _acted(request, case, form, do, _("Terminer le dossier"), _("Terminer le dossier"), said)


def holder_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/personnes/ajouter/`: one more person who carries it."""
    case = at_the_door(request, pk)
    form = HolderForm(given_by(request))

    def do(given: Mapping[str, Any]) -> None:
        holders.add_holder(Actor.of(request.reader), request.reader, case, **given)

    lead = _("Seulement ce qui sert à joindre la personne. Elle est prévenue par vous.")
    return _acted(
        request,
        case,
        form,
        do,
        _("Ajouter une personne"),
        _("Ajouter la personne"),
        _("La personne est ajoutée."),
        lead,
    )


def holder_remove(request: HttpRequest, pk: UUID, holder: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/personnes/<id>/retirer/`: she carries it no more; the links sent before end."""
    case = at_the_door(request, pk)
    theirs = Holder.objects.filter(case=case, pk=holder).first()
    if theirs is None:
        raise NotVisible(_("Cette personne ne porte pas, ou plus, ce projet."))
    form = forms.Form(given_by(request))

    def do(given: Mapping[str, Any]) -> None:
        holders.remove_holder(Actor.of(request.reader), request.reader, case, holder)

    lead = _("%(who)s ne portera plus ce projet. Les liens déjà envoyés ne serviront plus : envoyez-en un autre.") % {
        "who": theirs.name or theirs.email or theirs.phone
    }
    said = _("C’est fait. Les liens envoyés avant ne servent plus.")
    return _acted(request, case, form, do, _("Retirer une personne"), _("Retirer cette personne"), said, lead)


def at_the_door(request: HttpRequest, pk: UUID) -> Case:
    """The case, for who receives at its door: the first line of every act. Raises `Forbidden` for the others."""
    case = opened(request, pk)
    services.require_here(request.reader, case)
    return case


def _acted(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    do: Callable[[Mapping[str, Any]], None],
    heading: Label,
    submit: Label,
    said: Label,
    lead: Label = "",
) -> HttpResponse:
    """Do it and go back to the case; else the form with what was typed and what is wrong."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do(form.cleaned_data)
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, str(said))
                return redirect(next_page(request, _page(case)))
    context = shown(request.reader, case, "pathway:case") | {
        "trail": [*TRAIL, (str(case), _page(case))],
        "heading": heading,
        "lead": lead,
        "submit": submit,
        "form": form,
        "cancel_url": _page(case),
    }
    return render(request, "pathway/cases/act.html", context, status=status)


def _page(case: Case) -> str:
    return reverse("pathway:case", args=[case.pk])
