"""Who represents a structure: inviting, roles, handing over, leaving; and answering an invitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory import services
from toile.directory.forms_members import DismissForm, InviteForm, LeaveForm, RoleForm
from toile.directory.models import Invitation, Organisation
from toile.directory.models.memberships import MemberRole
from toile.directory.permissions import MEMBER_LEAVE, MEMBERS_READ, MEMBERS_RUN
from toile.directory.queries.members import Member, Team, team_of
from toile.directory.rules.claiming import Departure, departure
from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.next_page import next_page

from .structures import moved_to, structure_of


def members(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/membres/`: who, in which role, since when; who leads invites by e-mail."""
    found = structure_of(request, pk, to=MEMBERS_READ.code)
    if request.method == "GET" and (moved := moved_to(request, found)):
        return moved
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(
                Actor.of(request.reader),
                request.reader,
                found,
                email=form.cleaned_data["email"],
                role=MemberRole(form.cleaned_data["role"]),
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("L’invitation part par courriel. La personne a quatorze jours pour répondre."))
            return redirect(next_page(request, reverse("directory:members", args=[found.canonical_id])))
    team = team_of(request.reader, found)
    context = {
        "organisation": found,
        "team": team,
        "form": form,
        "can_run": _can_run(request, team),
    }
    return render(request, "directory/members.html", context, status=422 if form.errors else 200)


def member(request: HttpRequest, pk: object, person: UUID) -> HttpResponse:
    """`/annuaire/<id>/membres/<person>/`: their role, handing over to them, ending their part."""
    found = structure_of(request, pk, to=MEMBERS_RUN.code)
    team = team_of(request.reader, found)
    theirs = next((one for one in team.members if one.person == person), None)
    if theirs is None or not _can_run(request, team):
        raise NotVisible(_("Cette personne ne représente pas la structure."))
    asked = request.POST.get("geste", "")
    role = RoleForm(request.POST if asked == "role" else None, initial={"role": theirs.role.value})
    dismiss = DismissForm(request.POST if asked == "fin" else None)
    hand = forms.Form(request.POST if asked == "main" else None)
    status = 200
    if request.method == "POST":
        form, act, said = {
            "role": (role, _change, _("Son rôle est changé.")),
            "fin": (dismiss, _dismiss, _("C’est fait. La personne reçoit votre explication.")),
            "main": (hand, _hand_over, _("Vous avez passé la main.")),
        }.get(asked, (role, _change, ""))
        if _done(request, found, theirs, form, act):
            messages.success(request, said)
            return redirect("directory:members", pk=found.canonical_id)
        status = 422
    context = {
        "organisation": found,
        "member": theirs,
        "team": team,
        "role_form": role,
        "dismiss_form": dismiss,
        "hand_form": hand,
        "can_hand_over": bool(team.me and team.me.leads) and not theirs.is_me,
    }
    return render(request, "directory/member.html", context, status=status)


Act = Callable[[HttpRequest, Organisation, Member, Any], None]


def _done(request: HttpRequest, found: Organisation, theirs: Member, form: forms.Form, act: Act) -> bool:
    """Whether the form was right and the service did it; what was wrong is in the form."""
    if not form.is_valid():
        return False
    try:
        act(request, found, theirs, form.cleaned_data)
    except UserError as refused:
        form.add_error(None, refused.message)
        return False
    return True


def _change(request: HttpRequest, found: Organisation, theirs: Member, given: Any) -> None:
    reader = request.reader
    services.change_role(Actor.of(reader), reader, found, theirs.person, MemberRole(given["role"]))


def _dismiss(request: HttpRequest, found: Organisation, theirs: Member, given: Any) -> None:
    reader = request.reader
    services.dismiss(Actor.of(reader), reader, found, theirs.person, because=given["because"])


def _hand_over(request: HttpRequest, found: Organisation, theirs: Member, given: Any) -> None:
    reader = request.reader
    services.hand_over(Actor.of(reader), reader, found, theirs.person)


def leave(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/quitter/`: what leaving asks for and what follows, then the button."""
    found = structure_of(request, pk, to=MEMBER_LEAVE.code)
    team = team_of(request.reader, found)
    if team.me is None:
        raise NotVisible(_("Vous ne représentez pas cette structure."))
    others = [one for one in team.members if not one.is_me]
    leads = sum(one.leads for one in others)
    owed = departure(is_lead=team.me.leads, other_leads=leads, others=len(others))
    heirs = [(one.person, one.name) for one in others if not one.leads] if team.me.leads else []
    given = request.POST if request.method == "POST" else None  # a person alone has nothing to fill
    form = LeaveForm(given, others=heirs, owed=owed is Departure.HAND_OVER)
    if request.method == "POST" and form.is_valid():
        try:
            services.leave(Actor.of(request.reader), request.reader, found, successor=form.chosen)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Vous ne représentez plus « %(name)s ».") % {"name": found.name})
            return redirect("directory:mine")
    context = {"organisation": found, "form": form, "owed": owed.value}
    return render(request, "directory/leave.html", context, status=422 if form.errors else 200)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """`/annuaire/invitation/<token>/`: the letter's link; reading it changes nothing, its buttons answer."""
    waiting = services.invitation_of(token)
    name = waiting.organisation.canonical.name
    if request.method == "POST" and request.POST.get("reponse") == "non":
        services.decline(Actor.of(request.reader), token)
        messages.success(request, _("Vous avez décliné l’invitation. Votre adresse est oubliée."))
        return redirect("home")
    if request.method == "POST" and request.reader.is_signed_in:
        services.accept(Actor.of(request.reader), request.reader, token)
        messages.success(request, _("Vous représentez « %(name)s ».") % {"name": name})
        return redirect(waiting.organisation.get_absolute_url())
    return render(request, "directory/invitation.html", {"invitation": waiting, "name": name, "here": request.path})


@require_POST
def invitation_withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """`/annuaire/invitations/<id>/retirer/`: an invitation is taken back by those who may send some."""
    sent = get_object_or_404(Invitation.objects.select_related("organisation"), pk=invitation)
    found = structure_of(request, sent.organisation.canonical_id, to=MEMBERS_RUN.code)
    try:
        services.withdraw_invitation(Actor.of(request.reader), request.reader, sent)
    except UserError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("L’invitation est retirée : son lien ne sert plus."))
    return redirect("directory:members", pk=found.pk)


def _can_run(request: HttpRequest, team: Team) -> bool:
    return bool(team.me and team.me.leads) or services.is_of_the_team(request.reader)
