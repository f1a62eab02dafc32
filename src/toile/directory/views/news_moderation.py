"""After publication: an item reported, hidden, answered for, shown again; comments written and hidden."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toile.directory.forms_news import AnswerForm, CommentForm, HideForm, NewsReportForm
from toile.directory.models import NewsComment
from toile.directory.permissions import COMMENT_HIDE, COMMENT_WRITE, NEWS_ANSWER, NEWS_MODERATE, NEWS_READ
from toile.directory.queries.news_pages import open_reports
from toile.directory.rules.news import Side, State, moves_from
from toile.directory.services import news_comments, news_moderation
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible, UserError
from toile.kernel.next_page import next_page
from toile.kernel.permissions import get_for
from toile.kernel.throttle import who_asks

from .news import item_for, page_context, shown


def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/signaler/`: anybody says what is wrong, without an account."""
    news = item_for(request, pk, to=NEWS_READ.code)
    if news.state != State.PUBLISHED:
        raise NotVisible(_("Cette actualité n’est pas en ligne."))
    form = NewsReportForm(request.POST or None, sender=who_asks(request))
    if request.method == "POST" and form.is_valid():
        news_moderation.report(Actor.of(request.reader), news, words=form.cleaned_data["words"])
        messages.success(request, _("Votre signalement est arrivé. Une personne de l’équipe le lit."))
        return redirect(news.get_absolute_url())
    context = {**shown(news), "form": form}
    return render(request, "directory/news_report.html", context, status=422 if form.errors else 200)


def moderate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/moderer/`: what was reported and answered; hidden with a reason, shown again, or left."""
    news = item_for(request, pk, to=NEWS_MODERATE.code)
    form = HideForm()
    status = 200
    if request.method == "POST":
        asked = request.POST.get("act", "hide")
        form = HideForm(request.POST if asked == "hide" else None)
        if asked != "hide" or form.is_valid():
            try:
                said = _decide(request, news, asked, form)
            except UserError as refused:
                news.refresh_from_db()
                # An unbound form holds no error: what was asked may have had no words.
                form = HideForm(request.POST)
                form.full_clean()
                form.add_error(None, refused.message)
                status = 409 if isinstance(refused, Conflict) else 422
            else:
                messages.success(request, said)
                return redirect(next_page(request, news.get_absolute_url()))
        else:
            status = 422
    context = {
        **shown(news),
        "form": form,
        "reports": open_reports(news),
        "moves": moves_from(State(news.state), [Side.TEAM]),
    }
    return render(request, "directory/news_moderate.html", context, status=status)


def _decide(request: HttpRequest, news: Any, asked: str, form: HideForm) -> str:
    """Do what the team asked; what to say of it."""
    actor, reader = Actor.of(request.reader), request.reader
    if asked == "show":
        news_moderation.show_again(actor, reader, news)
        return _("L’actualité est de nouveau en ligne. La structure l’apprend par courriel.")
    if asked == "clear":
        news_moderation.clear(actor, reader, news)
        return _("L’actualité reste en ligne. Ce qui était signalé est clos.")
    news_moderation.hide(actor, reader, news, because=form.cleaned_data["because"])
    return _("L’actualité est masquée. La structure reçoit votre raison par courriel, et peut répondre.")


def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/repondre/`: the structure answers the team; 409 when nothing is to be answered any more."""
    news = item_for(request, pk, to=NEWS_ANSWER.code)
    form = AnswerForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            news_moderation.answer(Actor.of(request.reader), request.reader, news, words=form.cleaned_data["words"])
        except UserError as refused:
            form.add_error(None, refused.message)
            status = 409 if isinstance(refused, Conflict) else 422
        else:
            messages.success(request, _("Votre réponse est partie. L’équipe relit, et vous dit ce qu’elle décide."))
            return redirect(news.get_absolute_url())
    return render(request, "directory/news_answer.html", {**shown(news), "form": form}, status=status)


@require_POST
def comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/commenter/`: 422 on the page itself, the words kept."""
    news = item_for(request, pk, to=COMMENT_WRITE.code)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            news_comments.comment(Actor.of(request.reader), request.reader, news, words=form.cleaned_data["words"])
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Votre commentaire est en ligne."))
            return redirect(f"{news.get_absolute_url()}#commentaires")
    return render(request, "directory/news_page.html", page_context(request, news, form), status=422)


def comment_hide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/commentaires/<id>/masquer/`: with a reason, which its author reads."""
    made: NewsComment = get_for(
        request.reader, NewsComment.objects.select_related("news__organisation__canonical"), to=COMMENT_HIDE.code, pk=pk
    )
    form = HideForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            news_comments.hide_comment(Actor.of(request.reader), request.reader, made, because=because)
        except UserError as refused:
            form.add_error(None, refused.message)
            status = 409 if isinstance(refused, Conflict) else 422
        else:
            messages.success(request, _("Le commentaire est masqué. La personne qui l’a écrit lit votre raison."))
            return redirect(f"{made.news.get_absolute_url()}#commentaires")
    context = {**shown(made.news), "form": form, "comment": made}
    return render(request, "directory/news_comment_hide.html", context, status=status)
