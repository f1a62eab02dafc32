"""A map as HTML: the same drawing is rendered once by each process, since it holds nothing of who reads it."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .queries import MapDrawing


def map_html(drawing: MapDrawing) -> SafeString:
    """What `territory/map.html` makes of a drawing."""
    return _rendered(drawing, get_language())


@lru_cache(maxsize=64)
def _rendered(drawing: MapDrawing, language: str | None) -> SafeString:
    return render_to_string("territory/map.html", {"map": drawing})
