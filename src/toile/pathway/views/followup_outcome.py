"""What came of the firms followed, beside what is published of firms of that age."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from toile.kernel.charts.told import told as told_figure
from toile.kernel.permissions import holds, require
from toile.pathway.permissions.cases import ACCOMPANY
from toile.pathway.permissions.followup import OUTCOME_READ
from toile.pathway.queries.outcomes import told
from toile.pathway.rules.outcome import limits
from toile.pathway.views.cases import TRAIL
from toile.pathway.views.followup import TRAIL_FOLLOWUP


def outcome(request: HttpRequest) -> HttpResponse:
    """`/parcours/suivi/resultats/`: counts, a curve where they are enough, published references, a plain warning."""
    require(request.reader, OUTCOME_READ.code)
    found = told(request.reader, timezone.localdate())
    context = {
        "told": found,
        "beside": [(one.years, told_figure(one.figure), one.figure) for one in found.beside],
        "panorama_simulated": any(one.figure.simulated for one in found.beside),
        "chart": found.chart.html() if found.chart else "",
        "limits": limits(),
        # The team reads counts and follows nobody: the follow-up's own pages are not theirs.
        "trail": TRAIL_FOLLOWUP if holds(request.reader, ACCOMPANY.code) else TRAIL,
    }
    return render(request, "pathway/followup/outcome.html", context)
