"""The « Suivre » button that a room puts on the page of a thing: what its template needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url

from .notices import is_followed


def follow_block(request: HttpRequest, subject: UUID, same: Collection[UUID] = ()) -> dict[str, Any]:
    """What `thread/follow.html` takes as `follow`. same: the thing's other identities.

    1 query; none for a visitor, who is led to sign in.
    """
    back = request.get_full_path()
    if not request.reader.is_signed_in:
        return {"login": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"}
    return {
        "login": "",
        "subject": subject,
        "followed": is_followed(request.reader, {subject, *same}),
        "back": back,
    }
