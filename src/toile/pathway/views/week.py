"""The team's week: the order of calls, each one's visits, the plan computed, explained, and settled by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.models import ACTIVE, Job
from toile.pathway.forms.planning import AvailabilityForm, FixForm, RankForm, TakeOffForm, TieForm
from toile.pathway.models import Availability
from toile.pathway.queries.cases import advisers_of, doors_of
from toile.pathway.queries.people import names_of
from toile.pathway.queries.week_page import TeamWeek, door_for, team_week, week_fr
from toile.pathway.rules.team import WEEK, first_monday, monday_of, team_settings
from toile.pathway.services import planning
from toile.pathway.views.cases import TRAIL
from toile.pathway.views.followup import opened
from toile.territory.queries import communes_of_home

A_PAGE = 40


def week(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """`/parcours/semaine/`, `…/<porte>/?lundi=2026-11-23`: who calls whom in that week, and why."""
    door = door_for(request.reader, pk)
    today = timezone.localdate()
    found = team_week(door, _asked_monday(request, today), today)
    at_work = Job.objects.filter(kind=planning.JOB, key=str(door.pk), state__in=ACTIVE).first()
    context = {
        "week": found,
        "heading": week_fr(found.monday),
        "mondays": [(monday, week_fr(monday)) for monday in found.mondays],
        "this": monday_of(today),
        "page": Paginator(found.lines, A_PAGE).get_page(request.GET.get("page")),
        "doors": doors_of(request.reader),
        "job": at_work,
        "trail": TRAIL,
    }
    return render(request, "pathway/planning/week.html", context)


@require_POST
def compute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the plan computed: a matter of seconds, watched on its own page."""
    door = door_for(request.reader, pk)
    return redirect(planning.ask_plan(Actor.of(request.reader), request.reader, door))


def firm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/semaine/structure/<suivi>/`: one firm in the plan: fixed, taken off, ranked, left to it again."""
    followed = opened(request, pk)
    today = timezone.localdate()
    found = team_week(followed.door, monday_of(today), today)
    line = next((one for one in found.lines if one.firm.pk == followed.pk), None)
    visit = line.visit if line else None
    team = sorted(names_of(advisers_of(followed.door)).items(), key=lambda one: one[1])
    mondays = _plannable(today)
    said = request.POST if request.method == "POST" else None
    act = request.POST.get("act", "")
    before = planning.seen_as(visit)
    start = {"before": before, "monday": visit.monday.isoformat() if visit else first_monday(today).isoformat()}
    chosen = str(visit.adviser) if visit else str(followed.adviser or request.reader.person)
    given: dict[str, forms.Form] = {
        "fix": FixForm(said if act == "fix" else None, team=team, mondays=mondays, initial=start | {"adviser": chosen}),
        "take_off": TakeOffForm(said if act == "take_off" else None, mondays=mondays, initial=start),
        "rank": RankForm(
            said if act == "rank" else None, initial={"place": followed.adjusted, "why": followed.adjusted_why}
        ),
        "tie": TieForm(said if act == "tie" else None, team=team),
        "release": forms.Form(said if act == "release" else None),
    }
    status = 200
    if said is not None:
        form = given.get(act)
        if form is None:
            raise NotVisible(_("Cette action n’existe pas."))
        status = 422
        if form.is_valid():
            try:
                told = _acts(request, followed, form)[act]()
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, told)
                return redirect("pathway:week_firm", pk=followed.pk)
    context = {
        "firm": followed,
        "structure": followed.organisation.canonical,
        "line": line,
        "week": found,
        "why": _reason(found, followed.pk),
        "forms": given,
        "settled": planning.to_come(followed).filter(dropped=True) | planning.to_come(followed).filter(fixed=True),
        "trail": [*TRAIL, (_("La semaine de l’équipe"), reverse("pathway:week_of", args=[followed.door_id]))],
    }
    return render(request, "pathway/planning/firm.html", context, status=status)


def _acts(request: HttpRequest, followed, form) -> dict[str, Callable[[], str]]:
    """What each form does, and what is said once it is done."""
    who = (Actor.of(request.reader), request.reader, followed)
    done = form.cleaned_data

    def fix() -> str:
        person, monday = form.said
        planning.fix(*who, person, monday, done["why"], before=done["before"])
        return _("C’est fixé : le prochain plan le garde.")

    def take_off() -> str:
        planning.take_off(*who, form.said, done["why"], before=done["before"])
        return _("Elle est retirée de cette semaine : le prochain plan ne l’y remet pas.")

    def rank() -> str:
        planning.rank(*who, done["place"], done["why"])
        return _("L’ordre est noté. Calculez le plan de nouveau pour qu’il en tienne compte.")

    def tie() -> str:
        planning.say_conflict(*who, form.person, has=bool(done["has"]))
        return _("C’est noté. Calculez le plan de nouveau pour qu’il en tienne compte.")

    def release() -> str:
        planning.release(*who)
        return _("Le prochain plan en décide de nouveau.")

    return {"fix": fix, "take_off": take_off, "rank": rank, "tie": tie, "release": release}


def availability(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """`/parcours/semaine/<porte>/equipe/<personne>/`: somebody's days, skills, communes, absences."""
    door = door_for(request.reader, pk)
    if person not in advisers_of(door):
        raise NotVisible(_("Cette personne ne reçoit pas, ou plus, à cette porte."))
    row = Availability.objects.filter(door=door, person=person).first()
    today = timezone.localdate()
    communes = [(commune.code, commune.name) for commune in communes_of_home()]
    given = request.POST if request.method == "POST" else None
    form = AvailabilityForm(given, mondays=_plannable(today), communes=communes, row=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done = form.cleaned_data
            try:
                planning.say_availability(
                    Actor.of(request.reader),
                    request.reader,
                    door,
                    person,
                    days=done["days"],
                    skills=done["skills"],
                    communes=done["communes"],
                    weeks=form.weeks,
                    revision=done["revision"],
                )
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, _("C’est noté. Calculez le plan de nouveau pour qu’il en tienne compte."))
                return redirect("pathway:week_of", pk=door.pk)
    context = {
        "form": form,
        "name": names_of([person])[person],
        "door": door,
        "trail": [*TRAIL, (_("La semaine de l’équipe"), reverse("pathway:week_of", args=[door.pk]))],
    }
    return render(request, "pathway/planning/availability.html", context, status=status)


def _asked_monday(request: HttpRequest, today: date) -> date:
    """The Monday of the address, within a year; else that of the first week to plan."""
    try:
        asked = monday_of(date.fromisoformat(request.GET.get("lundi", "")))
    except ValueError:
        return first_monday(today)
    return asked if abs((asked - today).days) <= 366 else first_monday(today)


def _plannable(today: date) -> list[date]:
    """The Mondays that a person may settle: this week's and those of the plan."""
    last = first_monday(today) + (team_settings().weeks - 1) * WEEK
    return [monday_of(today) + week * WEEK for week in range((last - monday_of(today)).days // 7 + 1)]


def _reason(found: TeamWeek, pk: UUID) -> str:
    """Why a firm waits, is late or is left out, in the plan's words; empty when it has its visit."""
    for rows in (found.owed, found.waiting, found.aside):
        for firm, why in rows:
            if firm.pk == pk:
                return why
    return ""
