"""From the work queue: a row read again, an import dealt with."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory.models import ImportRun
from toile.directory.queries.work import rows_known
from toile.directory.services.settling import settle_import, settle_row
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.next_page import next_page


@require_POST
def row_settle(request: HttpRequest, row: int) -> HttpResponse:
    """`/annuaire/lignes/<id>/relue/`: a person read this row of a source again."""
    found = get_object_or_404(rows_known(request.reader), pk=row)
    try:
        settle_row(Actor.of(request.reader), request.reader, found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        messages.success(request, _("La ligne est relue."))
    return redirect(next_page(request, reverse("directory:imports")))


@require_POST
def import_settle(request: HttpRequest, run: UUID) -> HttpResponse:
    """`/annuaire/importer/<id>/regle/`: what this import refused is dealt with."""
    found = get_object_or_404(ImportRun, pk=run)
    try:
        settle_import(Actor.of(request.reader), request.reader, found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        messages.success(request, _("L’import est réglé."))
    return redirect(next_page(request, reverse("directory:import_report", args=[found.pk])))
