"""The words of an edition: title, introduction, erratum, notes; two officers who write at once lose nothing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.panorama.forms import NoteForm, WordsForm, words_initial
from toile.panorama.models import Edition, EditionState, Note
from toile.panorama.queries import workbench as queries
from toile.panorama.queries.figures import indicators_of
from toile.panorama.services import words as services
from toile.panorama.services.changing import SavedSince
from toile.panorama.views.workbench import edition_of, trail_to
from toile.territory.queries import commune_names


def edition_words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/textes/`: 409 with what somebody saved meanwhile, and what was typed."""
    edition = edition_of(request, pk)
    if edition.state in EditionState.public():
        return redirect("panorama:edition_work", pk=edition.pk)
    form = WordsForm(request.POST or None, initial=words_initial(edition), edition=edition)
    status, now = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            actor, revision = Actor.of(request.reader), form.cleaned_data["revision"]
            try:
                services.write_words(actor, request.reader, edition, form.words, revision=revision)
            except SavedSince as conflict:
                edition.refresh_from_db()
                typed = request.POST.copy()
                typed["revision"] = str(edition.revision)
                form, now, status = WordsForm(typed, edition=edition), edition, 409
                form.add_error(None, conflict.message)
            except UserError as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, _("Les textes sont enregistrés."))
                return redirect("panorama:edition_work", pk=edition.pk)
    context = {
        "edition": edition,
        "form": form,
        "now": now,
        "trail": trail_to(edition),
        "here": _("Titre et introduction"),
    }
    return render(request, "panorama/workbench/words.html", context, status=status)


def edition_notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/notes/`: those written, and a new one."""
    edition = edition_of(request, pk)
    first = {"revision": 0, "indicator": request.GET.get("indicateur", ""), "commune": request.GET.get("commune", "")}
    form = _note_form(request, edition, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.add_note(
                Actor.of(request.reader),
                request.reader,
                edition,
                text=said["text"],
                indicator=said["indicator"],
                commune=said["commune"],
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("La note est ajoutée."))
            return redirect("panorama:edition_notes", pk=edition.pk)
    context = {
        "edition": edition,
        "form": form,
        "notes": queries.notes_of(edition),
        "is_public": edition.state in EditionState.public(),
        "trail": trail_to(edition),
        "here": _("Notes"),
    }
    return render(request, "panorama/workbench/notes.html", context, status=422 if form.errors else 200)


def edition_note(request: HttpRequest, pk: UUID, note: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/notes/<note>/`: one note written otherwise; 409 as for the introduction."""
    edition = edition_of(request, pk)
    found = _note(edition, note)
    form = _note_form(request, edition, note=found, initial={"revision": found.revision, "text": found.text})
    status, now = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            actor = Actor.of(request.reader)
            try:
                services.change_note(actor, request.reader, found, text=said["text"], revision=said["revision"])
            except SavedSince as conflict:
                found.refresh_from_db()
                typed = request.POST.copy()
                typed["revision"] = str(found.revision)
                form, now, status = NoteForm(typed, codes=[], communes=[], note=found), found, 409
                form.add_error(None, conflict.message)
            except UserError as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, _("La note est enregistrée."))
                return redirect("panorama:edition_notes", pk=edition.pk)
    context = {"edition": edition, "note": found, "form": form, "now": now}
    context |= {"trail": trail_to(edition), "here": _("Modifier une note")}
    return render(request, "panorama/workbench/note.html", context, status=status)


@require_POST
def note_remove(request: HttpRequest, pk: UUID, note: UUID) -> HttpResponse:
    """`/panorama/atelier/<id>/notes/<note>/retirer/`: the note goes."""
    edition = edition_of(request, pk)
    try:
        services.remove_note(Actor.of(request.reader), request.reader, _note(edition, note))
        messages.success(request, _("La note est retirée."))
    except UserError as refused:
        messages.error(request, refused.message)
    return redirect("panorama:edition_notes", pk=edition.pk)


def _note_form(request: HttpRequest, edition: Edition, **given: object) -> NoteForm:
    held = edition.values.order_by().exclude(commune="").values_list("commune", flat=True).distinct()
    communes = sorted(commune_names(sorted(held)).items(), key=lambda one: one[1])
    return NoteForm(request.POST or None, codes=indicators_of(edition), communes=communes, **given)


def _note(edition: Edition, pk: UUID) -> Note:
    found = edition.notes.filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette note n’existe plus."))
    return found
