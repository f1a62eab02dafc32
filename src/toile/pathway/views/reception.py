"""A door receives: who waits, somebody at the counter, the long page of questions kept as one goes, the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.permissions import require
from toile.pathway.forms.reception import ConcludeForm, ReceiveForm, TakeInForm
from toile.pathway.models import AnswerBy, Case, CaseState
from toile.pathway.permissions.cases import ACCOMPANY
from toile.pathway.queries.cases import doors_of
from toile.pathway.queries.people import names_of
from toile.pathway.queries.procedures import in_force, procedure_in, running
from toile.pathway.queries.reception import (
    initiated,
    interview_of,
    lately_received,
    reads_every_answer,
    waiting_at,
)
from toile.pathway.queries.summaries import as_text, summary_from, summary_of
from toile.pathway.rules.answers import Conflict
from toile.pathway.rules.matrix import matrix
from toile.pathway.services import reception as services
from toile.pathway.services.answers import save_answers
from toile.pathway.services.cases import require_here
from toile.pathway.services.initiations import read_notes
from toile.pathway.views.cases import TRAIL, given_by, opened, shown
from toile.pathway.views.holding import plain
from toile.pathway.views.interviews import Interviewed, changed_places, changed_sections, interviewed
from toile.territory.queries import communes_of_home


def waiting(request: HttpRequest) -> HttpResponse:
    """`/parcours/accueil/`: who asks to be received at one's doors, and who was received lately."""
    doors = doors_of(request.reader)
    version = in_force()
    context = {
        "trail": TRAIL,
        "doors": doors,
        "waiting": waiting_at(doors),
        "lately": lately_received(doors),
        "initiated": initiated(request.reader, version) if version else None,
    }
    return render(request, "pathway/reception/waiting.html", context)


def receive(request: HttpRequest) -> HttpResponse:
    """`/parcours/accueil/nouveau/`: somebody stands at the door."""
    doors = doors_of(request.reader)
    form = ReceiveForm(given_by(request), doors=doors) if doors else None
    if form is not None and form.is_valid():
        try:
            case = services.receive(
                Actor.of(request.reader), request.reader, form.chosen, form.contact, form.cleaned_data["title"]
            )
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(_first_question(case))
    status = 422 if form is not None and form.errors else 200
    return render(request, "pathway/reception/receive.html", {"trail": _trail(), "form": form}, status=status)


def take_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/recevoir/`: receive who wrote; their project gets a name and its identity."""
    case = at_the_door(request, pk)
    form = TakeInForm(given_by(request), initial={"title": case.title})
    if form.is_valid():
        try:
            services.take_in(Actor.of(request.reader), request.reader, case, form.cleaned_data["title"])
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect(_first_question(case))
    context = shown(request.reader, case, "pathway:reception") | {"trail": _trail(), "form": form}
    return render(request, "pathway/reception/take_in.html", context, status=422 if form.errors else 200)


def reception(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/accueil/`: every question on one page; without a script, each section is sent whole."""
    case = at_the_door(request, pk)
    conflicts: tuple[Conflict, ...] = ()
    status = 200
    now = _interviewed(request, case, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _must_be_open(case)
        base, mine = now.sent()
        saved = save_answers(
            Actor.of(request.reader), case, base, mine, by=AnswerBy.ADVISER, person=request.reader.person
        )
        conflicts = saved.conflicts
        if not conflicts and not now.refused:
            messages.success(request, _("Enregistré."))
            return redirect(f"{reverse('pathway:reception', args=[case.pk])}#{request.POST.get('partie', '')[:20]}")
        status = 409 if conflicts else 422
        case.refresh_from_db()
        now = _interviewed(request, case, request.POST, conflicts)
    return _page(request, case, now, status)


@require_POST
def answer(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """`…/accueil/<code>/`: one question kept as soon as it is answered, with what it opens or closes."""
    case = at_the_door(request, pk)
    _must_be_open(case)
    before = _interviewed(request, case, request.POST, only=code)
    base, mine = before.sent()
    saved = save_answers(Actor.of(request.reader), case, base, mine, by=AnswerBy.ADVISER, person=request.reader.person)
    after = _interviewed(
        request, case, request.POST if before.refused or saved.conflicts else None, saved.conflicts, code
    )
    context = {
        "case": case,
        "one": after.one(code),
        "places": changed_places(before, after, code),
        "sections": changed_sections(before, after),
        "now": after,
        "saved_at": timezone.localtime(),
        **_aside(case, after),
    }
    # 200 even when refused: the reply says so beside the question, and nothing typed is touched.
    return render(request, "pathway/reception/answered.html", context)


@require_POST
def conclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/accueil/conclure/`: a person says the stage."""
    case = at_the_door(request, pk)
    form = ConcludeForm(request.POST, stages=matrix().titles.items())
    if form.is_valid():
        try:
            given = form.cleaned_data
            services.conclude(Actor.of(request.reader), request.reader, case, given["stage"], given["reason"])
        except UserError as refused:
            form.add_error("reason", refused.message)
        else:
            messages.success(request, _("L’accueil est conclu. La suite : l’orientation."))
            return redirect("pathway:summary", pk=case.pk)
    return _page(request, case, _interviewed(request, case, None), 422, form)


def summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/dossiers/<id>/resume/`: the summary, for the door, the holder, and a partner as far as agreed."""
    case = opened(request, pk)
    with_answers = reads_every_answer(request.reader, case)
    told = summary_of(case, timezone.localdate(), get_language() or "")
    context = shown(request.reader, case, "pathway:summary") | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "summary": told,
        "with_answers": with_answers,
        "text_url": reverse("pathway:summary_text", args=[case.pk]),
        "plain": as_text(told, door=str(case.door or ""), with_answers=with_answers),
    }
    return render(request, "pathway/reception/summary.html", context)


def summary_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/resume.txt`: the same as plain text, for the door's own software."""
    case = opened(request, pk)
    told = summary_of(case, timezone.localdate(), get_language() or "")
    return plain(as_text(told, door=str(case.door or ""), with_answers=reads_every_answer(request.reader, case)))


def initiation(request: HttpRequest) -> HttpResponse:
    """`/parcours/accueil/initiation/`: what an adviser should know of the ESS, note by note, each read once."""
    version = in_force()
    if request.method == "POST":
        codes = request.POST.getlist("lu")[:100]
        found = read_notes(Actor.of(request.reader), request.reader, version, codes) if version else None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        if found and found.completed_at:
            messages.success(request, _("Vous avez lu toutes les notes de cette version."))
        return redirect("pathway:initiation")
    procedure = running()
    context = {
        "trail": _trail(),
        "procedure": procedure,
        "initiated": initiated(request.reader, version) if version else None,
        "notes": [
            {
                "code": question.code,
                "question": procedure.said(question.adviser or question.wording, get_language() or ""),
                "note": procedure.said(question.note, get_language() or ""),
                "is_read": is_read,
            }
            for question, is_read in (initiated(request.reader, version).notes if version else ())
        ],
    }
    return render(request, "pathway/reception/initiation.html", context)


def at_the_door(request: HttpRequest, pk: UUID) -> Case:
    """A case, for who receives at its door; what it reads is noted. Raises `NotVisible`, `Forbidden`."""
    require(request.reader, ACCOMPANY.code)
    case = opened(request, pk)
    require_here(request.reader, case)
    return case


def _must_be_open(case: Case) -> None:
    if case.state not in CaseState.living():
        raise NotVisible(_("Ce dossier est terminé : ses réponses ne changent plus."))


def _interviewed(
    request: HttpRequest, case: Case, data: Any, conflicts: tuple[Conflict, ...] = (), only: str = ""
) -> Interviewed:
    return interviewed(
        interview_of(case, timezone.localdate()), data, conflicts=conflicts, only=only, language=get_language() or ""
    )


def _aside(case: Case, now: Interviewed) -> dict[str, Any]:
    """The margin: what the answers say so far. No query."""
    told = summary_from(
        now.interview.procedure,
        now.interview.answers,
        timezone.localdate(),
        stage=case.stage,
        language=get_language() or "",
    )
    return {"summary": told, "progress": now.interview.progress}


def _page(
    request: HttpRequest, case: Case, now: Interviewed, status: int = 200, form: ConcludeForm | None = None
) -> HttpResponse:
    aside = _aside(case, now)
    decided = case.stage if case.concluded_at else ""
    context = shown(request.reader, case, "pathway:reception") | {
        "trail": [*TRAIL, (str(case), reverse("pathway:case", args=[case.pk]))],
        "now": now,
        "names": names_of({row.person for row in now.interview.rows.values() if row.person}),
        "communes": [one.name for one in communes_of_home()],
        "initiated": initiated(request.reader, case.procedure),
        "conclude": form or ConcludeForm(stages=matrix().titles.items(), initial={"stage": decided}, auto_id="fin_%s"),
        "is_open": case.state == CaseState.OPEN,
        **aside,
    }
    return render(request, "pathway/reception/reception.html", context, status=status)


def _first_question(case: Case) -> str:
    """The page of questions, at its first section: the keyboard goes on from there."""
    section = procedure_in(case.procedure).sections[0].code
    return f"{reverse('pathway:reception', args=[case.pk])}#{section}"


def _trail() -> list[tuple[object, object]]:
    return [*TRAIL, (_("Accueil des projets"), reverse("pathway:waiting"))]
