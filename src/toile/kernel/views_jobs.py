"""The pages of long work: the list for administrators, and one job for who asked for it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from .jobs import queries, queue
from .models import Job
from .permissions import get_for, holds

STOPS_POLLING = 286


class JobsForm(forms.Form):
    """Which jobs to list."""

    state = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("Tous")), *Job.State.choices]
    )


def jobs(request: HttpRequest) -> HttpResponse:
    """Every job, the latest first."""
    form = JobsForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(queries.jobs_for(request.reader, state), 50).get_page(request.GET.get("page"))
    return render(request, "kernel/jobs.html", {"form": form, "page": page})


def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One job and how far it is; asked again by htmx until it ends, or by reloading the page."""
    found = get_for(request.reader, Job.objects, to="kernel.job.read", pk=pk)
    sees_all = holds(request.reader, "kernel.technical.read")
    context = {
        "job": found,
        "trail": [(_("Travaux"), reverse("kernel:jobs"))] if sees_all else None,
        "may_run_again": found.may_run_again and holds(request.reader, "kernel.job.run_again"),
    }
    if not request.htmx:
        return render(request, "kernel/job.html", context)
    return render(request, "kernel/job_state.html", context, status=200 if found.is_active else STOPS_POLLING)


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Run an ended job again."""
    found = get_for(request.reader, Job.objects, to="kernel.job.run_again", pk=pk)
    queue.run_again(request.reader, found)
    messages.success(request, _("Le travail est relancé."))
    return redirect(found)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a job."""
    found = get_for(request.reader, Job.objects, to="kernel.job.cancel", pk=pk)
    queue.cancel(request.reader, found)
    messages.success(request, _("L’arrêt est demandé. Ce qui est déjà écrit reste."))
    return redirect(found)
