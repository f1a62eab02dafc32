"""« Vos données »: what is held of oneself, a copy of it, one's agreements, and its erasure."""

from __future__ import annotations

from datetime import datetime

from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError

from . import queries_own_data, services
from .forms import EraseForm
from .services.erasure import ask_for_link, link_is_of, someone


def _trail(*, data: bool = True) -> list[tuple[str, str]]:
    above = [(_("Mon compte"), reverse("accounts:mine"))]
    return [*above, (_("Vos données"), reverse("accounts:own_data"))] if data else above


@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """What is held of the reader, who read it, what they agreed to."""
    one = someone(request.user)
    context = {
        "trail": _trail(data=False),
        "held": queries_own_data.held_of(one),
        "readings": queries_own_data.read_by(request.reader),
        "asked": queries_own_data.consents(one),
    }
    return render(request, "accounts/own_data.html", context)


@require_POST
def export_data(request: HttpRequest, suffix: str) -> HttpResponse:
    """A copy of everything: `json` for programs, `html` to be read; noted in one's own thread, hence a POST."""
    if suffix not in {"json", "html"}:
        raise Http404
    copy = services.export_data(request.reader)
    if suffix == "json":
        answer: HttpResponse = JsonResponse(copy, json_dumps_params={"ensure_ascii": False, "indent": 1})
    else:
        context = {
            "copy": copy,
            "made_at": datetime.fromisoformat(copy["made_at"]),
            "held": queries_own_data.readable(copy),
            "stylesheet": settings.TOILE_URL + static("toile/toile.css"),
        }
        answer = render(request, "accounts/own_data_copy.html", context)
    answer["Content-Disposition"] = f'attachment; filename="{_("vos-donnees")}.{suffix}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """Agree to a purpose, or no longer."""
    if request.POST.get("answer") == "give":
        messages.success(request, services.give_consent(request.reader, code))
    else:
        services.withdraw_consent(request.reader, code)
        messages.success(request, _("Votre accord est retiré, à partir de maintenant."))
    return redirect("accounts:own_data")


@never_cache
@require_safe
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, what it changes for others: before anything is asked."""
    one = someone(request.user)
    context = {
        "trail": _trail(),
        "backup_days": settings.TOILE_BACKUP_DAYS,
        "held": queries_own_data.held_of(one),
        "warnings": queries_own_data.warnings(one),
        "by_mail": not get_reauthentication_flows(request.user),
    }
    return render(request, "accounts/erase.html", context)


@require_POST
def erase_link(request: HttpRequest) -> HttpResponse:
    """Have the confirming link written, for who enters by a code."""
    ask_for_link(request.reader)
    return render(request, "accounts/erase_link.html", {"address": request.user.email, "trail": _trail()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_now(request: HttpRequest) -> HttpResponse:
    """The last page: one's own address, typed again, once it is proved anew that it is oneself."""
    if get_reauthentication_flows(request.user):
        if request.method == "POST" and is_reauthentication_required(request, app="account"):
            return redirect("accounts:erase_now")
        raise_if_reauthentication_required(request, app="account")
    elif not link_is_of(request.user.pk, request.GET.get("cle", "")):
        raise NotVisible(_("Ce lien a été écrit à une autre personne : déconnectez-vous, puis ouvrez le vôtre."))
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.erase(
                Actor.of(request.reader), request.reader, request.user.pk, repeated=form.cleaned_data["address"]
            )
        except UserError as refused:
            form.add_error("address", refused.message)
        else:
            logout(request)
            return redirect("accounts:erased")
    return render(
        request, "accounts/erase_now.html", {"form": form, "trail": _trail()}, status=422 if form.is_bound else 200
    )


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Where one arrives once erased; it says the same to whoever opens it."""
    return render(request, "accounts/erased.html", {"backup_days": settings.TOILE_BACKUP_DAYS})
