"""The team's campaigns of confirmation: preparing one, following who answered, mending what stops it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from toile.directory.forms_campaigns import AddressForm, CampaignForm
from toile.directory.models import Campaign, Confirmation, Organisation
from toile.directory.models.campaigns import CampaignState, ConfirmationState, Pending
from toile.directory.permissions import CAMPAIGN
from toile.directory.queries import campaigns as queries
from toile.directory.services import campaigns as services
from toile.directory.services import confirmations
from toile.directory.services.campaign_letters import words_of
from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.kernel.exports import csv_rows
from toile.kernel.lists.streaming import streamed
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for
from toile.kernel.readers import Reader
from toile.kernel.typography import french_number

COLUMNS: Final = ("Structure", "Commune", "État", "Lettre", "Relances", "Réponse", "Identifiant dans l’annuaire")


def campaigns(request: HttpRequest) -> HttpResponse:
    """`/annuaire/campagnes/`: those that were, are, or are being prepared."""
    page = queries.campaigns(request.reader, request.GET.get("page"))
    return render(request, "directory/campaigns.html", {"page": page})


def campaign_new(request: HttpRequest) -> HttpResponse:
    """`/annuaire/campagnes/nouvelle/`: a letter and whom to ask; the list's own address brings its filters along."""
    listed = reverse("directory:list")
    given = request.GET.urlencode()
    initial = {
        "name": _("Confirmation %(year)s") % {"year": timezone.localdate().year},
        "whom": f"{listed}?{given}" if given else "",
    }
    return _written(request, None, CampaignForm(request.POST or None, initial=initial))


