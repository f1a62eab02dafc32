"""Offers: one's page, writing, publishing and withdrawing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Organisation
from toile.kernel.acts import Actor
from toile.kernel.permissions import get_for, holds
from toile.kernel.readers import Role
from toile.pathway.forms.offers import OfferForm, initial_of, initial_of_new
from toile.pathway.forms.posting import posted
from toile.pathway.listed import cost_fr, delay_fr, need_titles, recognition_fr, stage_titles
from toile.pathway.models import Offer
from toile.pathway.permissions.orientation import OFFER_READ, OFFER_WRITE
from toile.pathway.queries.offers import as_rule, perimeter_choices, written_by
from toile.pathway.rules.offers import HELPERS, PUBLICS, why_closed
from toile.pathway.services import offers as services
from toile.pathway.views.cases import TRAIL

TRAIL_OFFERS = [*TRAIL, (gettext_lazy("Offres"), reverse_lazy("pathway:offers"))]
CLOSED = {
    "not_yet": gettext_lazy("Elle n’a pas encore commencé."),
    "over": gettext_lazy("Elle est terminée."),
    "full": gettext_lazy("Elle est complète : plus personne n’y est envoyé."),
    "paused": gettext_lazy("Son partenaire l’a retirée."),
}


def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/offres/<id>/`: who helps, with what, where, for whom, at what cost, how soon."""
    found = _offer(request, pk, to=OFFER_READ.code)
    closed = why_closed(as_rule(found, name=""), timezone.localdate())
    names = perimeter_choices(found.perimeters)
    context = {
        "offer": found,
        "partner": found.partner.canonical,
        "needs": need_titles(found),
        "stages": stage_titles(found),
        "places": [names.get(code, code) for code in found.perimeters],
        "publics": [PUBLICS[code] for code in PUBLICS if code in found.publics],
        "helper": HELPERS.get(found.helper, ""),
        "cost": cost_fr(found),
        "delay": delay_fr(found),
        "recognition": recognition_fr(found),
        "closed": CLOSED[closed] if closed else "",
        "can_write": request.reader.is_signed_in and holds(request.reader, OFFER_WRITE.code, owners=found.owners()),
        "trail": TRAIL_OFFERS,
    }
    return render(request, "pathway/orientation/offer.html", context)


def mine(request: HttpRequest) -> HttpResponse:
    """`/parcours/offres/miennes/`: what one's structures offer, drafts and withdrawn ones included."""
    steers = request.reader.has_role(Role.OFFICER, Role.ADMINISTRATOR)
    words = request.GET.get("structure", "")[:100]
    offers, structures = written_by(request.reader, steers=steers, words=words)
    context = {
        "offers": offers,
        "structures": structures,
        "steers": steers,
        "words": words,
        "trail": TRAIL_OFFERS,
    }
    return render(request, "pathway/orientation/offers_mine.html", context)


def new(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """`/parcours/structures/<id>/offres/nouvelle/`: write an offer; nothing is shown before it is published."""
    partner = get_for(
        request.reader, Organisation.objects.select_related("canonical"), to=OFFER_WRITE.code, pk=organisation
    )
    form = OfferForm(posted(request), initial=initial_of_new(), perimeters=perimeter_choices())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft(Actor.of(request.reader), request.reader, partner.canonical, form.cleaned_data)
        except services.OfferRefused as refused:
            _show(form, refused)
        else:
            messages.success(request, _("C’est gardé. Relisez l’offre, puis publiez-la."))
            return redirect("pathway:offer", pk=made.pk)
    return _form(request, form, partner.canonical, None)


def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/offres/<id>/modifier/`: correct it; 409 with what was typed when somebody saved it meanwhile."""
    found = _offer(request, pk, to=OFFER_WRITE.code)
    form = OfferForm(posted(request), initial=initial_of(found), perimeters=perimeter_choices(found.perimeters))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        actor, revision = Actor.of(request.reader), form.cleaned_data["revision"]
        try:
            services.change(actor, request.reader, found, form.cleaned_data, revision=revision)
        except services.OfferRefused as refused:
            _show(form, refused)
            status = 422
        except services.SavedSince as conflict:
            found.refresh_from_db()
            typed = request.POST.copy()
            typed["revision"] = str(found.revision)
            form = OfferForm(typed, initial=initial_of(found), perimeters=perimeter_choices(found.perimeters))
            form.add_error(None, conflict.message)
            status = 409
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("pathway:offer", pk=found.pk)
    return _form(request, form, found.partner.canonical, found, status)


def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/offres/<id>/publier/` (POST): shown to everybody from now on."""
    found = _offer(request, pk, to=OFFER_WRITE.code)
    if request.method == "POST":
        services.publish(Actor.of(request.reader), request.reader, found)
        messages.success(request, _("C’est publié : les portes la voient dans leurs suggestions."))
    return redirect("pathway:offer", pk=found.pk)


def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/offres/<id>/retirer/`: asks, then nobody is sent to it any more."""
    found = _offer(request, pk, to=OFFER_WRITE.code)
    if request.method == "POST":
        services.withdraw(Actor.of(request.reader), request.reader, found)
        messages.success(request, _("C’est retiré. Les demandes déjà envoyées continuent."))
        return redirect("pathway:offer", pk=found.pk)
    return render(request, "pathway/orientation/offer_withdraw.html", {"offer": found, "trail": TRAIL_OFFERS})


def _offer(request: HttpRequest, pk: UUID, *, to: str) -> Offer:
    found: Offer = get_for(request.reader, Offer.objects.select_related("partner__canonical"), to=to, pk=pk)
    return found


def _show(form: OfferForm, refused: services.OfferRefused) -> None:
    for fault in refused.faults:
        form.refuse(fault.field, fault.sentence)


def _form(
    request: HttpRequest, form: OfferForm, partner: Organisation, found: Offer | None, status: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "partner": partner, "offer": found, "trail": TRAIL_OFFERS}
    status = status or (422 if form.errors else 200)
    return render(request, "pathway/orientation/offer_form.html", context, status=status)
