"""Orientation of a case: suggestions with reasons, a person's decision, requests to partners and their answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, Forbidden, UserError
from toile.kernel.permissions import get_for
from toile.kernel.typography import long_date
from toile.pathway.forms.orientation import AgainForm, DecideForm, ReferForm, ReplyForm, offer_words
from toile.pathway.forms.posting import posted
from toile.pathway.models import Case, Offer, Referral, Suggested
from toile.pathway.permissions.orientation import OFFER_READ
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.next_steps import without_next_step
from toile.pathway.queries.offers import running_rows
from toile.pathway.queries.orientation import decided, looked
from toile.pathway.queries.people import names_of
from toile.pathway.queries.referrals import referral_of_case, referrals_of, stalled
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.orientation import URGENCIES
from toile.pathway.services import orientation as services
from toile.pathway.services import referrals
from toile.pathway.services.sharings import shared_with
from toile.pathway.views.cases import TRAIL, opened, shown

A_PAGE = 50
SAID = {"kept": gettext_lazy("gardée"), "added": gettext_lazy("ajoutée"), "set_aside": gettext_lazy("écartée")}


def orientation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/orientation/`: what the rules suggest and why; what a person decides."""
    found = _here(request, pk)
    today = timezone.localdate()
    now = looked(found, today)
    suggestions = now.orientation.suggestions
    suggested = {one.offer.code for one in suggestions}
    others = offer_words([row for row in running_rows(today) if str(row.pk) not in suggested])
    seen = services.digest(now)
    form = DecideForm(posted(request), suggestions=suggestions, offers=others, initial={"seen": seen})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actor = Actor.of(request.reader)
            services.decide(actor, request.reader, found, now, form.choices, seen=form.cleaned_data["seen"])
        except UserError as error:
            status = 409 if isinstance(error, Conflict) else 422
            form = _again(request, error, suggestions, others, seen)
        else:
            messages.success(request, _("C’est décidé. Demandez maintenant aux partenaires gardés."))
            return redirect("pathway:orientation", pk=found.pk)
    last = decided(found)
    context = shown(request.reader, found, "pathway:orientation") | {
        "trail": TRAIL,
        "found": now.orientation,
        "qualification": now.qualification,
        "stage": matrix().titles.get(now.qualification.stage, ""),
        "urgencies": URGENCIES,
        "form": form,
        "decision": _decision(last, found) if last else None,
        "referrals": referrals_of(found),
    }
    return render(request, "pathway/orientation/orientation.html", context, status=status)


def _again(request: HttpRequest, error: UserError, suggestions: Any, others: Any, seen: str) -> DecideForm:
    """The form with what was typed, over today's suggestions."""
    typed = request.POST.copy()
    typed["seen"] = seen
    form = DecideForm(typed, suggestions=suggestions, offers=others)
    form.is_valid()
    form.add_error(None, error.message)
    return form


def _decision(last: Suggested, case: Case) -> dict[str, Any]:
    """The last decision as its page tells it: who, when, each offer with its reason and its request. 3 queries."""
    rows = Offer.objects.select_related("partner__canonical").in_bulk([UUID(one["offer"]) for one in last.decision])
    asked = {(one.offer_id): one for one in reversed(referrals_of(case))}
    lines = [
        {
            "offer": rows[UUID(one["offer"])],
            "said": SAID[one["said"]],
            "kept": one["said"] != "set_aside",
            "reason": one["reason"],
            "referral": asked.get(UUID(one["offer"])),
        }
        for one in last.decision
        if UUID(one["offer"]) in rows
    ]
    who = names_of([last.decided_by])[last.decided_by] if last.decided_by else _("une personne de la porte")
    return {"at": last.decided_at, "who": who, "lines": lines}


