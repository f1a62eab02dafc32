"""« Avis » and « Abonnements »: what happened that concerns one, what one follows, how one is told, and stopping it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toile.kernel.errors import NotVisible
from toile.kernel.next_page import next_page

from . import subscribing
from .delivery import address_of
from .forms_notices import RHYTHMS, FollowForm, ReadForm, TellingForm
from .notices import PAGE, count_unread, followed, preference_of, preference_to_stop, shown
from .notices import notices as notices_of
from .rules.telling import Rhythm


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The reader's notices, unread first, twenty a page. 7 statements, and those of the naming rooms."""
    page = Paginator(notices_of(request.reader), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": shown(request.reader, list(page)),
        "unread": count_unread(request.reader),
        "preference": preference_of(request.reader),
        "unreachable": address_of(request.reader.person) is None,
    }
    return render(request, "thread/notices.html", context)


@never_cache
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """One notice was read, or all."""
    form = ReadForm(request.POST)
    if form.is_valid():
        one = form.cleaned_data["notice"]
        subscribing.mark_read(request.reader, None if one is None else [one])
    return redirect(next_page(request, reverse("thread:notices")))


@never_cache
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """The address works again: messages leave from now on."""
    subscribing.resume_messages(request.reader)
    messages.success(request, _("Nos courriels repartent vers votre adresse, dès le prochain avis."))
    return redirect("thread:notices")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """What one follows, and how one is told: a rhythm for each topic, quiet hours."""
    preference = preference_of(request.reader)
    form = TellingForm(request.POST if request.method == "POST" else None, preference)
    if form.is_valid():
        subscribing.set_preferences(request.reader, form.rhythms, form.quiet)
        messages.success(request, _("C’est noté : vous serez prévenu ainsi dès maintenant."))
        return redirect("thread:subscriptions")
    context = {"form": form, "followed": followed(request.reader), "trail": _trail()}
    return render(request, "thread/subscriptions.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow a thing, or follow it no more; then back to its page."""
    form = FollowForm(request.POST)
    if not form.is_valid():
        raise NotVisible(_("Cette page n’existe pas, ou n’est pas ouverte à tous : elle ne peut pas être suivie."))
    subject, back = form.cleaned_data["subject"], next_page(request, reverse("thread:subscriptions"))
    if form.cleaned_data["stop"]:
        subscribing.unfollow(request.reader, subject)
        messages.success(request, _("Vous ne la suivez plus."))
        return redirect(back)
    try:
        name = subscribing.follow_subject(request.reader, subject)
    except subscribing.TooManyFollowed as refused:
        messages.error(request, refused.message)
        return redirect("thread:subscriptions")
    messages.success(request, _("Vous suivez « %(name)s » : ses nouvelles viendront dans vos avis.") % {"name": name})
    return redirect(back)


def _trail() -> list[tuple[str, str]]:
    return [(_("Avis"), reverse("thread:notices"))]


# A mail client that offers « se désabonner » posts here by itself, without page nor cookie (RFC 8058): the secret of
# the address is what proves that it may, and all it can do is stop messages.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: UUID, rhythm: str) -> HttpResponse:
    """End the messages of one rhythm, without signing in; a button, since the scanners of mail follow links."""
    found = preference_to_stop(secret)
    if found is None or rhythm not in {one.value for one in RHYTHMS if one.is_written}:
        raise NotVisible(_("Ce lien n’arrête plus rien : aucun message ne part d’ici. Il n’y a rien à faire."))
    if request.method == "POST":
        subscribing.stop_messages(found, Rhythm(rhythm))
    context = {"rhythm": RHYTHMS[Rhythm(rhythm)], "stopped": request.method == "POST"}
    return render(request, "thread/notices_stop.html", context)
