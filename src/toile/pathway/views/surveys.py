"""Surveys of needs: prepared and run by the team, answered by a link, told to everybody once closed."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.typography import french_number
from toile.pathway.forms.surveys import AskForm, PlanForm, ReplyForm, SurveyForm
from toile.pathway.models import Survey
from toile.pathway.queries import surveys as queries
from toile.pathway.services import surveys as services
from toile.pathway.views.cases import TRAIL

WAY: Final = "link: enquête"
SURVEYS_TRAIL: Final = [*TRAIL, (gettext_lazy("Besoins des structures"), reverse_lazy("pathway:surveys"))]


def surveys(request: HttpRequest) -> HttpResponse:
    """`/parcours/enquetes/`: the rounds of the collective's cycle."""
    context = {"page": queries.surveys(request.GET.get("page")), "trail": TRAIL}
    return render(request, "pathway/surveys/list.html", context)


def survey_new(request: HttpRequest) -> HttpResponse:
    """`/parcours/enquetes/nouvelle/`: what it asks; nobody is asked yet."""
    form = SurveyForm(request.POST or None, initial={"needs": services.default_needs()})
    return _written(request, None, form)


def survey(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/enquetes/<id>/`: who was asked, who answered; closing it."""
    found = queries.survey_for(pk)
    if request.method == "POST":
        try:
            services.close(Actor.of(request.reader), request.reader, found)
            messages.success(request, _("L’enquête est close : ses résultats sont publics. Écrivez le plan d’action."))
        except UserError as refused:
            messages.error(request, refused.message)
        return redirect("pathway:survey", pk=found.pk)
    page = queries.asked_page(found, request.GET.get("page"))
    for reply in page.object_list:
        reply.link_url = urljoin(settings.TOILE_URL, reverse("pathway:survey_reply", args=[services.token_of(reply)]))
    context = {
        "survey": found,
        "page": page,
        "results": queries.results(found),
        "trail": SURVEYS_TRAIL,
        "taken": services.is_taken(found),
    }
    return render(request, "pathway/surveys/survey.html", context)


def survey_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/enquetes/<id>/modifier/`: its words; its needs as long as nobody was asked."""
    found = queries.survey_for(pk)
    initial = {
        "title": found.title,
        "words": found.words,
        "needs": found.needs,
        "closes_on": found.closes_on,
        "revision": found.revision,
    }
    form = SurveyForm(request.POST or None, initial=initial, needs_are_fixed=found.state != Survey.State.DRAFT)
    return _written(request, found, form)


def survey_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/enquetes/<id>/demander/`: to the structures that a page of the directory finds."""
    found = queries.survey_for(pk)
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                n = services.ask(Actor.of(request.reader), request.reader, found, form.cleaned_data["whom"])
            except UserError as refused:
                form.add_error("whom", refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                told = ngettext("%(n)s structure est interrogée.", "%(n)s structures sont interrogées.", n)
                messages.success(request, told % {"n": french_number(n)})
                return redirect("pathway:survey", pk=found.pk)
    return _form(request, found, form, _("Interroger des structures"), _("Envoyer l’enquête"), status)


def survey_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/enquetes/<id>/plan/`: from the needs shared to actions: which, by whom, for when."""
    found = queries.survey_for(pk)
    results = queries.results(found)
    needs = queries.needs_asked(found)
    form = PlanForm(request.POST or None, needs=needs, actions=found.actions, initial={"revision": found.revision})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                revision = form.cleaned_data["revision"]
                services.write_plan(
                    Actor.of(request.reader), request.reader, found, actions=form.actions, revision=revision
                )
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, _("Le plan d’action est gardé ; il est sur la page publique."))
                return redirect("pathway:survey", pk=found.pk)
    context = {"survey": found, "results": results, "form": form, "trail": _trail(found)}
    return render(request, "pathway/surveys/plan.html", context, status=status)


def survey_reply(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/besoins-partages/repondre/<token>/`: what a structure needs, by its own link, without an account."""
    reply = services.reply_of(token)
    needs = queries.needs_asked(reply.survey)
    # A structure that needs nothing sends an empty answer, which is an answer.
    sent = request.POST if request.method == "POST" else None
    form = ReplyForm(sent, needs=needs, said=reply.needs, initial={"words": reply.words})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            actor = Actor(request.reader.person, WAY)
            services.answer(actor, reply, needs=form.needs, words=form.cleaned_data["words"])
            messages.success(request, _("Merci. Votre réponse est gardée ; ce lien permet de la changer."))
            return redirect("pathway:survey_reply", token=token)
    context = {
        "survey": reply.survey,
        "reply": reply,
        "structure": reply.organisation.canonical,
        "form": form,
        "taken": services.is_taken(reply.survey),
    }
    return render(request, "pathway/surveys/reply.html", context, status=status)


def needs(request: HttpRequest) -> HttpResponse:
    """`/parcours/besoins-partages/`: the surveys that are closed, for everybody."""
    context = {"page": queries.surveys(request.GET.get("page"), only_closed=True), "trail": TRAIL}
    return render(request, "pathway/surveys/needs.html", context)


def survey_results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/besoins-partages/<id>/`: what structures share, what could follow, what is decided; for everybody."""
    found = queries.survey_for(pk)
    if found.state != Survey.State.CLOSED:
        raise NotVisible(_("Cette enquête n’a pas encore de résultats."))
    context = {"survey": found, "results": queries.results(found), "trail": TRAIL}
    return render(request, "pathway/surveys/results.html", context)


def _written(request: HttpRequest, found: Survey | None, form: SurveyForm) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = _save(request, found, form.cleaned_data)
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, _("L’enquête est prête. Dites maintenant à qui demander."))
                return redirect("pathway:survey", pk=kept.pk)
    heading = _("Modifier l’enquête") if found else _("Préparer une enquête")
    return _form(request, found, form, heading, _("Garder l’enquête"), status)


def _save(request: HttpRequest, found: Survey | None, said: dict[str, Any]) -> Survey:
    actor, reader = Actor.of(request.reader), request.reader
    values = {"title": said["title"], "words": said["words"], "closes_on": said["closes_on"]}
    needs = said.get("needs", ())
    if found is None:
        return services.prepare(actor, reader, needs=needs, **values)
    services.change(actor, reader, found, needs=needs, revision=said["revision"] or 0, **values)
    return found


def _form(
    request: HttpRequest, found: Survey | None, form: Any, heading: str, submit: str, status: int
) -> HttpResponse:
    back = reverse("pathway:survey", args=[found.pk]) if found else reverse("pathway:surveys")
    context = {"form": form, "heading": heading, "submit": submit, "cancel_url": back, "trail": _trail(found)}
    return render(request, "pathway/surveys/write.html", context, status=status)


def _trail(found: Survey | None) -> list[Any]:
    if found is None:
        return SURVEYS_TRAIL
    return [*SURVEYS_TRAIL, (found.title, reverse("pathway:survey", args=[found.pk]))]
