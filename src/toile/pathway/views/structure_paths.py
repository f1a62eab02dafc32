"""A path for a structure that exists: which structure, which path, at which door."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Organisation
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import get_for
from toile.pathway.forms.stages import StructurePathForm
from toile.pathway.models import Door
from toile.pathway.permissions.stages import OPEN_PATH
from toile.pathway.queries.cases import doors_of
from toile.pathway.queries.structures import named, represented
from toile.pathway.services.structure_paths import begin_path
from toile.pathway.views.cases import TRAIL

LONGEST: Final = 80
STRUCTURES_TRAIL: Final = [*TRAIL, (gettext_lazy("Structures"), reverse_lazy("pathway:structures"))]


def structures(request: HttpRequest) -> HttpResponse:
    """`/parcours/structures/`: which structure: one's own, or, for who receives, one of the directory."""
    words = request.GET.get("q", "")[:LONGEST]
    receives = bool(doors_of(request.reader))
    context = {
        "mine": represented(request.reader),
        "receives": receives,
        "words": words,
        "found": named(request.reader, words) if receives else [],
        "trail": TRAIL,
    }
    return render(request, "pathway/stages/structures.html", context)


def structure_path(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/structures/<id>/`: consolidation, change of scale or DLA; asked by its people or opened at a door."""
    organisation = get_for(
        request.reader, Organisation.objects.select_related("main__commune"), to=OPEN_PATH.code, pk=pk
    )
    mine = organisation.pk in request.reader.organisations
    doors = Door.objects.active()
    if not mine:
        doors = doors.filter(pk__in=[door.pk for door in doors_of(request.reader)])
    form, status = StructurePathForm(request.POST or None, doors=doors), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                case = begin_path(Actor.of(request.reader), request.reader, organisation, **form.cleaned_data)
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, _("C’est demandé.") if case.state == "sent" else _("Le parcours est ouvert."))
                return redirect("pathway:case", pk=case.pk)
    context = {"organisation": organisation, "form": form, "mine": mine, "trail": STRUCTURES_TRAIL}
    return render(request, "pathway/stages/structure_path.html", context, status=status)
