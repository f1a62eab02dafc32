"""The photos of a structure's page, for its people and the team: added, put in order, described, taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory.forms_photos import PhotoForm, PhotoWordsForm
from toile.directory.models import Organisation, Photo
from toile.directory.models.photos import MOST
from toile.directory.permissions import PHOTOS
from toile.directory.queries.photos import photos_of
from toile.directory.services import photos as services
from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError

from .structures import moved_to, structure_of


def photos(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/photos/`: those that are there, in order, and one to add."""
    organisation = structure_of(request, pk, to=PHOTOS.code)
    if request.method == "GET" and (moved := moved_to(request, organisation)):
        return moved
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PhotoForm(*sent)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services.add_photo(
                Actor.of(request.reader),
                request.reader,
                organisation,
                told["picture"],
                alt=told["alt"],
                credit=told["credit"],
                people_agreed=told["people_agreed"],
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("La photo est sur la fiche."))
            return redirect("directory:photos", pk=organisation.pk)
    shown = photos_of(organisation.canonical_id)
    context = {"organisation": organisation, "photos": shown, "form": form, "most": MOST, "full": len(shown) >= MOST}
    return render(request, "directory/photos.html", context, status=422 if form.errors else 200)


def photo(request: HttpRequest, pk: object, photo: UUID) -> HttpResponse:
    """`/annuaire/<id>/photos/<photo>/`: what it shows and who took it."""
    organisation, found = _found(request, pk, photo)
    words = {"alt": found.picture.alt, "decorative": not found.picture.alt, "credit": found.credit}
    form = PhotoWordsForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        services.describe_photo(Actor.of(request.reader), request.reader, found, alt=told["alt"], credit=told["credit"])
        messages.success(request, _("C’est enregistré."))
        return redirect("directory:photos", pk=organisation.canonical_id)
    context = {"organisation": organisation, "photo": found, "form": form}
    return render(request, "directory/photo.html", context, status=422 if form.errors else 200)


@require_POST
def photo_move(request: HttpRequest, pk: object, photo: UUID) -> HttpResponse:
    """`/annuaire/<id>/photos/<photo>/deplacer/`: one place earlier or later."""
    organisation, found = _found(request, pk, photo)
    earlier = request.POST.get("vers") == "avant"
    services.move_photo(Actor.of(request.reader), request.reader, found, earlier=earlier)
    return redirect("directory:photos", pk=organisation.canonical_id)


def photo_remove(request: HttpRequest, pk: object, photo: UUID) -> HttpResponse:
    """`/annuaire/<id>/photos/<photo>/retirer/`: asked once, then gone."""
    organisation, found = _found(request, pk, photo)
    if request.method == "POST":
        services.remove_photo(Actor.of(request.reader), request.reader, found)
        messages.success(request, _("La photo n’est plus sur la fiche."))
        return redirect("directory:photos", pk=organisation.canonical_id)
    return render(request, "directory/photo_remove.html", {"organisation": organisation, "photo": found})


def _found(request: HttpRequest, pk: object, photo: UUID) -> tuple[Organisation, Photo]:
    """The structure and one of its photos, on whichever of its organisations it was put."""
    organisation = structure_of(request, pk, to=PHOTOS.code)
    photos = Photo.objects.filter(organisation__canonical=organisation.canonical_id)
    found = photos.select_related("picture", "organisation").filter(pk=photo).first()
    if found is None:
        raise NotVisible(_("Cette photo n’est plus sur la fiche."))
    return organisation, found
