"""What a structure opens from the link of a letter: it answers without an account; reading the page writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from toile.directory.forms import CorrectionForm
from toile.directory.models.campaigns import ANSWERED, ConfirmationState
from toile.directory.rules.accessibility import accessibility_fr
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.freshness import Answer
from toile.directory.rules.hours import hours_fr
from toile.directory.services import confirmations as services

from .versions import page_now, saved_or_asked, versions

GIVEN: Final = {"right": Answer.RIGHT, "closed": Answer.CLOSED, "refused": Answer.REFUSED}
Page = Callable[..., HttpResponse]


def from_a_letter(page: Page) -> Page:
    """A page opened by its secret link: kept by no cache nor search engine, its address given to no other site."""

    @wraps(page)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = page(request, token)
        except services.Over as over:
            context = {"organisation": over.organisation, "message": over.message}
            response = render(request, "directory/confirm_over.html", context, status=410)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(opened))


@from_a_letter
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/annuaire/confirmer/<token>/`: what the page says, three answers; come back to, what was answered."""
    found = services.confirmation_of(token)
    if request.method == "POST":
        given = GIVEN.get(request.POST.get("answer", ""))
        if given:
            services.answer(found, given)
        return redirect("directory:confirm", token=token)
    structure = found.organisation.canonical
    place, known = structure.main, taxonomy().activities
    context: dict[str, Any] = {
        "token": token,
        "confirmation": found,
        "organisation": structure,
        "place": place,
        "hours": hours_fr(place.opening_hours) if place else [],
        "accessibility": accessibility_fr(place.accessibility) if place else [],
        "activities": [
            _(known[code].label_fr)
            for code in structure.activities.order_by("pk").values_list("code", flat=True)
            if code in known
        ],
        "answered": found.state if found.state in ANSWERED else "",
        "states": ConfirmationState,
    }
    return render(request, "directory/confirm.html", context)


@from_a_letter
def confirm_correct(request: HttpRequest, token: str) -> HttpResponse:
    """`/annuaire/confirmer/<token>/corriger/`: the page's own form, filled; two people at once are told of it."""
    found = services.confirmation_of(token)
    structure = found.organisation.canonical
    fresh = page_now(structure)
    form = CorrectionForm(request.POST or None, initial=fresh)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asking = saved_or_asked(form, fresh, partial(services.correct_by_link, found, version=structure.version))
            if asking is None:
                return redirect("directory:confirm", token=token)
            form, status = asking, 409
    told = versions(request.reader, structure, form)
    context = {"token": token, "form": form, "organisation": structure, "versions": told}
    return render(request, "directory/confirm_correct.html", context, status=status)
