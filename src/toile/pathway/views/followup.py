"""Following young firms, for the advisers of a door: what waits, who could enter, one firm with its score."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Organisation
from toile.directory.models.organisations import Stage
from toile.kernel.acts import Actor
from toile.kernel.errors import Forbidden, NotVisible, UserError
from toile.kernel.readers import Reader
from toile.kernel.seen import seen
from toile.pathway.forms.followup import EnterForm, NoticesForm
from toile.pathway.models import Case, CaseState, Door, Followed, FollowedSource
from toile.pathway.permissions.followup import FOLLOW_READ
from toile.pathway.queries.cases import advisers_of, doors_of, works_here
from toile.pathway.queries.cohort import candidates as found_candidates
from toile.pathway.queries.cohort import lines
from toile.pathway.queries.followed import followed_for, follows
from toile.pathway.queries.followup_page import page_of
from toile.pathway.queries.people import names_of
from toile.pathway.rules.collective import court_of, helps
from toile.pathway.rules.signals import weights
from toile.pathway.services import following, notices
from toile.pathway.views.cases import TRAIL

TRAIL_FOLLOWUP = [*TRAIL, (gettext_lazy("Suivi des jeunes structures"), reverse_lazy("pathway:followup"))]
FIRST = 10
"""Firms told on the first page; the list has them all."""


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when its page is only read. An empty sending is one, and is answered."""
    return request.POST if request.method == "POST" else None


def followup(request: HttpRequest) -> HttpResponse:
    """`/parcours/suivi/`: who to call first, what is contested, who has been silent, who is three years old."""
    rows = lines(request.reader, present=True)
    scored = sorted((row for row in rows if row.score), key=lambda row: -(row.score.risk if row.score else 0))
    bands = [
        (band, sum(row.score is not None and row.score.risk_band is band for row in rows))
        for band in reversed(weights().bands)
        if band.side == "risk"
    ]
    context = {
        "count": len(rows),
        "bands": bands,
        "first": [row for row in scored if row.score and row.score.risk_band.within_days][:FIRST],
        "contested": [row for row in rows if row.contested][:FIRST],
        "over": [row for row in rows if row.is_over][:FIRST],
        "growing": [
            row
            for row in sorted(scored, key=lambda row: -(row.score.potential if row.score else 0))
            if row.score and row.score.potential_band.start
        ][:FIRST],
        "warning": weights().warning,
        "doors": doors_of(request.reader),
        "trail": TRAIL,
    }
    return render(request, "pathway/followup/home.html", context)


def candidates(request: HttpRequest) -> HttpResponse:
    """`/parcours/suivi/entrer/`: the young firms that nobody follows, or any firm found by its name; some at once."""
    doors = doors_of(request.reader)
    if request.method == "POST":
        door = _door(doors, request.POST.get("door", ""))
        chosen = [UUID(pk) for pk in request.POST.getlist("firm")[:100] if _is_uuid(pk)]
        firms = Organisation.objects.visible_to(request.reader).filter(pk__in=chosen).order_by("sort_name", "pk")
        entered, refused = following.enter_from_sirene(
            Actor.of(request.reader), request.reader, door, list(firms), request.reader.person
        )
        if entered:
            messages.success(request, following.told(entered))
        for sentence in refused[:10]:
            messages.warning(request, sentence)
        if not chosen:
            messages.warning(request, _("Cochez au moins une structure."))
        return redirect("pathway:followed_candidates")
    words = request.GET.get("q", "")[:200]
    page = found_candidates(request.reader, words, request.GET.get("page"))
    context = {"page": page, "words": words, "doors": doors, "trail": TRAIL_FOLLOWUP}
    return render(request, "pathway/followup/candidates.html", context)


def _is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


def _door(doors: list[Door], chosen: str) -> Door:
    """The door chosen among one's own; the only one when there is one."""
    found = next((door for door in doors if str(door.pk) == chosen or len(doors) == 1), None)
    if found is None:
        raise Forbidden(_("Choisissez une porte où vous recevez."))
    return found


