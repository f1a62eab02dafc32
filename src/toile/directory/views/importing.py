"""Importing a spreadsheet from the site: send, correct the mapping, watch, read what was refused."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from toile.directory import runs
from toile.directory.forms import MappingForm, UploadForm
from toile.directory.models import ImportRun
from toile.directory.models.imports import RunState
from toile.directory.queries.imports import latest_runs, sources_known, why_stopped
from toile.directory.rules.mapping import Mapping, mapping_of
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError

SHOWN_SAMPLE = 3


def imports(request: HttpRequest) -> HttpResponse:
    """`/annuaire/importer/`: the last imports and what each source holds."""
    return render(request, "directory/imports.html", {"runs": latest_runs(), "sources": sources_known()})


def import_new(request: HttpRequest) -> HttpResponse:
    """`/annuaire/importer/nouveau/`: send a file; it is read, nothing is written."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.receive(Actor.of(request.reader), request.reader, form.cleaned_data["file"])
        except UserError as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("directory:import_mapping", run=run.pk)
    return render(request, "directory/import_new.html", {"form": form}, status=422 if form.errors else 200)


def import_mapping(request: HttpRequest, run: UUID) -> HttpResponse:
    """`/annuaire/importer/<id>/colonnes/`: what each column holds, guessed, corrected, then imported."""
    found = get_object_or_404(ImportRun, pk=run)
    if found.state != RunState.UPLOADED:
        return redirect("directory:import_report", run=found.pk)
    columns, rows, guessed, notes = runs.columns_of(found)
    form = MappingForm(request.POST or None, columns=columns, guessed=guessed.by_column())
    if request.method == "POST" and form.is_valid():
        chosen = {column: form.cleaned_data[name] for column, name in form.column_fields if form.cleaned_data[name]}
        try:
            runs.start(
                Actor.of(request.reader),
                request.reader,
                found,
                mapping_of(chosen, columns),
                perimeter=form.cleaned_data["perimetre"],
                all_ess=form.cleaned_data["all_ess"],
            )
        except Conflict:
            return redirect("directory:import_report", run=found.pk)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("directory:import_report", run=found.pk)
    lines = [
        {
            "column": column,
            "bound": form[name],
            "why": _why(guessed, column),
            "sample": [row.get(column, "") for row in rows if row.get(column)][:SHOWN_SAMPLE],
        }
        for column, name in form.column_fields
    ]
    context = {"run": found, "form": form, "lines": lines, "notes": notes, "left_out": guessed.notes}
    return render(request, "directory/import_mapping.html", context, status=422 if form.errors else 200)


def _why(guessed: Mapping, column: str) -> str:
    return next((mapped.why_fr for mapped in guessed.fields.values() if column in mapped.columns), "")


def import_report(request: HttpRequest, run: UUID) -> HttpResponse:
    """`/annuaire/importer/<id>/`: progress while it runs, then the counts and each refused row."""
    found = get_object_or_404(ImportRun, pk=run)
    if found.state == RunState.UPLOADED:
        return redirect("directory:import_mapping", run=found.pk)
    report, stopped = found.report or {}, why_stopped(found)
    rows = [
        (_("lues"), report.get("read")),
        (_("créées"), report.get("created")),
        (_("mises à jour"), report.get("updated")),
        (_("inchangées"), report.get("unchanged")),
        (_("à vérifier"), report.get("to_check")),
        (_("hors périmètre"), report.get("outside")),
        (_("refusées"), report.get("refused_count")),
    ]
    context = {
        "run": found,
        "report": report,
        "rows": rows,
        "refused": report.get("refused", [])[:200],
        "checks": report.get("checks", [])[:200],
        "is_running": found.state == RunState.RUNNING and not stopped,
        "stopped": stopped,
    }
    return render(request, "directory/import_report.html", context)


def import_report_json(request: HttpRequest, run: UUID) -> JsonResponse:
    """The whole report, every refused row included."""
    found = get_object_or_404(ImportRun, pk=run)
    response = JsonResponse(found.report or {}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="import-{found.pk}.json"'
    return response