def refer(request: HttpRequest, pk: UUID, offer: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/demander/<offer>/`: ask a partner, once the holder agreed that it reads something."""
    found = _here(request, pk)
    asked: Offer = get_for(
        request.reader, Offer.objects.select_related("partner__canonical"), to=OFFER_READ.code, pk=offer
    )
    partner = asked.partner.canonical
    sharing = shared_with(found, partner.pk)
    form = ReferForm(posted(request), already=sharing is not None, partner=partner.name)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        need, urgency = _suggested_for(found, asked)
        try:
            made = referrals.send(
                Actor.of(request.reader),
                request.reader,
                found,
                asked,
                words=form.cleaned_data["words"],
                need=need,
                urgency=urgency,
                agreed=form.cleaned_data["what"] if form.cleaned_data.get("agreed") else "",
            )
        except UserError as error:
            form.add_error(None, error.message)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            words = {"name": partner.name, "day": long_date(made.due_on)}
            messages.success(request, _("La demande part à %(name)s, qui a jusqu’au %(day)s pour répondre.") % words)
            return redirect("pathway:orientation", pk=found.pk)
    context = shown(request.reader, found, "pathway:orientation") | {
        "trail": TRAIL,
        "offer": asked,
        "partner": partner,
        "sharing": sharing,
        "form": form,
    }
    return render(request, "pathway/orientation/refer.html", context, status=status)


def _suggested_for(case: Case, offer: Offer) -> tuple[str, str]:
    """The need and the urgency that the last decision kept for an offer; else its first need, without urgency."""
    last = decided(case)
    for one in last.suggestions.get("suggestions", []) if last else []:
        if one["offer"] == str(offer.pk):
            return one["need"], one["urgency"]
    common = [need for need in offer.needs if need in case.needs]
    return next(iter(common or offer.needs), ""), "normal"


def referral(request: HttpRequest, pk: UUID, referral: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/demandes/<request>/`: where it is; reply, send again, take back."""
    found = _here(request, pk)
    asked = referral_of_case(found, referral)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {
        "reply": ReplyForm(request.POST if act == "reply" else None, auto_id="reponse_%s"),
        "again": AgainForm(
            request.POST if act == "again" else None, initial={"email": asked.email}, auto_id="renvoi_%s"
        ),
    }
    status = 422 if request.method == "POST" else 200
    if act == "withdraw" or (act in forms and forms[act].is_valid()):
        try:
            return _treated(request, asked, act, forms)
        except UserError as error:
            messages.error(request, error.message)
            asked.refresh_from_db()
            status = 409
    context = shown(request.reader, found, "pathway:orientation") | {
        "trail": TRAIL,
        "referral": asked,
        "partner": asked.partner.canonical,
        "need": matrix().needs[asked.need].title if asked.need in matrix().needs else "",
        "urgency": URGENCIES.get(asked.urgency, ""),
        "forms": forms,
        "sender": names_of([asked.sent_by])[asked.sent_by] if asked.sent_by else "",
    }
    return render(request, "pathway/orientation/referral.html", context, status=status)


def _treated(request: HttpRequest, asked: Referral, act: str, forms: dict[str, Any]) -> HttpResponse:
    actor, reader = Actor.of(request.reader), request.reader
    if act == "withdraw":
        referrals.withdraw(actor, reader, asked)
        messages.success(request, _("La demande est reprise : son lien n’ouvre plus rien."))
        return redirect("pathway:orientation", pk=asked.case_id)
    if act == "reply":
        referrals.reply(actor, reader, asked, forms["reply"].cleaned_data["words"])
        messages.success(request, _("Votre réponse part au partenaire, avec un nouveau délai."))
    else:
        referrals.send_again(actor, reader, asked, forms["again"].cleaned_data["email"])
        messages.success(request, _("La lettre repart, avec un nouveau lien."))
    return redirect("pathway:case_referral", pk=asked.case_id, referral=asked.pk)


def no_next_step(request: HttpRequest) -> HttpResponse:
    """`/parcours/sans-suite/`: the files of one's doors where nothing is planned, the longest without contact first."""
    cases = without_next_step(request.reader, timezone.localdate())
    names = names_of({case.adviser for case in cases[:A_PAGE] if case.adviser})
    lines = [(case, names.get(case.adviser, "") if case.adviser else "") for case in cases[:A_PAGE]]
    context = {
        "lines": lines,
        "count": len(cases),
        "most": A_PAGE,
        "stalled": stalled(request.reader),
        "trail": TRAIL,
    }
    return render(request, "pathway/orientation/no_next_step.html", context)


def _here(request: HttpRequest, pk: UUID) -> Case:
    """The case, for who works at its door: its holder and partners read other pages."""
    found = opened(request, pk)
    if not works_here(request.reader, found):
        raise Forbidden(_("Ce dossier est celui d’une autre porte : demandez-lui le relais."))
    return found
