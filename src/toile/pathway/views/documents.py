"""The files of a case: listed, added, read, removed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.pathway.forms.stages import DocumentForm
from toile.pathway.models import Case, Document
from toile.pathway.queries.people import names_of
from toile.pathway.queries.stages import documents_of
from toile.pathway.services import documents as services
from toile.pathway.views.cases import TRAIL, shown
from toile.pathway.views.stages import walked


def documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/documents/`: what is kept with the case, and one more."""
    case = walked(request, pk)
    form, status = DocumentForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                services.add_document(Actor.of(request.reader), request.reader, case, said["file"], said["title"])
            except UserError as refused:
                form.add_error("file", refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, _("Le document est dans le dossier."))
                return redirect("pathway:documents", pk=case.pk)
    kept = documents_of(case)
    names = names_of({one.added_by for one in kept if one.added_by})
    context = shown(request.reader, case, "pathway:documents") | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "documents": [(one, names.get(one.added_by, "")) for one in kept],
        "form": form,
        "is_open": case.state == "open",
    }
    return render(request, "pathway/stages/documents.html", context, status=status)


@require_safe
def document(request: HttpRequest, pk: UUID, document: UUID) -> FileResponse:
    """`/parcours/dossiers/<id>/documents/<id>/`: the file itself, never opened by the browser as a page."""
    case = walked(request, pk)
    found = _of(case, document)
    response = FileResponse(
        services.open_document(found).open("rb"),
        as_attachment=True,
        filename=found.filename,
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def document_remove(request: HttpRequest, pk: UUID, document: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/documents/<id>/retirer/`: take a file away."""
    case = walked(request, pk)
    services.remove_document(Actor.of(request.reader), request.reader, _of(case, document))
    messages.success(request, _("Le document est retiré du dossier."))
    return redirect("pathway:documents", pk=case.pk)


def _of(case: Case, document: UUID) -> Document:
    found = Document.objects.filter(case=case, pk=document).first()
    if found is None:
        raise NotVisible(_("Ce document n’est pas, ou plus, dans ce dossier."))
    found.case = case
    return found
