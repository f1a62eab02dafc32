"""`/fil/direct/`: what happens, told as it happens (text/event-stream)."""

from __future__ import annotations

from copy import copy
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from toile.kernel.errors import NotVisible
from toile.kernel.throttle import who_asks

from .live.asgi import DOOR
from .live.hub import Full, Listener
from .names import name_all

MOST_FOLLOWED = 20


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Let a listener in; the answer is then held open outside this view, by `live/asgi.py`.

    `about`: subjects to follow (20 at most), else the territory's thread. `Last-Event-ID`, or `depuis`: the last fact
    that the listener has; a number that cannot be read begins now. A subject that this reader cannot name is none.
    """
    followed = _followed(request)
    response = HttpResponse(content_type="text/event-stream; charset=utf-8")
    response["X-Accel-Buffering"] = "no"  # a relay that keeps the words for later would make the stream silent
    door = getattr(request, "scope", {}).get(DOOR)
    if door is None or request.method == "HEAD":
        return response
    listener = Listener(
        session=request.session.session_key if request.reader.is_signed_in else "",
        # The reader itself: the request's is lazy, and would keep the whole request as long as the stream lasts.
        reader=copy(request.reader),
        language=get_language(),
        followed=followed,
        after=_number(request.headers.get("Last-Event-ID") or request.GET.get("depuis", "")),
        network=who_asks(request),
    )
    try:
        door.let_in(listener)
    except Full as full:
        refused = _("Trop de pages suivent le fil en direct. Revenez dans un instant.")
        headers = {"Retry-After": str(full.seconds)}
        return HttpResponse(refused, "text/plain; charset=utf-8", full.status, headers=headers)
    return response


def _followed(request: HttpRequest) -> frozenset[UUID]:
    asked = request.GET.getlist("about")[:MOST_FOLLOWED]
    if not asked:
        return frozenset()
    try:
        subjects = {UUID(text) for text in asked}
    except ValueError:
        subjects = set()
    named = frozenset(subjects & name_all(request.reader, subjects).keys())
    if not named:
        raise NotVisible(_("Il n’y a rien à suivre à cette adresse."))
    return named


def _number(text: str) -> int | None:
    """A fact's number; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
