"""A holder alone with their project: begin, answer one question at a time, come back by a link, choose a door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from toile.kernel.acts import Actor
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.throttle import who_asks
from toile.pathway.forms.answers import AnswerForm
from toile.pathway.forms.reception import BeginForm, LinkForm, SendForm
from toile.pathway.models import AnswerBy, Case, CaseState, Door, Holder
from toile.pathway.panels import panels_of
from toile.pathway.queries.procedures import running
from toile.pathway.queries.reception import Interview, interview_of
from toile.pathway.queries.summaries import as_text, summary_of, told_answer
from toile.pathway.rules.answers import MISSING
from toile.pathway.rules.procedure import CHOICES, Question
from toile.pathway.services import reception
from toile.pathway.services.answers import save_answers
from toile.pathway.services.links import case_of, token_of
from toile.pathway.views.cases import TRAIL, given_by
from toile.pathway.views.interviews import read_again
from toile.territory.queries import communes_of_home

VIA: Final = "link"
Page = Callable[..., HttpResponse]


def by_link(*methods: str) -> Callable[[Page], Page]:
    """A page opened by its secret link: kept by no cache nor search engine, its address given to no other site."""
    return lambda page: _by_link(page, ["GET", "HEAD", *methods])


def _by_link(page: Page, methods: list[str]) -> Page:

    @wraps(page)
    def opened(request: HttpRequest, token: str, **asked: Any) -> HttpResponse:
        response = page(request, case_of(token), token, **asked)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return never_cache(require_http_methods(methods)(opened))


def begin(request: HttpRequest) -> HttpResponse:
    """`/parcours/commencer/`: what will be asked and what becomes of it, then the first question."""
    form = BeginForm(given_by(request), sender=who_asks(request))
    if request.method == "POST" and form.is_valid():
        case = reception.begin(Actor.of(request.reader))
        return redirect("pathway:held_question", token=token_of(case), code=interview(case).asked[0].code)
    procedure = running()
    context = {
        "form": form,
        "procedure": procedure,
        "lead": procedure.said(procedure.lead, get_language()),
        "origin": procedure.said(procedure.origin, get_language()),
        "sections": [procedure.said(section.title, get_language()) for section in procedure.sections],
        "trail": TRAIL,
    }
    return render(request, "pathway/reception/begin.html", context, status=422 if form.errors else 200)


@by_link()
def held(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """`/parcours/mon-dossier/<lien>/`: where the project stands, and what comes next."""
    now = interview(case)
    context = _around(request, case, token) | {
        "interview": now,
        "next": now.after("") if not now.progress.is_complete else None,
        "panels": panels_of(request.reader, case) if case.state in (CaseState.OPEN, CaseState.CLOSED) else {},
        "link_form": LinkForm(auto_id="lien_%s"),
        "link": request.build_absolute_uri(reverse("pathway:held", args=[token])),
        "address": Holder.objects.filter(case=case).exclude(email="").values_list("email", flat=True).first(),
    }
    return render(request, "pathway/reception/held.html", context)


@by_link("POST")
def question(request: HttpRequest, case: Case, token: str, code: str) -> HttpResponse:
    """`…/question/<code>/`: one question, « je ne sais pas » always there; what contradicts is asked back."""
    _must_be_answerable(case)
    now = interview(case)
    asked = next((one for one in now.asked if one.code == code), None)
    if asked is None:
        # A branch left since: the page goes on where the answers now lead.
        return redirect("pathway:held", token=token)
    if request.method != "POST":
        return _question_page(request, case, token, now, asked, _form(now, asked))
    form = _form(now, asked, request.POST)
    if not form.is_valid():
        return _question_page(request, case, token, now, asked, form, status=422)
    if not form.read.is_answered and not asked.optional:
        form.add_error(None, _("Répondez, ou choisissez « Je ne sais pas »."))
        return _question_page(request, case, token, now, asked, form, status=422)
    mine = {code: form.read.value} if form.read.is_answered else {}
    base = {} if form.base is MISSING else {code: form.base}
    saved = save_answers(Actor.of(request.reader, VIA), case, base, mine, by=AnswerBy.HOLDER, person=None)
    if saved.conflicts:
        (conflict,) = saved.conflicts
        now, again = interview(case), read_again(request.POST, code, conflict)
        page = _form(now, asked, again)
        return _question_page(request, case, token, now, asked, page, status=409, conflict=conflict)
    return _after(request, token, interview(case), asked)


def _after(request: HttpRequest, token: str, now: Interview, asked: Question) -> HttpResponse:
    """The next page: the same while a contradiction that it was not shown goes on, the next question, the summary."""
    shown = set(request.POST.getlist("against"))
    if any(one.code not in shown for one in now.against(asked.code)):
        return redirect("pathway:held_question", token=token, code=asked.code)
    following = now.after(asked.code)
    if "fini" in request.POST or following is None:
        return redirect("pathway:held_summary", token=token)
    return redirect("pathway:held_question", token=token, code=following.code)


@by_link()
def summary(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """`…/resume/`: everything said, to read again and correct; the same page as the door's."""
    now = interview(case)
    told = summary_of(case, timezone.localdate(), get_language())
    context = _around(request, case, token) | {
        "summary": told,
        "interview": now,
        "text_url": reverse("pathway:held_summary_text", args=[token]),
        "plain": as_text(told, door=str(case.door or "")),
        "next": now.after("") if not now.progress.is_complete else None,
    }
    return render(request, "pathway/reception/held_summary.html", context)


