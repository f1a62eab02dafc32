"""Reporting an error on a page, and the moderators' queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.directory import services
from toile.directory.forms_page import ReportForm, TreatForm
from toile.directory.models.reports import ReportState, Subject
from toile.directory.permissions import READ, TREAT
from toile.directory.queries.reports import queue, reports_for
from toile.directory.rules.hours import hours_fr
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for
from toile.kernel.throttle import who_asks

from .structures import moved_to, structure_of


def report(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/signaler/`: anybody says what is wrong, without an account."""
    found = structure_of(request, pk, to=READ.code)
    if request.method == "GET" and (moved := moved_to(request, found)):
        return moved
    form = ReportForm(request.POST or None, sender=who_asks(request))
    if request.method == "POST" and form.is_valid():
        services.report_error(
            Actor.of(request.reader),
            found,
            subject=Subject(form.cleaned_data["subject"]),
            words=form.cleaned_data["words"],
            email=form.cleaned_data["email"],
        )
        return redirect("directory:report_received", pk=found.canonical_id)
    context = {"organisation": found, "form": form}
    return render(request, "directory/report.html", context, status=422 if form.errors else 200)


def report_received(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/signaler/recu/`: what comes next."""
    return render(request, "directory/report_received.html", {"organisation": structure_of(request, pk, to=READ.code)})


def reports(request: HttpRequest) -> HttpResponse:
    """`/annuaire/signalements/`: what waits, the oldest first; `?etat=clos` what was treated."""
    closed = request.GET.get("etat") == "clos"
    context = {"queue": queue(request.reader, closed=closed, page=request.GET.get("page")), "closed": closed}
    return render(request, "directory/reports.html", context)


def report_treat(request: HttpRequest, report: UUID) -> HttpResponse:
    """`/annuaire/signalements/<id>/`: what was reported beside what the page says; mended, or no further."""
    found = get_for(request.reader, reports_for(request.reader), to=TREAT.code, pk=report)
    form = TreatForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.close_report(
                Actor.of(request.reader),
                request.reader,
                found,
                state=ReportState(form.cleaned_data["state"]),
                answer=form.cleaned_data["answer"],
                url=request.build_absolute_uri(found.organisation.get_absolute_url()),
            )
        except Conflict as conflict:
            found.refresh_from_db()
            form.add_error(None, conflict.message)
            status = 200 if request.htmx else 409
        else:
            messages.success(request, _("C’est fait. Voici le suivant."))
            return redirect(next_page(request, reverse("directory:reports")))
    place = found.organisation.main
    context = {
        "report": found,
        "organisation": found.organisation,
        "place": place,
        "hours": hours_fr(place.opening_hours) if place else [],
        "form": form,
    }
    return render(request, "directory/report_treat.html", context, status=status)
