"""A structure's people correct its page; the team says whether it is of the ESS."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory import services
from toile.directory.forms import CorrectionForm, DecisionForm
from toile.directory.models import Organisation
from toile.directory.permissions import CORRECT, DECIDE
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for

from .versions import page_now, saved_or_asked, versions


def correct(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/corriger/`: only what was changed is said by the structure; the rest stays the sources'.

    Somebody saved meanwhile: what they wrote elsewhere on the page stays with what this person wrote; where both wrote
    the same field, both versions are shown (409), and one is chosen.
    """
    organisation = get_for(request.reader, Organisation.objects.select_related("main"), to=CORRECT.code, pk=pk)
    fresh = page_now(organisation)
    form = CorrectionForm(request.POST or None, initial=fresh)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            write = partial(
                services.correct, Actor.of(request.reader), request.reader, organisation, version=organisation.version
            )
            asking = saved_or_asked(form, fresh, write)
            if asking is None:
                messages.success(request, _saved(form.cleaned_data["version"] != organisation.version))
                return redirect(organisation.get_absolute_url())
            form, status = asking, 409
    context = {"form": form, "organisation": organisation, "versions": versions(request.reader, organisation, form)}
    return render(request, "directory/correct.html", context, status=status)


def _saved(met: bool) -> str:
    if met:
        return _("C’est enregistré, à côté de ce que quelqu’un d’autre a changé sur la fiche pendant ce temps.")
    return _("C’est enregistré. La fiche montre ce que vous avez écrit.")


def decide(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/appartenance/`: a named person of the team decides, and says why."""
    organisation = get_for(request.reader, Organisation.objects.all(), to=DECIDE.code, pk=pk)
    form = DecisionForm(request.POST or None, initial={"version": organisation.version})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(
                Actor.of(request.reader),
                request.reader,
                organisation,
                is_ess=form.is_ess,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except Conflict as conflict:
            form = DecisionForm(form.cleaned_data | {"version": organisation.version})
            form.add_error(None, conflict.message)
            status = 200 if request.htmx else 409
        else:
            messages.success(request, _("C’est décidé. La fiche dit qui décide et pourquoi."))
            return redirect(next_page(request, organisation.get_absolute_url()))
    return render(request, "directory/decide.html", {"form": form, "organisation": organisation}, status=status)
