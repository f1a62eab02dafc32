"""What an adviser does about a followed firm: reach, note, call, ask, answer what it contests, end the following."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.next_page import next_page
from toile.pathway.forms.followup import CallForm, DecideForm, LeaveForm, ReachForm, SignalForm, WhyForm
from toile.pathway.models import Followed, Signal
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.people import names_of
from toile.pathway.rules.signals import weights
from toile.pathway.services import check_ins, following, signals
from toile.pathway.views.followup import opened, sent, trail_to


def _page(
    request: HttpRequest,
    firm: Followed,
    form: forms.Form,
    words: dict[str, Any],
    do: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """One form of a firm's page. words: `title`, `lead`, `submit`, and what else the page shows. done: said after."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do(form.cleaned_data)
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, done)
                return redirect(next_page(request, _address(firm)))
    context = {"form": form, "firm": firm, "trail": trail_to(firm), "cancel_url": _address(firm), **words}
    return render(request, "pathway/followup/act.html", context, status=status)


def _address(firm: Followed) -> str:
    return redirect("pathway:followed", pk=firm.pk).url


def reach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/joindre/`: who calls it, and how it is reached."""
    firm = opened(request, pk)
    advisers = advisers_of(firm.door)
    initial = {
        "adviser": str(firm.adviser or ""),
        "contact": firm.contact,
        "email": firm.email,
        "closing_month": firm.closing_month,
    }
    form = ReachForm(sent(request), initial=initial, advisers=names_of(advisers))

    def change(said: dict[str, Any]) -> None:
        following.change(Actor.of(request.reader), request.reader, firm, advisers=advisers, **said)

    words = {"title": _("Joindre la structure"), "submit": _("Enregistrer")}
    return _page(request, firm, form, words, change, _("C’est enregistré."))


def signal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/noter/`: something is known of the firm, since a day, from somewhere."""
    firm = opened(request, pk)
    form = SignalForm(sent(request))

    def note(said: dict[str, Any]) -> None:
        signals.note(Actor.of(request.reader), request.reader, firm, **said)

    words = {"title": _("Noter un signal"), "lead": weights().warning, "submit": _("Noter ce signal")}
    return _page(request, firm, form, words, note, _("C’est noté. La structure peut le lire et le contester."))


def call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/appel/`: the firm was called, or nobody answered."""
    firm = opened(request, pk)
    form = CallForm(sent(request))

    def note(said: dict[str, Any]) -> None:
        signals.note_call(
            Actor.of(request.reader),
            request.reader,
            firm,
            reached=said["reached"] == "yes",
            words=said["words"],
            next_on=said["next_on"],
        )

    words = {"title": _("Noter un appel"), "submit": _("Noter cet appel")}
    return _page(request, firm, form, words, note, _("L’appel est noté."))


def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/sortie/`: the following ends, on a day, for a reason."""
    firm = opened(request, pk)
    form = LeaveForm(sent(request), initial={"on": timezone.localdate()})

    def end(said: dict[str, Any]) -> None:
        following.leave(Actor.of(request.reader), request.reader, firm, said["why"], said["on"])

    lead = _("Seule « a cessé » compte comme une fin d’activité ; les autres raisons disent qu’on ne la voit plus.")
    words = {"title": _("Terminer le suivi"), "lead": lead, "submit": _("Terminer le suivi")}
    return _page(request, firm, form, words, end, _("Le suivi est terminé. Les notes restent deux ans."))


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/point/`: the five questions leave now, ahead of the calendar."""
    firm = opened(request, pk)
    try:
        check_ins.ask_now(Actor.of(request.reader), request.reader, firm)
    except UserError as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("Les cinq questions partent par courriel. La réponse paraîtra ici."))
    return redirect("pathway:followed", pk=firm.pk)


def signal_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/signaux/<id>/clore/`: a signal is over, or was an error."""
    found, firm = _signal(request, pk)
    form = WhyForm(sent(request))

    def close(said: dict[str, Any]) -> None:
        mistaken = said["mistaken"] == "yes"
        signals.close(Actor.of(request.reader), request.reader, found, why=said["why"], mistaken=mistaken)

    family = weights().families.get(found.family)
    words = {"title": _("Clore un signal"), "lead": _told(found), "submit": _("Clore ce signal")}
    words["hint"] = family.solved if family else ""
    return _page(request, firm, form, words, close, _("Le signal est clos : il ne compte plus."))


def signal_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/signaux/<id>/repondre/`: what the firm contests is kept or taken away, with a reason."""
    found, firm = _signal(request, pk)
    form = DecideForm(sent(request))

    def decide(said: dict[str, Any]) -> None:
        keeps = said["keeps"] == "yes"
        signals.decide(Actor.of(request.reader), request.reader, found, keeps=keeps, why=said["why"])

    words = {"title": _("Répondre à la structure"), "lead": _told(found), "submit": _("Répondre")}
    words["contested"] = found.contested
    return _page(request, firm, form, words, decide, _("C’est répondu. La structure lit votre raison."))


def _signal(request: HttpRequest, pk: UUID) -> tuple[Signal, Followed]:
    """A signal and its firm, for the people of its door; what belongs to another door does not exist."""
    found = Signal.objects.filter(pk=pk, followed__in=Followed.objects.visible_to(request.reader)).first()
    if found is None:
        raise NotVisible(_("Ce signal n’existe pas, ou n’est pas ouvert à vous."))
    firm = opened(request, found.followed_id)
    found.followed = firm
    return found, firm


def _told(found: Signal) -> str:
    """What a signal says, in words."""
    level = weights().levels.get(found.level)
    return _(level.wording) if level else found.level
