"""A person of the team adds a structure, warned while typing of those whose name is like it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory import services
from toile.directory.forms_adding import AddForm
from toile.directory.permissions import ADD
from toile.directory.queries.alike import alike
from toile.kernel.acts import Actor
from toile.kernel.permissions import require
from toile.territory.queries import communes_of_home

LONGEST = 300


def add(request: HttpRequest) -> HttpResponse:
    """`/annuaire/ajouter/`: pages like it are shown once, and named; whoever says it is none of them goes on."""
    require(request.reader, ADD.code)
    form = AddForm(request.POST or None)
    found = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        found = alike(request.reader, values["name"], values["city"])
        if {one.organisation.pk for one in found} <= form.seen():
            made = services.add(Actor.of(request.reader), request.reader, values)
            messages.success(request, _("La structure est ajoutée : sa page est publique."))
            return redirect(made.get_absolute_url())
    context = {"form": form, "found": found, "is_warned": bool(found), "communes": communes_of_home()}
    return render(request, "directory/add.html", context, status=422 if request.method == "POST" else 200)


def alike_page(request: HttpRequest) -> HttpResponse:
    """`/annuaire/ressemblantes/?name=…&city=…`: the part of the form that warns."""
    require(request.reader, ADD.code)
    name, city = (request.GET.get(key, "")[:LONGEST] for key in ("name", "city"))
    found = alike(request.reader, name, city)
    return render(request, "directory/add_alike.html", {"found": found, "is_warned": False})