def enter(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """`/parcours/suivi/entrer/<structure>/`: one firm enters, with its birth, who calls it and how it is reached."""
    firm = Organisation.objects.visible_to(request.reader).select_related("canonical").filter(pk=organisation).first()
    if firm is None:
        raise NotVisible(_("Cette structure n’existe pas, ou n’est pas ouverte à tous."))
    doors = doors_of(request.reader)
    advisers = names_of({person for door in doors for person in advisers_of(door)})
    case = _case_of(request.reader, firm)
    initial = {"born_on": firm.canonical.created_on, "adviser": str(request.reader.person)}
    form = EnterForm(sent(request), initial=initial, doors=doors, advisers=advisers)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = following.enter(
                Actor.of(request.reader),
                request.reader,
                _door(doors, said["door"]),
                firm,
                source=FollowedSource.PATH if case else FollowedSource.HAND,
                born_on=said["born_on"],
                contact=said["contact"],
                email=said["email"],
                closing_month=said["closing_month"],
                adviser=said["adviser"],
                case=case,
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("La structure est suivie : le premier point partira dans trois mois."))
            return redirect("pathway:followed", pk=made.pk)
    context = {"form": form, "firm": firm.canonical, "doors": doors, "trail": TRAIL_FOLLOWUP}
    return render(request, "pathway/followup/enter.html", context, status=422 if form.errors else 200)


def _case_of(reader: Reader, firm: Organisation) -> Case | None:
    """The case by which this structure came, if the reader may read one."""
    return (
        Case.objects.visible_to(reader).filter(organisation__canonical=firm.canonical_id).order_by("-begun_at").first()
    )


def take_notices(request: HttpRequest) -> HttpResponse:
    """`/parcours/suivi/annonces/`: what the BODACC published of the firms followed becomes signals, told one by one."""
    form = NoticesForm(sent(request), request.FILES if request.method == "POST" else None)
    done, others = None, 0
    if request.method == "POST" and form.is_valid():
        try:
            done, others = notices.take(Actor.of(request.reader), request.reader, form.cleaned_data["file"])
        except UserError as refused:
            form.add_error("file", refused.message)
    context = {"form": form, "done": done, "others": others, "scale": weights(), "trail": TRAIL_FOLLOWUP}
    return render(request, "pathway/followup/notices.html", context, status=422 if form.errors else 200)


def opened(request: HttpRequest, pk: UUID) -> Followed:
    """The first line of every page of a followed firm for its door: fetched, authorised, its reading noted."""
    found = followed_for(request.reader, pk)
    if not follows(request.reader, found):
        raise Forbidden(_("Ce suivi est celui d’une autre porte."))
    seen(request.reader, found.pk, FOLLOW_READ.code)
    return found


def trail_to(found: Followed) -> list[tuple[Any, Any]]:
    """The path to a page of one firm."""
    return [*TRAIL_FOLLOWUP, (found.organisation.canonical.name, reverse("pathway:followed", args=[found.pk]))]


def followed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/suivi/<id>/`: one firm: its scores with their reasons, its signals, check-ins and calls."""
    found = opened(request, pk)
    context = {
        "firm": found,
        "structure": found.organisation.canonical,
        "page": page_of(found, timezone.localdate(), names=True),
        "scale": weights(),
        "helps": helps(),
        "court": court_of(found.organisation.canonical.legal_category),
        "trail": TRAIL_FOLLOWUP,
    }
    return render(request, "pathway/followup/followed.html", context)


def panel(reader: Reader, case: Case) -> dict[str, Any] | None:
    """On a case: that its structure is followed, or the button that begins it; for the people of its door."""
    if not works_here(reader, case) or case.organisation_id is None or case.state not in CaseState.living():
        return None
    now = Followed.objects.present().filter(organisation__canonical__members=case.organisation_id).first()
    if now is None and case.organisation and case.organisation.canonical.stage != Stage.ACTIVE:
        return None
    mine = now is not None and Followed.objects.visible_to(reader).filter(pk=now.pk).exists()
    return {"followed": now, "is_mine": mine, "organisation": case.organisation_id}
