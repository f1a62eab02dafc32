"""The doors, kept by the team: listed, opened by a structure of the directory, changed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.pathway.forms.cases import DoorForm
from toile.pathway.models import Door
from toile.pathway.queries.doors import doors_shown, may_be_doors
from toile.pathway.services.doors import SAID, change_door, open_door
from toile.pathway.views.cases import TRAIL, given_by

LONGEST = 80


def doors(request: HttpRequest) -> HttpResponse:
    """`/parcours/portes/`: every door, who receives there, how many cases it follows."""
    return render(request, "pathway/cases/doors.html", {"trail": TRAIL, "doors": doors_shown()})


def choose(request: HttpRequest) -> HttpResponse:
    """`/parcours/portes/choisir/`: which structure of the directory receives."""
    words = request.GET.get("q", "")[:LONGEST]
    context = {"trail": _trail(), "words": words, "found": may_be_doors(request.reader, words)}
    return render(request, "pathway/cases/door_choose.html", context)


def open_one(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """`/parcours/portes/ouvrir/<id>/`: what the new door says of itself."""
    found = Organisation.objects.visible_to(request.reader).structures().filter(pk=organisation).first()
    if found is None:
        raise NotVisible(_("Cette structure n’est pas dans l’annuaire."))
    initial = {"name": found.acronym or found.name[:120], "callback_days": 3, "order": 50, "is_active": True}
    form = DoorForm(given_by(request), initial=initial)
    if form.is_valid():
        try:
            door = open_door(Actor.of(request.reader), request.reader, found, form.cleaned_data)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("La porte « %(name)s » est ouverte.") % {"name": door.name})
            return redirect("pathway:doors")
    context = {"trail": _trail(), "organisation": found, "form": form, "heading": _("Ouvrir une porte")}
    return render(request, "pathway/cases/door.html", context, status=422 if form.errors else 200)


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/portes/<id>/`: correct what a door says, or close it for a while."""
    door = Door.objects.select_related("organisation").filter(pk=pk).first()
    if door is None:
        raise NotVisible(_("Cette porte n’existe pas."))
    form = DoorForm(given_by(request), initial={name: getattr(door, name) for name in SAID})
    del form.fields["code"]
    if form.is_valid():
        change_door(Actor.of(request.reader), request.reader, door, form.cleaned_data)
        messages.success(request, _("La porte est enregistrée."))
        return redirect("pathway:doors")
    context = {"trail": _trail(), "organisation": door.organisation, "form": form, "heading": door.name}
    return render(request, "pathway/cases/door.html", context, status=422 if form.errors else 200)


def _trail() -> list[tuple[object, object]]:
    return [*TRAIL, (_("Les portes"), reverse("pathway:doors"))]
