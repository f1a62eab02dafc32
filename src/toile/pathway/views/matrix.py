"""The public page of the matrix: which need, at which stage, who helps, and what nobody does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from toile.kernel.permissions import holds
from toile.pathway.permissions.cases import STEER
from toile.pathway.queries import matrix as queries
from toile.pathway.queries.next_steps import count_without_next_step
from toile.pathway.views.cases import TRAIL


def matrix(request: HttpRequest) -> HttpResponse:
    """`/parcours/besoins/`: heading × stage × need × who helps; the holes; for the team, what files met."""
    today = timezone.localdate()
    team = request.reader.is_signed_in and holds(request.reader, STEER.code)
    context = {
        "shown": queries.shown(today, team=team),
        "team": team,
        "today": today,
        "stopped": count_without_next_step(today) if team else None,
        "trail": TRAIL,
    }
    return render(request, "pathway/orientation/matrix.html", context)
