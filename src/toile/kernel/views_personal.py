"""The pages that say what is kept of people, from the declarations: the public register, and what its durations did."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .jobs.kinds import kinds
from .models import Job
from .personal import BASES, Basis, Holding, holdings
from .retention import NIGHTLY, report, retentions


@require_safe
def treatments(request: HttpRequest) -> HttpResponse:
    """The register of treatments (RGPD, art. 30), one line for each table that holds something of people."""
    lines = sorted(holdings.values(), key=lambda holding: (list(Basis).index(holding.basis), holding.code))
    trail = [(_("Vie privée"), reverse("kernel:privacy"))]
    context = {"trail": trail, "groups": list(_by_basis(lines)), "backup_days": settings.TOILE_BACKUP_DAYS}
    return render(request, "kernel/treatments.html", context)


def _by_basis(lines: Iterable[Holding]) -> Iterable[dict[str, object]]:
    for basis, label in BASES.items():
        found = [holding for holding in lines if holding.basis == basis]
        if found:
            yield {"label": label, "lines": found}


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is over its duration now, and what the last night did; for administrators. A query a line, and one."""
    last = Job.objects.filter(kind=NIGHTLY, state=Job.State.DONE).order_by("-ended_at").first()
    done = (last.cursor or {}) if last else {}
    lines = [
        {
            "what": line.what,
            "kept": line.kept,
            "due": line.due,
            "done": done.get(line.code),
            "by": kinds[retentions[line.code].work].label if retentions[line.code].work != NIGHTLY else "",
        }
        for line in report(None, timezone.now())
    ]
    trail = [(_("Travaux"), reverse("kernel:jobs"))]
    return render(request, "kernel/retention.html", {"lines": lines, "last": last, "trail": trail})
