"""What a holder decides about their own case: who may read it, who did, a copy of it, its end; by link or account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from toile.accounts.queries_own_data import readable
from toile.directory.models import Organisation
from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.pathway.forms.cases import EraseForm, SharingForm
from toile.pathway.models import Case, CaseState
from toile.pathway.queries.cases import case_for
from toile.pathway.queries.people import is_holder, readings_of
from toile.pathway.queries.sharings import partners, sharings_of
from toile.pathway.services import anonymising, sharings
from toile.pathway.services.copies import copy_of
from toile.pathway.services.links import case_of
from toile.pathway.views.case_acts import at_the_door
from toile.pathway.views.cases import TRAIL, given_by, opened, shown

BY_LINK = "link"


@dataclass(frozen=True, slots=True)
class Held:
    """A case held by who asks: by their link (`token`), else by their account."""

    case: Case
    actor: Actor
    token: str = ""

    def url(self, name: str) -> str:
        """The address of one of these pages, for who came this way."""
        return (
            reverse(f"pathway:held_{name}", args=[self.token])
            if self.token
            else reverse(f"pathway:{name}", args=[self.case.pk])
        )


def held(request: HttpRequest, pk: UUID | None, token: str) -> Held:
    """The case and how its holder came; `NotVisible` for anybody else, who is told nothing of it."""
    if token:
        return Held(case_of(token), Actor.of(request.reader, BY_LINK), token)
    assert pk is not None
    case = case_for(request.reader, pk)
    if not is_holder(request.reader, case):
        raise NotVisible(_("Cette page est celle de la personne qui porte le projet."))
    return Held(case, Actor.of(request.reader))


@never_cache
def data(request: HttpRequest, pk: UUID | None = None, token: str = "") -> HttpResponse:
    """`…/donnees/`: the agreements, who read the case, its copy and its end."""
    mine = held(request, pk, token)
    return _page(request, mine, _form(request, None))


@require_POST
def data_give(request: HttpRequest, pk: UUID | None = None, token: str = "") -> HttpResponse:
    """`…/donnees/accord/`: agree that a partner reads something."""
    mine = held(request, pk, token)
    form = _form(request, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        partner = Organisation.objects.get(pk=given["partner"])
        try:
            sharings.give(mine.actor, mine.case, partner, given["what"], given["purpose"])
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Votre accord est noté. Vous pouvez le retirer ici, à tout moment."))
            return redirect(mine.url("data"))
    return _page(request, mine, form, status=422)


@require_POST
def data_withdraw(request: HttpRequest, pk: UUID | None = None, token: str = "") -> HttpResponse:
    """`…/donnees/retrait/`: take an agreement back; the partner reads nothing from now on."""
    mine = held(request, pk, token)
    sharings.withdraw(mine.actor, mine.case, _asked(request))
    messages.success(request, _("Votre accord est retiré, à partir de maintenant. Le partenaire ne lit plus rien."))
    return redirect(mine.url("data"))


@require_POST
def data_copy(request: HttpRequest, pk: UUID | None = None, token: str = "") -> HttpResponse:
    """`…/donnees/copie/`: everything that is kept of the case; `json` for programs, `html` to be read."""
    mine = held(request, pk, token)
    suffix = request.POST.get("forme", "html")
    if suffix not in {"json", "html"}:
        raise Http404
    copy = copy_of(mine.case)
    if suffix == "json":
        answer: HttpResponse = JsonResponse(copy, json_dumps_params={"ensure_ascii": False, "indent": 1})
    else:
        context = {
            "copy": copy,
            "made_at": datetime.fromisoformat(copy["made_at"]),
            "held": readable(copy),
            "stylesheet": settings.TOILE_URL + static("toile/toile.css"),
        }
        answer = render(request, "accounts/own_data_copy.html", context)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(_("mon dossier"))}.{suffix}"'
    answer["Cache-Control"] = "no-store"
    return answer


@never_cache
def data_erase(request: HttpRequest, pk: UUID | None = None, token: str = "") -> HttpResponse:
    """`…/donnees/effacer/`: what goes and what stays, then the end."""
    mine = held(request, pk, token)
    form = EraseForm(given_by(request))
    if form.is_valid():
        anonymising.erase(mine.actor, mine.case)
        messages.success(request, _("Votre dossier est effacé : plus rien ne vous nomme."))
        return redirect("pathway:home")
    context = _around(request, mine, _("Effacer mon dossier")) | {
        "form": form,
        "cancel_url": mine.url("data"),
        "several": mine.case.holders.count() > 1,
        "was_received": mine.case.received_at is not None,
    }
    return render(request, "pathway/cases/erase.html", context, status=422 if form.errors else 200)


def agreements(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/accords/`: what its holder agreed to, and noting what they just said."""
    case = at_the_door(request, pk)
    form = _form(request, given_by(request))
    if form.is_valid():
        given = form.cleaned_data
        partner = Organisation.objects.get(pk=given["partner"])
        try:
            sharings.note_given(
                Actor.of(request.reader), request.reader, case, partner, given["what"], given["purpose"]
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("L’accord est noté. La personne le voit sur sa page, et peut le retirer."))
            return redirect("pathway:agreements", pk=case.pk)
    context = shown(request.reader, case, "pathway:agreements") | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "sharings": sharings_of(case),
        "form": form,
        "is_living": case.state in CaseState.living(),
    }
    return render(request, "pathway/cases/agreements.html", context, status=422 if form.errors else 200)


@require_POST
def agreement_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/accords/retrait/`: the holder said no, and somebody of the door notes it."""
    case = at_the_door(request, pk)
    sharings.note_withdrawn(Actor.of(request.reader), request.reader, case, _asked(request))
    messages.success(request, _("L’accord est retiré. Le partenaire ne lit plus rien."))
    return redirect("pathway:agreements", pk=case.pk)


def _form(request: HttpRequest, given: Any) -> SharingForm:
    """The form of an agreement; `?partenaire=<id>` chooses one, as a letter's link does."""
    asked = _identity(request.GET.get("partenaire", ""))
    also = [asked] if asked else []
    return SharingForm(given, partners=partners(also), initial={"partner": str(asked)} if asked else {})


def _page(request: HttpRequest, mine: Held, form: SharingForm, status: int = 200) -> HttpResponse:
    context = _around(request, mine, _("Accords et données")) | {
        "sharings": sharings_of(mine.case),
        "readings": readings_of(mine.case),
        "form": form,
        "is_living": mine.case.state in CaseState.living(),
        "is_open": form.is_bound or bool(form.initial),
        "urls": {name: mine.url(f"data_{name}") for name in ("give", "withdraw", "copy", "erase")},
    }
    return render(request, "pathway/cases/data.html", context, status=status)


def _around(request: HttpRequest, mine: Held, heading: str) -> dict[str, Any]:
    """What the head of the page needs; by link there are no tabs, since there is no account."""
    if mine.token:
        trail = [*TRAIL, (str(mine.case), reverse("pathway:held", args=[mine.token]))]
        return {"case": mine.case, "tabs": [], "here": False, "trail": trail, "heading": heading}
    found = opened(request, mine.case.pk)
    trail = [*TRAIL, (str(found), reverse("pathway:case", args=[found.pk]))]
    return shown(request.reader, found, "pathway:data") | {"trail": trail, "heading": heading}


def _asked(request: HttpRequest) -> UUID:
    found = _identity(request.POST.get("accord", ""))
    if found is None:
        raise NotVisible(_("Ce partage n’existe pas, ou n’est pas de ce dossier."))
    return found


def _identity(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
