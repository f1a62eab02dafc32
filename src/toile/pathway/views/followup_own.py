"""What a followed firm opens by its links, without an account: five questions, what is noted of it, its objections."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.pathway.forms.followup import CheckInForm, ContestForm
from toile.pathway.models import Followed, Signal
from toile.pathway.queries.followed import followed_for
from toile.pathway.queries.followup_page import page_of
from toile.pathway.rules.signals import weights
from toile.pathway.services import check_ins, following, signals
from toile.pathway.views.followup import sent

Page = Callable[..., HttpResponse]
BY_LINK = Actor.system("link: pathway follow-up")


def by_link(page: Page) -> Page:
    """A page opened by a secret link: kept by no cache nor search engine."""

    @wraps(page)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = page(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(opened))


@by_link
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/point/<token>/`: five questions, two minutes; opened again once answered, it says so."""
    found = check_ins.check_in_of(token)
    own = check_ins.own_token(found.followed)
    if found.answered_at is not None:
        context = {"check_in": found, "firm": found.followed, "own": own}
        return render(request, "pathway/followup/check_in_done.html", context)

    def keep(answers: dict[str, Any]) -> None:
        check_ins.answer(BY_LINK, found, answers)

    return _questions(request, found.followed, keep)


@by_link
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/mon-suivi/<token>/point/`: the same questions, taken by the firm without being asked."""
    firm = check_ins.own_of(token)
    if firm.left_on is not None:
        messages.warning(request, _("Votre structure n’est plus suivie par cette porte."))
        return redirect("pathway:followed_own", token=token)

    def keep(answers: dict[str, Any]) -> None:
        check_ins.answer_now(BY_LINK, firm, answers)

    return _questions(request, firm, keep)


def _questions(request: HttpRequest, firm: Followed, keep: Callable[[dict[str, Any]], None]) -> HttpResponse:
    form, status = CheckInForm(sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep(form.answers())
            except check_ins.WrongAnswers as wrong:
                for question, sentence in wrong.faults.items():
                    form.add_error(question, sentence)
            except Conflict as conflict:
                form.add_error(None, conflict.message)
                status = 409
            else:
                messages.success(request, _("Merci, c’est noté : voici ce que l’on en retient."))
                return redirect("pathway:followed_own", token=check_ins.own_token(firm))
    context = {"form": form, "firm": firm, "door": firm.door}
    return render(request, "pathway/followup/check_in.html", context, status=status)


def mine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/ma-structure/`: for who represents the firm, the same page as by its link."""
    firm = followed_for(request.reader, pk)
    if firm.organisation_id not in request.reader.organisations:
        raise NotVisible(_("Ce suivi n’existe pas, ou n’est pas ouvert à vous."))
    return redirect("pathway:followed_own", token=check_ins.own_token(firm))


@by_link
def own(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/mon-suivi/<token>/`: what is noted of the firm, by whom, what it weighs; it corrects and objects."""
    firm = check_ins.own_of(token)
    context = {
        "firm": firm,
        "structure": firm.organisation.canonical,
        "door": firm.door,
        "page": page_of(firm, timezone.localdate(), names=False),
        "token": token,
        "scale": weights(),
    }
    return render(request, "pathway/followup/own.html", context)


@by_link
def contest(request: HttpRequest, token: str, signal: UUID) -> HttpResponse:
    """`/parcours/mon-suivi/<token>/contester/<signal>/`: the firm says what is wrong; a person will answer."""
    firm = check_ins.own_of(token)
    found = Signal.objects.select_related("followed__door").filter(pk=signal, followed=firm).first()
    if found is None:
        raise NotVisible(_("Ce signal n’existe pas, ou n’est pas de votre structure."))
    form, status = ContestForm(sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                signals.contest(BY_LINK, found, form.cleaned_data["words"])
            except UserError as refused:
                form.add_error(None, refused.message)
                status = 409
            else:
                messages.success(request, _("C’est noté : ce signal ne compte plus, une personne vous répondra ici."))
                return redirect("pathway:followed_own", token=token)
    level = weights().levels.get(found.level)
    context = {"form": form, "signal": found, "level": level, "token": token, "firm": firm}
    return render(request, "pathway/followup/contest.html", context, status=status)


@require_POST
@by_link
def score(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/mon-suivi/<token>/score/`: the firm refuses the score, or allows it again."""
    firm = check_ins.own_of(token)
    refuses = request.POST.get("refuse") == "yes"
    following.refuse_score(BY_LINK, firm, refuses=refuses)
    said = _("Aucun score n’est plus calculé.") if refuses else _("Le score est calculé de nouveau.")
    messages.success(request, said)
    return redirect("pathway:followed_own", token=token)
