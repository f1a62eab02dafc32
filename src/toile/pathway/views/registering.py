"""The SIRET of a project, and the opening of its page by its own people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory.models.organisations import Openness
from toile.kernel.acts import Actor
from toile.pathway.forms.stages import SiretForm
from toile.pathway.services import registering as services
from toile.pathway.services.cases import require_here
from toile.pathway.views.stages import acted, walked


def siret(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/siret/`: the project becomes an active structure, with the same page and thread."""
    case = walked(request, pk)
    require_here(request.reader, case)
    form = SiretForm(request.POST or None)

    def do() -> None:
        other = services.register(Actor.of(request.reader), request.reader, case, form.cleaned_data["siret"])
        if other is not None and case.organisation is not None:
            messages.warning(request, _told(case.organisation.openness, other.name))

    return acted(
        request,
        case,
        form,
        do,
        _("Noter le SIRET"),
        _("Noter le SIRET"),
        _("Le projet est désormais une structure en activité : même fiche, même fil."),
        back="pathway:path",
        lead=_("La fiche et son histoire restent ; ce que dit SIRENE s’y ajoutera au prochain import."),
    )


@require_POST
def project_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/ouvrir-la-fiche/`: the project's own people open its page to everybody."""
    case = walked(request, pk)
    services.open_project(Actor.of(request.reader), request.reader, case)
    messages.success(request, _("La fiche est ouverte à tout le monde."))
    return redirect("pathway:path", pk=case.pk)


def _told(openness: str, name: str) -> str:
    """What becomes of the two pages that hold one SIREN."""
    if openness == Openness.PUBLIC:
        told = _("La fiche « %(name)s » porte déjà ce SIREN : l’équipe dira si c’est la même structure.")
    else:
        told = _("La fiche « %(name)s » porte déjà ce SIREN : à l’ouverture de celle-ci, l’équipe les rapprochera.")
    return told % {"name": name}
