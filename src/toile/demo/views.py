"""Entering as a persona."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import services
from .personas import personas


@require_POST
def enter(request: HttpRequest, persona: str) -> HttpResponse:
    """`POST /demo/entrer/<persona>/`: sign in as one of the ten, or out as the visitor, then home."""
    services.enter(request, persona)
    messages.success(request, _("Vous essayez le rôle « %(label)s ».") % {"label": personas()[persona].label})
    return redirect("home")
