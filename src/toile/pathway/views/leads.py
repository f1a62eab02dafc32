"""Detection: signalling in a minute without an account; the door's queue of calls, and what became of each."""

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

from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.kernel.permissions import get_for
from toile.kernel.readers import Role
from toile.kernel.seen import seen
from toile.kernel.throttle import who_asks
from toile.pathway.forms.leads import CalledForm, CaseForm, DropForm, PassForm, TellForm
from toile.pathway.forms.posting import posted
from toile.pathway.models import Door, Lead, LeadState
from toile.pathway.permissions.orientation import LEAD_TREAT
from toile.pathway.queries import leads as queries
from toile.pathway.rules.delays import delays
from toile.pathway.rules.detection import tellers
from toile.pathway.services import leads as services
from toile.pathway.views.cases import TRAIL
from toile.territory.queries import communes_of_home

TRAIL_LEADS = [*TRAIL, (gettext_lazy("Signalements"), reverse_lazy("pathway:leads"))]
STATES = {"": "waiting", "suivis": "called", "finis": "ended"}


def tell(request: HttpRequest) -> HttpResponse:
    """`/parcours/signaler/`: an idea or a takeover to come, said by anybody in a minute."""
    doors = list(Door.objects.active())
    given: dict[str, Any] = {"communes": communes_of_home(), "doors": doors, "sender": who_asks(request)}
    form = TellForm(posted(request), initial=_asked(request), **given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        signalled = services.Signalled(
            **{name: said[name] for name in ("kind", "teller", "words", "name", "email", "phone", "agreed")},
            teller_name=said["teller_name"],
            teller_email=said["teller_email"],
            commune=form.communes.get(said["commune"]),
        )
        try:
            services.tell(Actor.of(request.reader), signalled, door=said["door"])
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("pathway:told")
    days = min((door.callback_days for door in doors), default=delays().callback)
    context = {"form": form, "days": days, "doors": doors, "trail": TRAIL}
    return render(request, "pathway/orientation/tell.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address already says: `?quoi=reprise` opens the form on a takeover."""
    return {"kind": Lead.Kind.TAKEOVER} if request.GET.get("quoi") == "reprise" else {}


def told(request: HttpRequest) -> HttpResponse:
    """`/parcours/signaler/recu/`: what comes next, and by when."""
    return render(request, "pathway/orientation/told.html", {"days": delays().callback, "trail": TRAIL})


def leads(request: HttpRequest) -> HttpResponse:
    """`/parcours/signalements/`: who is to be called, the first due first; for the team, counts alone."""
    receives = request.reader.has_role(Role.ADVISER)
    state = request.GET.get("etat", "")
    state = state if state in STATES else ""
    queue = queries.queue(request.reader, state=STATES[state], page=request.GET.get("page")) if receives else None
    today = timezone.localdate()
    context = {
        "queue": queue,
        "state": state,
        "became": queries.became(request.reader if receives else None, today),
        "tellers": tellers(),
        "today": today,
        "trail": TRAIL,
    }
    return render(request, "pathway/orientation/leads.html", context)


def lead(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/signalements/<id>/`: one of them: note the call, open a case, pass it on, end it."""
    found: Lead = get_for(request.reader, queries.leads_for(request.reader), to=LEAD_TREAT.code, pk=pk)
    forms = _forms(request, found)
    status = 422 if request.method == "POST" else 200
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act in forms:
        form = forms[act]
        if form.is_valid():
            try:
                return _done(request, found, act, form)
            except UserError as error:
                form.add_error(None, error.message)
                found.refresh_from_db()
                status = 409
    if request.method in ("GET", "HEAD"):
        seen(request.reader, found.pk, LEAD_TREAT.code)
    context = {
        "lead": found,
        "living": found.state in LeadState.living(),
        "late": services.late_by(found, timezone.localdate()),
        "teller": tellers().get(found.teller, found.teller),
        "forms": forms,
        "trail": TRAIL_LEADS,
    }
    return render(request, "pathway/orientation/lead.html", context, status=status)


def _forms(request: HttpRequest, found: Lead) -> dict[str, Any]:
    """One form for each act; only the one that was sent holds what was typed."""
    sent = request.POST.get("act", "") if request.method == "POST" else ""

    def data(act: str) -> Any:
        return request.POST if sent == act else None

    known = {"name": found.name, "phone": found.phone, "email": found.email}
    others = Door.objects.active().exclude(pk=found.door_id)
    return {
        "call": CalledForm(data("call"), initial={"outcome": found.outcome}, auto_id="appel_%s"),
        "case": CaseForm(data("case"), initial=known, auto_id="dossier_%s"),
        "pass": PassForm(data("pass"), doors=others, auto_id="porte_%s"),
        "drop": DropForm(data("drop"), auto_id="fin_%s"),
    }


def _done(request: HttpRequest, found: Lead, act: str, form: Any) -> HttpResponse:
    """Write what was asked and go where it leads. Raises what the services do."""
    actor, reader, said = Actor.of(request.reader), request.reader, form.cleaned_data
    if act == "call":
        services.note_call(actor, reader, found, said["outcome"])
        messages.success(request, _("C’est noté. Le signalement reste à suivre."))
        return redirect("pathway:lead", pk=found.pk)
    if act == "case":
        people = {name: said[name] for name in ("title", "name", "email", "phone")}
        case = services.to_case(actor, reader, found, **people)
        messages.success(request, _("Le dossier est ouvert : la réception peut commencer."))
        return redirect("pathway:case", pk=case.pk)
    if act == "pass":
        services.pass_to(actor, reader, found, Door.objects.active().get(code=said["door"]))
        messages.success(request, _("L’autre porte s’en occupe : elle a son propre délai."))
    else:
        services.drop(actor, reader, found, said["why"])
        messages.success(request, _("C’est noté, et compté."))
    return redirect("pathway:leads")
