"""The letter for everybody: its web version, asking for it, proving one's address, stopping it in one click."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from toile.directory.forms_letters import SubscribeForm
from toile.directory.models import Letter, Subscriber
from toile.directory.queries.letters import shown_in
from toile.directory.services import subscribing
from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible
from toile.kernel.throttle import who_asks


@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """`/lettre/<n>/`: the web version; news hidden or withdrawn since are gone from it."""
    found = Letter.objects.visible_to(request.reader).filter(number=number).first()
    if found is None:
        raise NotVisible(_("Cette lettre n’existe pas."))
    context = {"letter": found, "shown": shown_in(found), "is_preview": False, "composed": None}
    return render(request, "directory/letter.html", context)


def subscribe(request: HttpRequest) -> HttpResponse:
    """`/lettre/s-abonner/`: ask for the letter; the answer is the same whatever the address."""
    form = SubscribeForm(request.POST if request.method == "POST" else None, sender=who_asks(request))
    if request.method == "POST" and form.is_valid():
        subscribing.subscribe(Actor.of(request.reader), request.reader, form.cleaned_data["email"])
        return redirect("letters:asked")
    return render(request, "directory/letter_subscribe.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """`/lettre/s-abonner/demande/`: what comes next."""
    return render(request, "directory/letter_asked.html")


@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`/lettre/confirmer/<token>/`: a button, since the scanners of mail follow links; then the letter comes."""
    found = subscribing.asked_by(token)
    if request.method == "POST":
        subscribing.confirm(found)
        found.refresh_from_db()
    return render(request, "directory/letter_confirm.html", {"done": not found.is_asked})


# A mail client that offers « se désabonner » posts here by itself, without page nor cookie (RFC 8058): the secret of
# the address is what proves that it may, and all it can do is stop the letter.
@csrf_exempt
@never_cache
def stop(request: HttpRequest, secret: UUID) -> HttpResponse:
    """`/lettre/arreter/<secret>/`: end the letter without signing in; a button for who follows the link."""
    found = Subscriber.objects.filter(secret=secret).first()
    if request.method == "POST" and found is not None:
        subscribing.stop(found)
    stopped = found is None or found.stopped_at is not None or request.method == "POST"
    return render(request, "directory/letter_stop.html", {"stopped": stopped})
