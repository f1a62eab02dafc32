"""« À traiter »: everything that the team should treat, counted, the oldest first, each thing done in place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from .work import Line, WorkItem, lines_for

SHOWN = 10


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """`/a-traiter/`: the kinds with their counts, and the ten oldest of one (`?quoi=`, else the first that waits).

    `place`: where the person was in the list; what stands there now takes the focus. A statement for each kind, and
    those of the chosen one.
    """
    lines = lines_for(request.reader)
    waiting = [line for line in lines if line.counted.count]
    asked = request.GET.get("quoi", "")
    chosen = next((line for line in lines if line.kind.code == asked), waiting[0] if waiting else None)
    items = list(chosen.kind.items(request.reader, SHOWN)) if chosen else []
    place = _place(request, len(items))
    other = next((line for line in waiting if line is not chosen), None)
    blocks = [_block(request, chosen, item, number) for number, item in enumerate(items, start=1)] if chosen else []
    context = {
        "shown": [line for line in lines if line.counted.count or line is chosen],
        "empty": [line.kind.title for line in lines if not line.counted.count and line is not chosen],
        "chosen": chosen,
        "total": sum(line.counted.count for line in lines),
        "other": other,
        "other_url": f"?quoi={other.kind.code}" if other else "",
        "place": place,
        "came_back": "place" in request.GET,
        "items": [{"item": item, "block": block} for item, block in zip(items, blocks, strict=True)],
        "has_keys": any("data-key=" in block for block in blocks),
    }
    return render(request, "kernel/work.html", context)


def _place(request: HttpRequest, count: int) -> int:
    """The place, from 1, that takes the focus; 0 when the person just arrives."""
    asked = request.GET.get("place", "")
    return min(int(asked), count) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def _block(request: HttpRequest, chosen: Line, item: WorkItem, number: int) -> str:
    """What treats one thing in place; its forms come back to what will stand where it stood."""
    if not item.template:
        return ""
    back = f"{reverse('kernel:work')}?quoi={chosen.kind.code}&place={number}#suivant"
    given = {"item": item, "next": back, "csrf_token": get_token(request), "number": number}
    return render_to_string(item.template, item.context | given)
