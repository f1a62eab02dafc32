"""The front of the room, and the first page of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader
from toile.kernel.seen import seen
from toile.pathway.blocks import blocks
from toile.pathway.models import Case, Door
from toile.pathway.panels import panels_of
from toile.pathway.permissions.cases import READ
from toile.pathway.queries.cases import case_for, works_here
from toile.pathway.tabs import tabs_of

TRAIL = [(_("Parcours"), reverse_lazy("pathway:home"))]


def home(request: HttpRequest) -> HttpResponse:
    """`/parcours/`: begin, find one's door, see who helps with what."""
    return render(
        request,
        "pathway/home.html",
        {"doors": list(Door.objects.active().select_related("organisation")), "blocks": blocks()},
    )


def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/`: where this case stands, for its holder, its door or a partner."""
    found = opened(request, pk)
    context = shown(request.reader, found, "pathway:case") | {
        "panels": panels_of(request.reader, found),
        "trail": TRAIL,
    }
    return render(request, "pathway/case.html", context)


def opened(request: HttpRequest, pk: UUID) -> Case:
    """The first line of every page of a case: fetched, authorised, and its reading noted for the holder."""
    found = case_for(request.reader, pk)
    seen(request.reader, found.pk, READ.code)
    return found


def shown(reader: Reader, found: Case, current: str) -> dict[str, Any]:
    """What `pathway/case_head.html` needs: the case, its tabs, and whether the reader works at its door."""
    return {"case": found, "tabs": tabs_of(reader, found, current), "here": works_here(reader, found)}


def given_by(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when it was not: an empty sending is one, and is told what is missing."""
    return request.POST if request.method == "POST" else None
