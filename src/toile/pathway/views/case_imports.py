"""Taking up the files of a door from a spreadsheet: give it, say what its columns hold, read what became of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.pathway.forms.case_imports import CaseFileForm, ColumnsForm
from toile.pathway.models import CaseImport
from toile.pathway.queries.case_imports import import_for, imports_of, is_under_way
from toile.pathway.queries.cases import doors_of
from toile.pathway.services import case_imports as services
from toile.pathway.views.cases import TRAIL

TRAIL_IMPORTS = [*TRAIL, (gettext_lazy("Reprendre un tableur"), reverse_lazy("pathway:case_imports"))]
SHOWN = 200


def imports(request: HttpRequest) -> HttpResponse:
    """`/parcours/reprendre/`: the spreadsheets of one's doors."""
    return render(request, "pathway/planning/imports.html", {"imports": imports_of(request.reader), "trail": TRAIL})


def new(request: HttpRequest) -> HttpResponse:
    """`/parcours/reprendre/nouveau/`: give a spreadsheet; nothing is written yet."""
    doors = doors_of(request.reader)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CaseFileForm(*given, doors=doors)
    if form.is_valid():
        door = next(door for door in doors if str(door.pk) == form.cleaned_data["door"])
        try:
            found = services.receive(
                Actor.of(request.reader), request.reader, door, form.cleaned_data["kind"], form.cleaned_data["file"]
            )
        except UserError as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("pathway:case_import_columns", pk=found.pk)
    context = {"form": form, "trail": TRAIL_IMPORTS}
    return render(request, "pathway/planning/import_new.html", context, status=422 if form.errors else 200)


def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/reprendre/<id>/colonnes/`: what each column holds, guessed, corrected, then imported."""
    found = import_for(request.reader, pk)
    if found.state != CaseImport.State.RECEIVED or not found.path:
        return redirect("pathway:case_import", pk=found.pk)
    names, samples, guessed, notes = services.columns_of(found)
    given = request.POST if request.method == "POST" else None
    form = ColumnsForm(given, kind=found.kind, columns=names, guessed=guessed)
    if form.is_valid():
        try:
            services.start(Actor.of(request.reader), request.reader, found, form.chosen)
        except Conflict:
            return redirect("pathway:case_import", pk=found.pk)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("pathway:case_import", pk=found.pk)
    context = {
        "found": found,
        "form": form,
        "lines": [(*line, sample) for line, sample in zip(form.lines, samples, strict=True)],
        "notes": notes,
        "trail": TRAIL_IMPORTS,
    }
    return render(request, "pathway/planning/import_columns.html", context, status=422 if form.errors else 200)


def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/reprendre/<id>/`: progress, then what became of the rows, what is unknown, what was refused."""
    found = import_for(request.reader, pk)
    if found.state == CaseImport.State.RECEIVED and found.path:
        return redirect("pathway:case_import_columns", pk=found.pk)
    counts = found.report.get("counts", {})
    told = [
        (_("reprises"), counts.get("created", 0)),
        (_("déjà là, inchangées"), counts.get("unchanged", 0)),
        (_("déjà là, changées depuis dans le tableur : laissées telles quelles ici"), counts.get("changed", 0)),
        (_("refusées"), counts.get("refused", 0)),
    ]
    context = {
        "found": found,
        "told": told,
        "is_running": found.state == CaseImport.State.RUNNING and is_under_way(found),
        "refused": found.report.get("refused", [])[:SHOWN],
        "doubts": found.report.get("doubts", [])[:SHOWN],
        "list_url": reverse("pathway:cases" if found.kind == "cases" else "pathway:followed_list"),
        "trail": TRAIL_IMPORTS,
    }
    return render(request, "pathway/planning/import_report.html", context)