@by_link()
def summary_text(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """`…/resume.txt`: the same as plain text."""
    return plain(as_text(summary_of(case, timezone.localdate(), get_language()), door=str(case.door or "")))


def plain(text: str) -> HttpResponse:
    """A text shown as it is by a browser, kept by no cache."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@by_link("POST")
def send(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    """`…/porte/`: choose who receives, leave a way to be called back, agree that they read."""
    if case.state != CaseState.BEGUN:
        return redirect("pathway:held", token=token)
    doors = list(Door.objects.active())
    holder = Holder.objects.filter(case=case, is_main=True).first()
    initial = {"title": case.title, "name": holder.name if holder else "", "email": holder.email if holder else ""}
    form = SendForm(given_by(request), doors=doors, initial=initial | {"phone": holder.phone if holder else ""})
    if request.method == "POST" and form.is_valid():
        actor, given = Actor.of(request.reader, VIA), form.cleaned_data
        try:
            reception.send_to_door(actor, case, form.chosen, form.contact, given["title"])
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Votre demande est partie : la porte vous rappelle."))
            return redirect("pathway:held", token=token)
    context = _around(request, case, token) | {"form": form, "doors": doors}
    return render(request, "pathway/reception/send.html", context, status=422 if form.errors else 200)


@require_POST
def link(request: HttpRequest, token: str) -> HttpResponse:
    """`…/lien/`: send the link to an address."""
    case = case_of(token)
    form = LinkForm(request.POST, sender=who_asks(request), auto_id="lien_%s")
    if form.is_valid():
        reception.keep_address(Actor.of(request.reader, VIA), case, form.cleaned_data["email"])
        messages.success(request, _("Le lien est parti par courriel. Gardez-le : il vous ramène ici."))
        return redirect("pathway:held", token=token)
    context = _around(request, case, token) | {"link_form": form}
    return render(request, "pathway/reception/link.html", context, status=422)


def interview(case: Case) -> Interview:
    """Where the interview of a case is, today."""
    return interview_of(case, timezone.localdate())


def _must_be_answerable(case: Case) -> None:
    if case.state == CaseState.CLOSED:
        raise NotVisible(_("Ce dossier est terminé : ses réponses ne changent plus."))


def _form(now: Interview, asked: Question, data: Any = None) -> AnswerForm:
    row = now.rows.get(asked.code)
    places = [one.name for one in communes_of_home()] if "commune" in asked.feeds else []
    base = MISSING if row is None else row.value
    return AnswerForm(now.procedure, asked, data, base=base, language=get_language() or "", places=places)


def _question_page(
    request: HttpRequest,
    case: Case,
    token: str,
    now: Interview,
    asked: Question,
    form: AnswerForm,
    *,
    status: int = 200,
    conflict: Any = None,
) -> HttpResponse:
    against = now.against(asked.code) if asked.code in now.rows else ()
    before = now.before(asked.code)
    context = _around(request, case, token) | {
        "form": form,
        "question": asked,
        "help": now.procedure.said(asked.help, get_language() or ""),
        "section": next(
            (
                now.procedure.said(one.title, get_language() or "")
                for one in now.procedure.sections
                if one.code == asked.section
            ),
            "",
        ),
        "place": now.place(asked.code),
        "total": len(now.asked),
        "before": before,
        "against": against,
        "others": [one for c in against for one in c.questions if one != asked.code],
        "has_button": not all(each.kind in CHOICES for each in asked.parts),
        "places": [one.name for one in communes_of_home()] if "commune" in asked.feeds else [],
        "theirs": told_answer(now.procedure, asked.code, conflict.theirs) if conflict else "",
        "finishing": case.state != CaseState.BEGUN or now.progress.is_complete,
    }
    return render(request, "pathway/reception/question.html", context, status=status)


def _around(request: HttpRequest, case: Case, token: str) -> dict[str, Any]:
    """What every page of a link has: the case, its token, where it hangs."""
    return {"case": case, "token": token, "trail": TRAIL, "is_begun": case.state == CaseState.BEGUN}
