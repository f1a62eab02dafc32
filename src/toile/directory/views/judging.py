"""One structure or two: the pairs that wait, one at a time; the sure ones together; judgements, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.directory import services
from toile.directory.forms_judging import JudgementForm
from toile.directory.models import Candidate, Judgement, Organisation
from toile.directory.models.records import Verdict
from toile.directory.permissions import JUDGE
from toile.directory.queries import judgements as judged
from toile.directory.queries import judging
from toile.directory.queries import pairs as pairs_waiting
from toile.directory.queries.alike import alike
from toile.directory.queries.parting import parting
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for, require
from toile.kernel.typography import french_number

OUTCOMES = ("juge", "deja", "repris")


def pairs(request: HttpRequest) -> HttpResponse:
    """`/annuaire/doublons/`: the pair to settle now, the surest first, after what was just judged."""
    require(request.reader, JUDGE.code)
    return _ask(request, pairs_waiting.next_pair(request.reader))


def pair(request: HttpRequest, first: UUID, second: UUID) -> HttpResponse:
    """`/annuaire/doublons/<id>/<id>/`: these two, side by side; an answer leads to the next pair that waits."""
    one, other = _organisation(request, first), _organisation(request, second)
    if request.method != "POST":
        return _ask(request, None, one, other)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return _ask(request, None, one, other, form=form, status=422)
    words = form.cleaned_data["words"]
    reasons = [*judging.reasons_of(one, other), *([words] if words else [])]
    try:
        made = services.judge(
            Actor.of(request.reader),
            request.reader,
            one,
            other,
            Verdict(form.cleaned_data["verdict"]),
            reasons,
            instead=form.cleaned_data["instead"],
        )
    except services.AlreadyJudged as conflict:
        # The first answer stands: it is told, with what this person wrote, beside the next pair.
        told = judged.told(request.reader, conflict.judgement.pk)
        found = pairs_waiting.next_pair(request.reader)
        return _ask(request, found, status=409, outcome={"kind": "deja", "told": told, "words": words})
    except UserError as error:
        form.add_error(None, error.message)
        return _ask(request, None, one, other, form=form, status=409 if isinstance(error, Conflict) else 422)
    return redirect(next_page(request, f"{reverse('directory:pairs')}?juge={made.pk}"))


def _organisation(request: HttpRequest, pk: UUID) -> Organisation:
    rows = Organisation.objects.select_related("canonical__main__commune")
    return get_for(request.reader, rows, to=JUDGE.code, pk=pk)


def _ask(
    request: HttpRequest,
    found: Candidate | None,
    first: Organisation | None = None,
    second: Organisation | None = None,
    *,
    form: JudgementForm | None = None,
    outcome: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one pair, or that nothing waits; htmx takes its region, and only of an answer that is no error."""
    if found is not None:
        first, second = _organisation(request, found.first_id), _organisation(request, found.second_id)
    shown = judging.pair(request.reader, first, second) if first and second else None
    standing = shown.standing.judgement.pk if shown and shown.standing else None
    context = {
        "pair": shown,
        "counts": pairs_waiting.counts(request.reader),
        "form": form or JudgementForm(initial={"instead": standing}),
        "outcome": outcome or _outcome(request),
        "part": "pairs",
    }
    shown_status = 200 if request.htmx and status == 409 else status
    return render(request, "directory/judging.html", context, status=shown_status)


def _outcome(request: HttpRequest) -> dict[str, Any] | None:
    """What the address says was just done: a judgement made, or taken back."""
    for kind in OUTCOMES:
        told = judged.told(request.reader, pk) if (pk := _uuid(request.GET.get(kind, ""))) else None
        if told is not None:
            return {"kind": kind, "told": told, "words": ""}
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def sure_pairs(request: HttpRequest) -> HttpResponse:
    """`/annuaire/doublons/sures/`: the pairs that a rule holds for sure, read, then confirmed together."""
    require(request.reader, JUDGE.code)
    rows = pairs_waiting.sure_pairs(request.reader)
    if request.method == "POST":
        chosen = set(request.POST.getlist("paire"))
        asked = [row for row in rows if f"{row.first_id} {row.second_id}" in chosen]
        refused = services.join_all(
            Actor.of(request.reader), request.reader, [(row.first, row.second, row.reasons) for row in asked]
        )
        joined = len(asked) - len(refused)
        if joined:
            said = ngettext("Une paire est réunie.", "%(n)s paires sont réunies.", joined)
            messages.success(request, said % {"n": french_number(joined)})
        for first, second, error in refused:
            pair = get_text_list([f"« {first.name} »", f"« {second.name} »"], _("et"))
            messages.warning(request, _("%(pair)s : %(why)s") % {"pair": pair, "why": error.message})
        if len(chosen) > len(asked):
            messages.warning(request, _("Des paires avaient déjà reçu une réponse : elles sont laissées de côté."))
        if not chosen:
            messages.warning(request, _("Cochez au moins une paire."))
        return redirect("directory:sure_pairs")
    context = {
        "rows": [(row, judged.why(row.reasons)) for row in rows],
        "counts": pairs_waiting.counts(request.reader),
        "part": "sure",
    }
    return render(request, "directory/judging_sure.html", context)


def judgements(request: HttpRequest) -> HttpResponse:
    """`/annuaire/doublons/jugements/`: who said what, when and why; `?reponse=unsure` are the pairs set aside."""
    require(request.reader, JUDGE.code)
    asked = request.GET.get("reponse", "")
    verdict = asked if asked in Verdict.values else ""
    page, rows = judged.judgements(request.reader, verdict, request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows,
        "verdict": verdict,
        "verdicts": Verdict.choices,
        "counts": pairs_waiting.counts(request.reader),
        "part": "aside" if verdict == Verdict.UNSURE else "judgements",
    }
    return render(request, "directory/judging_done.html", context)


def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/jugements/<id>/reprendre/`: what was written since the merge, and whose it is, before the two part again."""
    require(request.reader, JUDGE.code)
    judgement = Judgement.objects.filter(pairs_waiting.both_seen(request.reader), pk=pk).first()
    if judgement is None:
        raise NotVisible(_("Ce jugement n’existe pas."))
    at_once, problem = "vite" in request.POST, ""
    if request.method == "POST":
        moving = None if at_once else request.POST.getlist("ligne")
        try:
            services.withdraw(Actor.of(request.reader), request.reader, judgement, moving=moving)
        except services.WrittenSince:
            return redirect("directory:take_back", pk)
        except Conflict as conflict:
            problem = conflict.message
        else:
            if at_once:
                paired = reverse("directory:pair", args=[judgement.first_id, judgement.second_id])
                return redirect(f"{paired}?repris={pk}")
            messages.success(request, _("Le jugement est repris."))
            return redirect("directory:judgements")
    context = {
        "told": judged.told(request.reader, pk),
        "parting": parting(request.reader, judgement),
        "problem": problem,
        "counts": pairs_waiting.counts(request.reader),
        "part": "judgements",
    }
    return render(request, "directory/judging_back.html", context, status=409 if problem else 200)


def duplicate_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/annuaire/<id>/doublon/`: find the other page of this structure, by its name; then the two are compared."""
    one = _organisation(request, pk).canonical
    words = " ".join(request.GET.get("name", "").split())[:300]
    place = one.main
    city = (place.commune.name if place.commune else place.city) if place else ""
    context = {
        "organisation": one,
        "words": words,
        "found": alike(request.reader, words or one.name, "" if words else city, but=one.pk),
    }
    return render(request, "directory/judging_choose.html", context)
