"""A structure's people correct its page; the team says whether it is of the ESS."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory import services
from toile.directory.forms import CorrectionForm, DecisionForm
from toile.directory.models import Organisation
from toile.directory.permissions import CORRECT, DECIDE
from toile.directory.rules.accessibility import FEATURES
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.permissions import get_for


def correct(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/corriger/`: only what was changed is said by the structure; the rest stays the sources'."""
    organisation = get_for(request.reader, Organisation.objects.select_related("main"), to=CORRECT.code, pk=pk)
    shown = _shown(organisation)
    fresh = shown | {"version": organisation.version, "seen": json.dumps(shown)}
    form = CorrectionForm(request.POST or None, initial=fresh)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.correct(
                    Actor.of(request.reader),
                    request.reader,
                    organisation,
                    form.changed(),
                    version=form.cleaned_data["version"],
                )
            except Conflict as conflict:
                # What they did not touch becomes the other person's; saved again, what they wrote wins, and only that.
                form = CorrectionForm(fresh | form.changed(), initial=fresh)
                form.add_error(None, conflict.message)
                status = 409
            else:
                messages.success(request, _("C’est enregistré. La fiche montre ce que vous avez écrit."))
                return redirect(organisation.get_absolute_url())
    return render(
        request,
        "directory/correct.html",
        {"form": form, "organisation": organisation, "conflict": status == 409, "now": shown},
        status=status,
    )


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
            status = 409
        else:
            messages.success(request, _("C’est décidé. La fiche dit qui décide et pourquoi."))
            return redirect(organisation.get_absolute_url())
    return render(request, "directory/decide.html", {"form": form, "organisation": organisation}, status=status)


def _shown(organisation: Organisation) -> dict[str, object]:
    place = organisation.main
    return {
        "name": organisation.name,
        "description": organisation.description,
        "website": organisation.website,
        "address": place.address if place else "",
        "postal_code": place.postal_code if place else "",
        "city": place.city if place else "",
        "opening_hours": place.opening_hours if place else "",
        "contact_email": organisation.contact_email,
        **{code: place.accessibility.get(code, "") if place else "" for code in FEATURES},
        "activities": list(organisation.activities.order_by("pk").values_list("code", flat=True)),
    }
