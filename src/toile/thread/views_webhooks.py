"""Webhooks: the team's pages, and the public one that tells programmers how to be told."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toile.kernel.api import absolute
from toile.kernel.permissions import get_for

from .forms_webhooks import WebhookForm, public_kinds
from .models_webhooks import Webhook
from .names import name_all
from .permissions import MANAGE_WEBHOOKS
from .webhooks import queries, services, signing, verify_example
from .webhooks.schedule import PAUSES
from .webhooks.wording import PROBLEMS

PAGE = 30


def _found(request: HttpRequest, pk: UUID) -> Webhook:
    return get_for(request.reader, Webhook.objects, to=MANAGE_WEBHOOKS.code, pk=pk)


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Webhooks"), reverse("thread:webhooks")), *more]


@never_cache
@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every webhook, and how it fares."""
    return render(request, "thread/webhooks.html", {"webhooks": list(queries.webhooks(request.reader))})


@never_cache
@sensitive_post_parameters()
@sensitive_variables("made")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new webhook; its secret is shown in the very answer, once, and nowhere else."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.add(request.reader, **form.cleaned_data)
        except services.BadAddress as refused:
            form.add_error("url", refused.message)
        except services.TooMany as refused:
            form.add_error(None, refused.message)
        else:
            context = {"webhook": made, "secret": made.secret, "is_new": True, "trail": _trail()}
            return render(request, "thread/webhook_secret.html", context)
    context = {"form": form, "trail": _trail()}
    return render(request, "thread/webhook_add.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def webhook(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One webhook: what it is told of, what was sent and what came of it."""
    found = _found(request, pk)
    page = Paginator(queries.deliveries(found), PAGE).get_page(request.GET.get("page"))
    labels = dict(public_kinds())
    named = name_all(request.reader, {found.subject}) if found.subject else {}
    context = {
        "webhook": found,
        "kinds": [labels.get(code, code) for code in found.kinds],
        "subject": named.get(found.subject),
        "page": page,
        "rows": [{"row": row, "problem": PROBLEMS.get(row.problem, "")} for row in page],
        "trail": _trail(),
    }
    return render(request, "thread/webhook.html", context)


@require_POST
def try_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a trial, by the work."""
    found = _found(request, pk)
    services.try_out(request.reader, found)
    messages.success(request, _("Un essai part. Son résultat paraît ci-dessous d’ici quelques secondes."))
    return redirect("thread:webhook", found.pk)


@require_POST
def pause(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _found(request, pk)
    services.pause(request.reader, found)
    messages.success(request, _("Plus rien n’est envoyé. Ce qui arrive pendant ce temps attend, trente jours au plus."))
    return redirect("thread:webhook", found.pk)


@require_POST
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _found(request, pk)
    services.resume(request.reader, found)
    messages.success(request, _("Les envois reprennent, par ce qui attendait."))
    return redirect("thread:webhook", found.pk)


@never_cache
@sensitive_variables("fresh")
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Replace the secret: say what it changes, then show the new one, once."""
    found = _found(request, pk)
    trail = _trail((found.name, reverse("thread:webhook", args=[found.pk])))
    if request.method == "POST":
        fresh = services.renew_secret(request.reader, found)
        context = {"webhook": found, "secret": fresh, "is_new": False, "trail": trail}
        return render(request, "thread/webhook_secret.html", context)
    return render(request, "thread/webhook_renew.html", {"webhook": found, "trail": trail})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what deleting loses, then delete."""
    found = _found(request, pk)
    if request.method == "POST":
        services.remove(request.reader, found)
        messages.success(request, _("Le webhook « %(name)s » est supprimé.") % {"name": found.name})
        return redirect("thread:webhooks")
    trail = _trail((found.name, reverse("thread:webhook", args=[found.pk])))
    return render(request, "thread/webhook_remove.html", {"webhook": found, "trail": trail})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """For programmers: the live stream and webhooks, with an example that a test runs."""
    context = {
        "live": absolute(reverse("thread:live")),
        "example": Path(verify_example.__file__).read_text(encoding="utf-8"),
        "headers": {"signature": signing.SIGNATURE, "timestamp": signing.TIMESTAMP, "id": signing.IDENTIFIER},
        "kinds": public_kinds(),
        "tries": len(PAUSES) + 2,
        "trail": [(_("Réutiliser les données"), reverse("reuse"))],
        "can_manage": request.reader.has_role(*MANAGE_WEBHOOKS.who),
    }
    return render(request, "thread/webhooks_guide.html", context)
