"""The procedure's versions: what each changes, whether it holds, put in force by a person; exported as its file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.pathway.forms.reception import ForceForm, ProcedureForm
from toile.pathway.models import ProcedureVersion
from toile.pathway.queries.procedures import in_force, procedure_in, running, version_for, versions
from toile.pathway.queries.reception import initiations
from toile.pathway.rules.upgrading import changes
from toile.pathway.services import procedures as services
from toile.pathway.views.cases import TRAIL, given_by

KINDS = {
    "added": gettext_lazy("nouvelle question"),
    "removed": gettext_lazy("question retirée"),
    "reworded": gettext_lazy("posée autrement"),
    "reshaped": gettext_lazy("autre réponse"),
    "moved": gettext_lazy("déplacée"),
}


def procedures(request: HttpRequest) -> HttpResponse:
    """`/parcours/procedure/`: the version in force, those before, those to try; a file to propose."""
    form = ProcedureForm(given_by(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose(Actor.of(request.reader), request.reader, form.cleaned_data["file"])
        except UserError as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("pathway:procedure", pk=made.pk)
    current = in_force()
    context = {
        "trail": TRAIL,
        "versions": versions(),
        "running": running(),
        "current": current,
        "initiations": initiations(current) if current else [],
        "form": form,
    }
    return render(request, "pathway/reception/procedures.html", context, status=422 if form.errors else 200)


def procedure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/procedure/<id>/`: what this version asks, what it changes against the one in force, its faults."""
    return _page(request, version_for(pk), ForceForm())


@require_POST
def force(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/procedure/<id>/vigueur/`: new cases begin under it, at every door at once."""
    version = version_for(pk)
    form = ForceForm(request.POST)
    if form.is_valid():
        try:
            services.put_in_force(Actor.of(request.reader), request.reader, version, form.cleaned_data["reason"])
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(
                request,
                _("La version %(number)s est en vigueur à toutes les portes. Les dossiers commencés gardent la leur.")
                % {"number": version.version},
            )
            return redirect("pathway:procedures")
    return _page(request, version, form, 422)


def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/procedure/<id>.toml`: the file, to change it or to carry it to another territory."""
    version = version_for(pk)
    return _file(version.text, version.code, version.version)


def running_file(request: HttpRequest) -> HttpResponse:
    """`/parcours/procedure.toml`: the procedure of every door today, for anybody."""
    now = running()
    return _file(now.text, now.code, now.version)


def _file(text: str, code: str, version: int) -> HttpResponse:
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-v{version}.toml"'
    return response


def _page(request: HttpRequest, version: ProcedureVersion, form: ForceForm, status: int = 200) -> HttpResponse:
    asked, now = procedure_in(version), running()
    is_running = version.state == ProcedureVersion.State.IN_FORCE
    told = () if is_running else changes(now, asked)
    context = {
        "trail": [*TRAIL, (_("La procédure"), reverse("pathway:procedures"))],
        "version": version,
        "procedure": asked,
        "sections": [
            (asked.said(section.title), [(q, asked.said(q.wording)) for q in asked.of_section(section.code)])
            for section in asked.sections
        ],
        "changes": [(one, KINDS[one.kind]) for one in told],
        "is_running": is_running,
        "faults": services.faults_of(asked),
        "origin": asked.said(asked.origin),
        "form": form,
    }
    return render(request, "pathway/reception/procedure.html", context, status=status)
