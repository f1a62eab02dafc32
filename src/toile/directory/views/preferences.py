"""Preferring one of the values that sources gave to a field."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory import services
from toile.directory.forms_page import RULE, PreferForm
from toile.directory.permissions import PREFER
from toile.directory.queries.provenance import field_said
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible

from .structures import moved_to, structure_of


def prefer(request: HttpRequest, pk: object, field: str) -> HttpResponse:
    """`/annuaire/<id>/champ/<field>/`: every value said, one to show, and the reason; or the rule's own choice."""
    found = structure_of(request, pk, to=PREFER.code)
    if moved := moved_to(request, found):
        return moved
    said = field_said(found, field)
    if said is None:
        raise NotVisible(_("Aucune source ne dit ce champ, ou il ne se choisit pas."))
    fresh = {"version": found.version, "choice": said.preferred_record or RULE, "because": said.because}
    form = PreferForm(request.POST or None, initial=fresh, options=said.options)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["choice"]
        try:
            services.prefer(
                Actor.of(request.reader),
                request.reader,
                found,
                field,
                None if chosen == RULE else said.statements[chosen],
                because=form.cleaned_data["because"],
                version=form.cleaned_data["version"],
            )
        except Conflict as conflict:
            form = PreferForm(form.cleaned_data | {"version": found.version}, options=said.options)
            form.add_error(None, conflict.message)
            status = 409
        else:
            messages.success(request, _("C’est enregistré. La fiche dit d’où vient ce qu’elle montre."))
            return redirect(found.get_absolute_url())
    return render(request, "directory/prefer.html", {"form": form, "organisation": found, "said": said}, status=status)
