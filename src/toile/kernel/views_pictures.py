"""The page of a picture's file: public to who was shown its address, never under a name that somebody gave it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .errors import NotVisible
from .pictures import Picture
from .pictures.keeping import path_of


@require_safe
def picture(request: HttpRequest, pk: UUID, width: int) -> HttpResponse:
    """One width of a picture. Its bytes never change under this address: kept for a year wherever it passes."""
    found = Picture.objects.filter(pk=pk).first()
    if found is None or width not in found.widths:
        raise NotVisible(_("Cette image n’existe pas, ou n’existe plus."))
    try:
        content = path_of(found.sha256, width).read_bytes()
    except FileNotFoundError:
        raise NotVisible(_("Cette image n’existe pas, ou n’existe plus.")) from None
    return HttpResponse(
        content,
        content_type="image/webp",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
