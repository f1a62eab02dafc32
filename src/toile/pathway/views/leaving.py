"""Who follows what at a door, and handing it over when somebody leaves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.typography import french_number
from toile.pathway.forms.leaving import LeavingForm
from toile.pathway.queries.cases import doors_of
from toile.pathway.queries.leaving import SHOWN, charges, followed_cases, followed_firms
from toile.pathway.queries.week_page import door_for
from toile.pathway.services import leaving as services
from toile.pathway.views.cases import TRAIL


def leaving(request: HttpRequest) -> HttpResponse:
    """`/parcours/relais/`: who follows what at one's doors; those who left come first."""
    rows = [(door, charges(door)) for door in doors_of(request.reader)]
    return render(request, "pathway/planning/leaving.html", {"rows": rows, "trail": TRAIL})


def person(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """`/parcours/relais/<porte>/<personne>/`: hand over all or some of what somebody follows."""
    door = door_for(request.reader, pk)
    everybody = {one.person: one for one in charges(door)}
    if person not in everybody:
        raise NotVisible(_("Cette personne ne suit rien à cette porte."))
    cases, firms = followed_cases(door, person), followed_firms(door, person)
    form = LeavingForm(
        request.POST if request.method == "POST" else None,
        others=[(one.person, one.name) for one in everybody.values() if one.is_here and one.person != person],
        cases=[(case.pk, f"{case} ({case.get_state_display()})") for case in cases[:SHOWN]],
        firms=[(firm.pk, str(firm)) for firm in firms.select_related("organisation")[:SHOWN]],
    )
    if form.is_valid():
        try:
            done = services.hand_all(
                Actor.of(request.reader),
                request.reader,
                door,
                person,
                UUID(form.cleaned_data["to"]),
                form.cleaned_data["words"],
                cases=form.chosen("cases"),
                firms=form.chosen("firms"),
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            said = {"cases": french_number(done.cases), "firms": french_number(done.firms)}
            messages.success(request, _("Le relais est passé. Dossiers : %(cases)s ; structures : %(firms)s.") % said)
            return redirect("pathway:leaving")
    context = {
        "form": form,
        "one": everybody[person],
        "door": door,
        "counts": (cases.count(), firms.count()),
        "most": SHOWN,
        "trail": [*TRAIL, (_("Passer le relais"), reverse("pathway:leaving"))],
    }
    return render(request, "pathway/planning/leaving_person.html", context, status=422 if form.errors else 200)