def campaign_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/campagnes/<id>/modifier/`: the same, until it starts."""
    found = get_for(request.reader, Campaign.objects.all(), to=CAMPAIGN.code, pk=pk)
    if found.state != CampaignState.DRAFT:
        return redirect("directory:campaign", pk=found.pk)
    whom = f"{reverse('directory:list')}?{found.whom}" if found.whom else ""
    initial = {"name": found.name, "whom": whom, "subject": found.subject, "words": found.words}
    return _written(request, found, CampaignForm(request.POST or None, initial=initial))


def _written(request: HttpRequest, campaign: Campaign | None, form: CampaignForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        actor = Actor.of(request.reader)
        if campaign is None:
            campaign = services.prepare(actor, request.reader, **form.cleaned_data)
        else:
            services.change(actor, request.reader, campaign, **form.cleaned_data)
        messages.success(request, _("La campagne est prête. Relisez la lettre, puis lancez-la."))
        return redirect("directory:campaign", pk=campaign.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "directory/campaign_write.html", context, status=422 if form.errors else 200)


# --- One campaign ----------------------------------------------------------------------------------------------------


def _start(actor: Actor, reader: Reader, campaign: Campaign) -> str:
    services.start(actor, reader, campaign)
    return _("La campagne est lancée. Les lettres partent ; cette page suit les réponses.")


def _remind(actor: Actor, reader: Reader, campaign: Campaign) -> str:
    n = services.remind(actor, reader, campaign)
    return ngettext("Une relance part.", "%(n)s relances partent.", n) % {"n": french_number(n)}


def _end(actor: Actor, reader: Reader, campaign: Campaign) -> str:
    services.end(actor, reader, campaign)
    return _("La campagne est finie. Ses liens ne servent plus.")


ACTS: Final[Mapping[str, Callable[[Actor, Reader, Campaign], str]]] = {
    "start": _start,
    "remind": _remind,
    "end": _end,
}


def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/campagnes/<id>/`: before it starts, who would be asked and the letter; then who answered what."""
    found = get_for(request.reader, Campaign.objects.all(), to=CAMPAIGN.code, pk=pk)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act:
                messages.success(request, act(Actor.of(request.reader), request.reader, found))
        except UserError as refused:
            messages.error(request, refused.message)
        return redirect("directory:campaign", pk=found.pk)
    if found.state == CampaignState.DRAFT:
        return _prepared(request, found)
    state = request.GET.get("etat", "")
    context = {
        "campaign": found,
        "asked_words": queries.whom_in_words(found.whom),
        "state": state if state in ConfirmationState.values else "",
        "followed": queries.follow_up(request.reader, found, state=state, page=request.GET.get("page")),
        "address_form": AddressForm(auto_id=False),
        "here": request.get_full_path(),
    }
    return render(request, "directory/campaign.html", context)


def _prepared(request: HttpRequest, found: Campaign) -> HttpResponse:
    reach = queries.reach(found.whom)
    example = queries.example(found.whom)
    subject, words = found.subject, found.words
    if example:
        subject, words = words_of(found, example, _("(le lien propre à chaque structure)"))
    context = {
        "campaign": found,
        "asked_words": queries.whom_in_words(found.whom),
        "reach": reach,
        "list_url": reverse("directory:list") + (f"?{found.whom}" if found.whom else ""),
        "subject": subject,
        "words": words,
        "example": example,
    }
    return render(request, "directory/campaign_draft.html", context)


@require_safe
def campaign_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """`/annuaire/campagnes/<id>/suivi.csv`: the table, filtered as it is, in a spreadsheet; no address is in it."""
    found = get_for(request.reader, Campaign.objects.all(), to=CAMPAIGN.code, pk=pk)
    rows = queries.in_rows(queries.confirmations(request.reader, found, request.GET.get("etat", "")))
    chunks = (chunk.encode() for chunk in csv_rows([_(title) for title in COLUMNS], rows, excel_fr=True))
    response = streamed(request, chunks, "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="campagne-{timezone.localdate().isoformat()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


# --- One structure asked ---------------------------------------------------------------------------------------------


def confirmation_address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/campagnes/reponses/<id>/adresse/`: where to write, or that the letter came back; then back there."""
    found = _asked(request, pk)
    otherwise = reverse("directory:campaign", args=[found.campaign_id])
    form = AddressForm(request.POST or None)
    actor = Actor.of(request.reader)
    if request.method == "POST" and request.POST.get("returned"):
        services.note_returned(actor, request.reader, found)
        messages.success(request, _("C’est noté : l’adresse ne marche pas. Donnez-en une autre si vous l’avez."))
        return redirect(next_page(request, otherwise))
    if request.method == "POST" and form.is_valid():
        services.give_address(actor, request.reader, found, form.cleaned_data["email"])
        messages.success(request, _("C’est enregistré. La lettre part à cette adresse."))
        return redirect(next_page(request, otherwise))
    context = {
        "form": form,
        "confirmation": found,
        "organisation": found.organisation.canonical,
        "next": next_page(request, otherwise),
    }
    return render(request, "directory/confirmation_address.html", context, status=422 if form.errors else 200)


@require_POST
def confirmation_treat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/campagnes/reponses/<id>/traiter/`: a correction or a closure stands, or does not; then back there."""
    found = _asked(request, pk)
    pending, keep = request.POST.get("pending", ""), request.POST.get("keep") == "1"
    known = Pending(pending) if pending in Pending.values else Pending.NOTHING
    confirmations.treat(Actor.of(request.reader), request.reader, found, pending=known, keep=keep)
    messages.success(request, _("C’est fait."))
    return redirect(next_page(request, reverse("directory:campaign", args=[found.campaign_id])))


@require_POST
def vouch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/<id>/verifiee/`: a person of the team checked this entry; then back where they were."""
    found = get_for(request.reader, Organisation.objects.all(), to=CAMPAIGN.code, pk=pk)
    confirmations.vouch(Actor.of(request.reader), request.reader, found)
    messages.success(request, _("C’est noté : vous avez vérifié cette fiche aujourd’hui."))
    return redirect(next_page(request, found.get_absolute_url()))


def _asked(request: HttpRequest, pk: UUID) -> Confirmation:
    rows = Confirmation.objects.select_related("campaign", "organisation__canonical")
    found: Confirmation = get_for(request.reader, rows, to=CAMPAIGN.code, pk=pk)
    return found
