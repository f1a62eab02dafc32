"""The files of an edition: dropped, fetched by URL, taken from the directory, chosen, described, removed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.next_page import next_page
from toile.kernel.typography import french_number
from toile.panorama.forms import SourceForm, UrlForm, source_initial
from toile.panorama.models import Edition, EditionState, Source
from toile.panorama.queries import workbench as queries
from toile.panorama.rules.indicators import indicators
from toile.panorama.services import sources as services
from toile.panorama.services.arriving import SUFFIXES
from toile.panorama.uploading import KeepingHandler, KeptFile
from toile.panorama.views.workbench import edition_of, trail_to
from toile.panorama.views.workbench_shown import understood


def edition_sources(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/sources/`: what is chosen and what was understood of it; what may be added."""
    edition = edition_of(request, pk)
    if edition.state in EditionState.public():
        return redirect("panorama:edition_work", pk=edition.pk)
    form = UrlForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.fetch_later(Actor.of(request.reader), request.reader, form.cleaned_data["url"], edition=edition)
        except UserError as refused:
            form.add_error("url", refused.message)
        else:
            messages.success(request, _("Le fichier est demandé. Vous pouvez quitter cette page et y revenir."))
            return redirect("panorama:edition_sources", pk=edition.pk)
    return _sources_page(request, edition, form, [])


def _sources_page(request: HttpRequest, edition: Edition, form: UrlForm, refused: list[str]) -> HttpResponse:
    chosen = list(edition.sources.order_by("kind", "title", "id"))
    held = {source.pk for source in chosen}
    context = {
        "edition": edition,
        "chosen": chosen,
        "others": [source for source in queries.known_sources()[: queries.MOST] if source.pk not in held],
        "impossible": queries.impossible_from(chosen),
        "is_reading": queries.is_reading(chosen),
        "form": form,
        "refused": refused,
        "suffixes": ",".join(SUFFIXES),
        "trail": trail_to(edition),
        "here": _("Fichiers"),
    }
    status = 422 if form.errors or refused else 200
    return render(request, "panorama/workbench/sources.html", context, status=status)


@csrf_exempt  # the form is read by `_dropped`, which checks it: the handler must be set before anything reads it
@require_POST
def source_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/sources/deposer/`: files written to disk as they come, each kept or refused by itself."""
    handler = KeepingHandler(request)
    request.upload_handlers = [handler]
    return _dropped(request, pk, handler)


@csrf_protect
def _dropped(request: HttpRequest, pk: UUID, handler: KeepingHandler) -> HttpResponse:
    edition = edition_of(request, pk)
    given = [file for file in request.FILES.getlist("files") if isinstance(file, KeptFile)]
    refused = list(handler.refused)
    kept = 0
    for file in given:
        try:
            services.receive(Actor.of(request.reader), request.reader, file.arrived, edition=edition)
            kept += 1
        except UserError as error:
            refused.append(error.message)
    if not given and not refused:
        refused.append(_("Choisissez au moins un fichier."))
    if refused:
        return _sources_page(request, edition, UrlForm(), refused)
    told = ngettext(
        "Un fichier est reçu, il est en train d’être lu.",
        "%(n)s fichiers sont reçus, ils sont en train d’être lus.",
        kept,
    )
    messages.success(request, told % {"n": french_number(kept)})
    return redirect("panorama:edition_sources", pk=edition.pk)


@require_POST
def source_take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/sources/annuaire/`: the ESS list and the approvals, as the directory holds them."""
    edition = edition_of(request, pk)
    try:
        services.take_from_directory(Actor.of(request.reader), request.reader, edition=edition)
    except UserError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request, _("La liste de l’ESS et les agréments de l’annuaire sont pris tels qu’ils sont aujourd’hui.")
        )
    return redirect("panorama:edition_sources", pk=edition.pk)


@require_POST
def source_choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/sources/choisir/`: one more of the files at hand, or one less."""
    edition = edition_of(request, pk)
    asked = request.POST.get("add", "") or request.POST.get("leave", "")
    source = _source(asked)
    chosen = [one for one in edition.sources.all() if one.pk != source.pk]
    try:
        services.choose(
            Actor.of(request.reader), request.reader, edition, [*chosen, source] if "add" in request.POST else chosen
        )
    except UserError as refused:
        messages.error(request, refused.message)
    return redirect("panorama:edition_sources", pk=edition.pk)


def source(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/sources/<id>/`: what was understood of a file, and what a person says of it."""
    found = _source(str(pk))
    form = SourceForm(request.POST or None, initial=source_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.describe(Actor.of(request.reader), request.reader, found, form.described)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect(next_page(request, request.path))
    known = indicators()
    users = list(found.editions.order_by("-made_at", "id")[: queries.MOST])
    context = {
        "source": found,
        "understood": understood(found),
        "form": form,
        "forbids": [known[code].name_fr for code in found.forbids if code in known],
        "users": users,
        "is_frozen": any(one.state in EditionState.public() for one in users),
        "trail": [*trail_to(), *([(users[0].title, f"{_address(users[0])}")] if users else [])],
        "here": found.title,
    }
    return render(request, "panorama/workbench/source.html", context, status=422 if form.errors else 200)


@require_POST
def source_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/sources/<id>/relire/`: fetched or read anew."""
    found = _source(str(pk))
    try:
        services.read_again(Actor.of(request.reader), request.reader, found)
    except UserError as refused:
        messages.error(request, refused.message)
    return redirect("panorama:source", pk=found.pk)


@require_POST
def source_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/sources/<id>/retirer/`: the source and its file go."""
    found = _source(str(pk))
    try:
        services.remove(Actor.of(request.reader), request.reader, found)
    except UserError as refused:
        messages.error(request, refused.message)
        return redirect("panorama:source", pk=found.pk)
    messages.success(request, _("Le fichier est retiré."))
    return redirect("panorama:workbench")


def _address(edition: Edition) -> str:
    return trail_to(edition)[-1][1]


def _source(pk: str) -> Source:
    try:
        found = Source.objects.filter(pk=UUID(pk)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotVisible(_("Ce fichier n’existe pas, ou n’existe plus."))
    return found
