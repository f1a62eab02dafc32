"""What the views of one structure's pages share: finding it, and where it went."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from toile.directory.models import Organisation
from toile.kernel.permissions import get_for


def structure_of(request: HttpRequest, pk: object, *, to: str) -> Organisation:
    """The organisation of this address, its place and its commune, for who may do `to`."""
    found: Organisation = get_for(request.reader, Organisation.objects.select_related("main__commune"), to=to, pk=pk)
    return found


def moved_to(request: HttpRequest, found: Organisation) -> HttpResponse | None:
    """301 to the same page of the structure that shows this organisation; None when it stands for itself.

    Asked again each time: a merge may be taken back.
    """
    if found.canonical_id == found.pk:
        return None
    match = request.resolver_match
    arguments: dict[str, Any] = {**match.kwargs, "pk": found.canonical_id}
    url = reverse(match.view_name, kwargs=arguments)
    return HttpResponsePermanentRedirect(url, headers={"Cache-Control": "no-cache"})
