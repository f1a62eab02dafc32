"""The territory's thread, and the audit of everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from toile.kernel.seen import seen

from . import queries
from .forms import AuditForm, ThreadForm
from .permissions import AUDIT


def territory(request: HttpRequest) -> HttpResponse:
    """« Le fil du territoire »: what happened, newest first, for this reader."""
    form = ThreadForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    entries = queries.territory_thread(request.reader, before=before)
    more = entries[-1].id if len(entries) == queries.PAGE else None
    return render(request, "thread/territory.html", {"entries": entries, "more": more, "older": before is not None})


def audit_page(request: HttpRequest) -> HttpResponse:
    """Who did what, when, by which way; the sentences hold no name that was erased."""
    form = AuditForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("actor"):
        seen(request.reader, asked["actor"], AUDIT.code)
    entries = queries.audit(request.reader, **asked)
    more = entries[-1].id if len(entries) == queries.AUDIT_PAGE else None
    return render(request, "thread/audit.html", {"form": form, "entries": entries, "more": more})
