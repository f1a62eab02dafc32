"""Two cases that may be one: asked to the holder whose content it is, answered by their link or noted by their door."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from toile.kernel.acts import Actor
from toile.pathway.forms.reception import TwinForm
from toile.pathway.models import Case, Twin
from toile.pathway.services import twins as services
from toile.pathway.services.links import token_of
from toile.pathway.views.cases import TRAIL, given_by
from toile.pathway.views.holding import VIA


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/rapprochements/<id>/demander/`: write to the holder of the older case."""
    twin = services.twin_for(request.reader, pk)
    services.ask(Actor.of(request.reader), request.reader, twin)
    messages.success(request, _("La question est partie à la personne. Rien ne se passe sans sa réponse."))
    return redirect("pathway:case", pk=_mine(request, twin).pk)


@require_POST
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/rapprochements/<id>/noter/`: who follows the older case notes what its holder told them."""
    twin = services.twin_for(request.reader, pk)
    agrees = request.POST.get("agrees") == "yes"
    services.note_answer(Actor.of(request.reader), request.reader, twin, agrees=agrees)
    messages.success(
        request, _("Les deux dossiers sont réunis.") if agrees else _("C’est noté : les dossiers restent séparés.")
    )
    return redirect("pathway:case", pk=twin.older_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/reunir/<lien>/`: the holder of the older case answers."""
    twin = services.twin_of(token)
    doors = [("older", _door(twin.older)), ("younger", _door(twin.younger))]
    form = TwinForm(given_by(request), doors=doors)
    if form.is_valid():
        agrees = form.cleaned_data["agrees"] == "yes"
        keep = twin.younger if form.cleaned_data["keep"] == "younger" else twin.older
        services.answer(Actor.of(request.reader, VIA), twin, agrees=agrees, keep=keep)
        messages.success(
            request,
            _("Vos deux dossiers n’en font plus qu’un.") if agrees else _("C’est noté : rien ne change."),
        )
        return redirect("pathway:held", token=token_of(Case.objects.get(pk=twin.older_id)))
    context = {"trail": TRAIL, "form": form, "twin": twin, "first": doors[0][1], "second": doors[1][1]}
    response = render(request, "pathway/reception/twin.html", context, status=422 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _door(case: Case) -> str:
    return case.door.name if case.door else _("une autre porte")


def _mine(request: HttpRequest, twin: Twin) -> Case:
    """The case of the two that the reader follows."""
    younger_is_mine = (
        twin.younger.door is not None and twin.younger.door.organisation_id in request.reader.organisations
    )
    return twin.younger if younger_is_mine else twin.older
