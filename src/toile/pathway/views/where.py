"""« Où en est mon projet »: the holder's page, by their link or their account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toile.kernel.readers import Reader
from toile.pathway.models import Case, CaseState
from toile.pathway.queries.cases import case_for, works_here
from toile.pathway.queries.people import is_holder
from toile.pathway.queries.referrals import referrals_of
from toile.pathway.queries.where import where
from toile.pathway.services.links import case_of
from toile.pathway.views.cases import TRAIL
from toile.pathway.views.referrals import secret
from toile.pathway.views.stages import told


@require_safe
@secret
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/mon-projet/<token>/suivi/`: where it stands, without an account."""
    return _page(request, case_of(token))


@require_safe
def mine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/suivi/`: the same for who carries it and has an account; others go to the case."""
    found = case_for(request.reader, pk)
    if not is_holder(request.reader, found):
        return redirect("pathway:case", pk=found.pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Case) -> HttpResponse:
    context = {"where": where(found, timezone.localdate()), "case": found, "states": CaseState, "trail": TRAIL}
    return render(request, "pathway/orientation/where.html", context | told(found))


def panel(reader: Reader, case: Case) -> dict[str, Any] | None:
    """On the case's first page: where its requests to partners are. 1 query."""
    if not (works_here(reader, case) or is_holder(reader, case)):
        return None
    return {"referrals": referrals_of(case), "case": case, "here": works_here(reader, case)}
