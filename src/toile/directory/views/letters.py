"""The letter in preparation: begun, written, put in order, looked at as it will be, tried, sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toile.directory.forms_letters import LetterForm
from toile.directory.letter_mail import STOP, compose
from toile.directory.models import Letter
from toile.directory.models.letters import LetterState
from toile.directory.permissions import LETTER
from toile.directory.queries.letters import count_receiving, letters_of_the_team, offered_for, shown_in
from toile.directory.rules.letter import STEPS, month_of, moved
from toile.directory.services import letters as services
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import get_for


def drafts(request: HttpRequest) -> HttpResponse:
    """`/lettre/preparer/`: the drafts, the letters that left; a POST begins the letter of this month."""
    if request.method == "POST":
        begun = services.begin(Actor.of(request.reader), request.reader, timezone.localdate())
        return redirect(begun)
    waiting, sent = letters_of_the_team(request.reader)
    context = {"drafts": waiting, "sent": sent, "count": count_receiving(), "month": month_of(timezone.localdate())}
    return render(request, "directory/letters.html", context)


def _letter(request: HttpRequest, pk: UUID) -> Letter:
    return get_for(request.reader, Letter.objects, to=LETTER.code, pk=pk)


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/lettre/preparer/<id>/`: its words, the news it holds in order, those it may take; one form, nothing is lost."""
    letter = _letter(request, pk)
    if letter.state != LetterState.DRAFT:
        return redirect(letter)
    initial = {"title": letter.title, "introduction": letter.introduction, "version": letter.version}
    form = LetterForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.write(
                    Actor.of(request.reader),
                    request.reader,
                    letter,
                    title=form.cleaned_data["title"],
                    introduction=form.cleaned_data["introduction"],
                    keys=_asked_order(request),
                    own=form.own,
                    version=form.cleaned_data["version"],
                )
            except Conflict as conflict:
                letter.refresh_from_db()
                # What was written stays; saved again, it wins over what the other person saved.
                form = LetterForm(form.cleaned_data | {"version": letter.version})
                form.add_error(None, conflict.message)
                status = 409
            except UserError as error:
                form.add_error(None, error.message)
            else:
                if "apercu" in request.POST:
                    return redirect("letters:preview", pk=letter.pk)
                messages.success(request, _("La lettre est enregistrée."))
                return redirect(letter)
    held = shown_in(letter)
    offered = offered_for(letter.month, [one.news.pk for one in held if one.news])
    chosen = set(request.POST.getlist("garder")) if status != 200 else None
    context = {"letter": letter, "form": form, "held": held, "offered": offered, "chosen": chosen}
    return render(request, "directory/letter_edit.html", context, status=status)


def _asked_order(request: HttpRequest) -> list[str]:
    """What is ticked, in the page's order, with the one thing that a button moved."""
    keys = request.POST.getlist("garder")
    for name, step in STEPS.items():
        keys = moved(keys, request.POST.get(name, ""), step)
    return keys


@require_safe
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/apercu/`: the web version exactly as it will be, printed as it will be; the e-mail's text, and its page."""
    letter = _letter(request, pk)
    context = {
        "letter": letter,
        "shown": shown_in(letter),
        "is_preview": True,
        "composed": compose(letter),
        "stop": STOP,
        "count": count_receiving(),
    }
    return render(request, "directory/letter.html", context)


@require_safe
def mail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/courriel/`: the HTML of the message, as it leaves but for each one's own address that stops it."""
    return HttpResponse(compose(_letter(request, pk)).html.replace(STOP, "#"))


@require_POST
def try_it(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/essai/`: send it to oneself."""
    letter = _letter(request, pk)
    try:
        services.try_on_oneself(Actor.of(request.reader), request.reader, letter)
    except UserError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Un essai part à votre adresse."))
    return redirect("letters:preview", pk=letter.pk)


def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/envoyer/`: say to how many it goes and that it cannot be undone; then send it."""
    letter = _letter(request, pk)
    if letter.state != LetterState.DRAFT:
        return redirect(letter)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            sent = services.send_to_all(
                Actor.of(request.reader),
                request.reader,
                letter,
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            )
        except UserError as refused:
            messages.error(request, refused.message)
            return redirect("letters:preview", pk=letter.pk)
        messages.success(request, _("La lettre n° %(number)s part.") % {"number": sent.number})
        return redirect("kernel:job", pk=sent.job)
    context = {"letter": letter, "shown": shown_in(letter), "count": count_receiving()}
    return render(request, "directory/letter_send.html", context)


def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`…/supprimer/`: say what is lost, then delete the draft."""
    letter = _letter(request, pk)
    if request.method == "POST":
        services.remove(Actor.of(request.reader), request.reader, letter)
        messages.success(request, _("Le brouillon est supprimé."))
        return redirect("letters:drafts")
    return render(request, "directory/letter_remove.html", {"letter": letter})
