"""What a form is bound to: what was sent, even empty; nothing while its page is only read."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """The data sent by POST, for `Form(posted(request))`: an empty sending is refused field by field, as any other."""
    return request.POST if request.method == "POST" else None
