"""A map as HTML: the same drawing is rendered once by each process, since it holds nothing of who reads it."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .queries import ListMap, MapDrawing


def map_html(drawing: MapDrawing) -> SafeString:
    """What `territory/map.html` makes of a drawing."""
    return _rendered("territory/map.html", drawing, get_language())


def list_map_html(drawing: ListMap) -> SafeString:
    """What `territory/list_map.html` makes of a drawing."""
    return _rendered("territory/list_map.html", drawing, get_language())


@lru_cache(maxsize=64)
def _rendered(template: str, drawing: MapDrawing | ListMap, language: str | None) -> SafeString:
    return render_to_string(template, {"map": drawing})
