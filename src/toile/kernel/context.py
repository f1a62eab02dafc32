"""What every page shows around its main part: menu, footer, reader, the territory's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .home import declared, navigation_for, person_menu_for
from .readers import VISITOR

_territory_name: list[Callable[[], str]] = []


def names_the_territory(source: Callable[[], str]) -> Callable[[], str]:
    """Register the function that gives the territory's name (the room `territory` does)."""
    _territory_name[:] = [source]
    return source


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of the base template."""
    return {
        "reader": getattr(request, "reader", VISITOR),
        "navigation": SimpleLazyObject(lambda: navigation_for(request)),
        "person_menu": SimpleLazyObject(lambda: person_menu_for(request)),
        "footer": [(title, [(label, url()) for label, url in links]) for title, links in declared.footer.items()],
        "territory_name": SimpleLazyObject(lambda: _territory_name[0]() if _territory_name else ""),
        "demo": settings.DEMO,
        "site_name": settings.TOILE_SITE_NAME,
        "publisher": settings.TOILE_PUBLISHER,
        "contact": settings.TOILE_CONTACT,
        "source_url": settings.TOILE_SOURCE_URL,
    }
