"""The pages that no room owns: home, errors, the empty page, health."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .health import state
from .home import declared, verbs_for, waiting_for


def home(request: HttpRequest) -> HttpResponse:
    """The home page: for a signed-in person what waits and three verbs, then each room's sections."""
    reader = request.reader
    sections = []
    for section in sorted(declared.sections, key=lambda section: section.order):
        filled = section.context(request)
        if filled is not None:
            sections.append({"template": section.template, "filled": filled})
    context: dict[str, Any] = {"sections": sections}
    if reader.is_signed_in:
        context |= {"waiting": waiting_for(reader), "verbs": verbs_for(reader)}
    return render(request, "kernel/home.html", context)


def empty(request: HttpRequest) -> HttpResponse:
    """`/-/vide`: the base page with nothing in it, the measure of every benchmark; the reader is loaded."""
    bool(request.reader.is_signed_in)
    return render(request, "kernel/empty_page.html")


def health(request: HttpRequest) -> JsonResponse:
    """`/-/sante`: 200 when the database answers; nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """`/-/pret`: 200 when pages can be served, 503 when not; what is late is said, and refuses nobody."""
    found = state()
    return JsonResponse(found, status=200 if found["database"] == "ok" else 503)


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (RGAA 4.1.2; loi 2005-102 art. 47)."""
    return render(request, "kernel/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, in plain words."""
    return render(request, "kernel/privacy.html")


def legal(request: HttpRequest) -> HttpResponse:
    """Who publishes the site, its licence and its sources."""
    return render(request, "kernel/legal.html")


def explain(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """An error page in the site's own language: what happened, what to try."""
    told = status if status in (400, 403, 404, 410) else 400
    return render(request, f"{told}.html", {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read."""
    return explain(request, 400, _("Ce qui a été envoyé n’a pas pu être lu."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, the failed CSRF check included."""
    return explain(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return explain(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without any context, since anything may be broken."""
    return render(None, "500.html", status=500)
