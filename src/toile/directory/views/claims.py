"""Asking to represent a structure, confirming one's address, and answering those who ask."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory import services
from toile.directory.forms_members import ClaimForm, SettleForm
from toile.directory.models import Claim
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import CLAIM_DECIDE, READ
from toile.directory.queries.members import claims_for, claims_queue, shown_names, team_of
from toile.directory.rules.claiming import ClaimState
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for
from toile.kernel.seen import seen

from .structures import moved_to, structure_of


def claim(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/representer/`: a signed-in person asks, by an address at its domain or by saying who they are."""
    found = structure_of(request, pk, to=READ.code)
    if request.method == "GET" and (moved := moved_to(request, found)):
        return moved
    team = team_of(request.reader, found)
    if team.me:
        return redirect("directory:members", pk=found.canonical_id)
    is_led = any(member.leads for member in team.members)
    form = ClaimForm(request.POST or None, website=found.website, is_led=is_led)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.ask(
                Actor.of(request.reader),
                request.reader,
                found,
                role=MemberRole(given["role"]),
                way=form.chosen,
                email=given.get("email", ""),
                words=given["words"],
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _next_step(form.chosen))
            return redirect("directory:mine")
    context = {"organisation": found, "form": form, "is_led": is_led, "has_people": bool(team.members)}
    return render(request, "directory/claim.html", context, status=422 if form.errors else 200)


def _next_step(way: Way) -> str:
    if way == Way.DOMAIN:
        return _("Un lien vient de partir à cette adresse. Ouvrez-le avant trois jours, avec ce compte.")
    return _("Votre demande est enregistrée. La réponse vous viendra par courriel, avec ses raisons.")


def claim_prove(request: HttpRequest, token: str) -> HttpResponse:
    """`/annuaire/demandes/preuve/<token>/`: the letter's link; reading it changes nothing, its button confirms."""
    waiting = services.claim_of(request.reader, token)
    if request.method != "POST":
        return render(request, "directory/claim_prove.html", {"claim": waiting, "organisation": waiting.organisation})
    done = services.prove(Actor.of(request.reader), request.reader, token)
    if done.state == ClaimState.ACCEPTED:
        name = waiting.organisation.name
        messages.success(request, _("Votre adresse est confirmée : vous représentez « %(name)s ».") % {"name": name})
        return redirect(waiting.organisation.get_absolute_url())
    messages.success(request, _("Votre adresse est confirmée. Les responsables de la structure vous répondront."))
    return redirect("directory:mine")


def claims(request: HttpRequest) -> HttpResponse:
    """`/annuaire/demandes/`: what waits for an answer, the oldest first; `?etat=clos` what had one."""
    closed = request.GET.get("etat") == "clos"
    found = claims_queue(request.reader, closed=closed, page=request.GET.get("page"))
    rows = [(one, found.names[one.person]) for one in found.page.object_list]
    return render(request, "directory/claims.html", {"queue": found, "rows": rows, "closed": closed})


def claim_settle(request: HttpRequest, claim: UUID) -> HttpResponse:
    """`/annuaire/demandes/<id>/`: what somebody says, beside who represents the structure today; yes or no, and why."""
    found: Claim = get_for(request.reader, claims_for(request.reader), to=CLAIM_DECIDE.code, pk=claim)
    seen(request.reader, found.person, CLAIM_DECIDE.code)
    form = SettleForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_claim(
                Actor.of(request.reader),
                request.reader,
                found,
                accepts=form.accepts,
                reason=form.cleaned_data["reason"],
            )
        except Conflict as conflict:
            found.refresh_from_db()
            form.add_error(None, conflict.message)
            status = 200 if request.htmx else 409
        except UserError as refused:
            form.add_error("reason", refused.message)
            status = 422
        else:
            messages.success(request, _("C’est fait. La personne reçoit votre réponse."))
            return redirect(next_page(request, _after(request, found)))
    team = team_of(request.reader, found.organisation)
    context = {
        "claim": found,
        "organisation": found.organisation.canonical,
        "who": shown_names(request.reader, {found.person})[found.person],
        "team": team,
        "can_settle": services.may_settle(request.reader, found, leads=bool(team.me and team.me.leads)),
        "form": form,
    }
    return render(request, "directory/claim_settle.html", context, status=status)


def _after(request: HttpRequest, settled: Claim) -> str:
    """Where one goes on: the team to its queue, the structure's people to their own page."""
    if services.is_of_the_team(request.reader):
        return reverse("directory:claims")
    return reverse("directory:members", args=[settled.organisation.canonical_id])


@require_POST
def claim_withdraw(request: HttpRequest, claim: UUID) -> HttpResponse:
    """`/annuaire/demandes/<id>/retirer/`: one takes one's own claim back."""
    found: Claim = get_for(request.reader, claims_for(request.reader), to=READ.code, pk=claim)
    try:
        services.withdraw_claim(Actor.of(request.reader), request.reader, found)
    except Conflict as conflict:
        messages.warning(request, conflict.message)
    else:
        messages.success(request, _("Votre demande est retirée."))
    return redirect("directory:mine")
