"""A structure's news: read, written, seen before it is published, taken back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory.forms_news import CommentForm, NewsForm, initial_of
from toile.directory.listed_news import when_fr
from toile.directory.models import News, Organisation
from toile.directory.models.organisations import Openness
from toile.directory.permissions import COMMENT_HIDE, NEWS_ANSWER, NEWS_MODERATE, NEWS_READ, NEWS_WRITE
from toile.directory.queries.news_pages import comments_of, news_for, was_online, written_by
from toile.directory.rules.news import Kind, State
from toile.directory.rules.structured_news import KnownNews, structured_news
from toile.directory.services.news import SavedSince
from toile.directory.services.news import change as change_it
from toile.directory.services.news import draft as draft_it
from toile.directory.services.news import publish as publish_it
from toile.directory.services.news import withdraw as withdraw_it
from toile.kernel.acts import Actor
from toile.kernel.errors import Gone, NotVisible, UserError
from toile.kernel.json_ld import in_script
from toile.kernel.permissions import get_for, holds
from toile.territory.queries import communes_of_home

from .structures import moved_to, structure_of


def news_of(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/actualites/`: what was written for a structure, drafts included, for its people."""
    organisation = structure_of(request, pk, to=NEWS_WRITE.code)
    if moved := moved_to(request, organisation):
        return moved
    context = {"organisation": organisation, "page": written_by(organisation.pk, page=request.GET.get("page"))}
    return render(request, "directory/news_of.html", context)


def news_new(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/actualites/nouvelle/`: a draft, then its preview."""
    organisation = structure_of(request, pk, to=NEWS_WRITE.code)
    if request.method == "GET" and (moved := moved_to(request, organisation)):
        return moved
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewsForm(*sent, initial={"version": 0}, communes=_communes(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_it(Actor.of(request.reader), request.reader, organisation, form.told, form.shown)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("news:preview", pk=made.pk)
    context = {"organisation": organisation, "form": form, "news": None, "now": None}
    return render(request, "directory/news_form.html", context, status=422 if form.errors else 200)


def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/modifier/`: 409 with what somebody saved meanwhile, and what was typed."""
    news = item_for(request, pk, to=NEWS_WRITE.code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    communes = _communes(news.organisation)
    form = NewsForm(*sent, initial=initial_of(news), communes=communes, news=news)
    status, now = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            actor, version = Actor.of(request.reader), form.cleaned_data["version"]
            try:
                change_it(actor, request.reader, news, form.told, form.shown, version=version)
            except SavedSince as conflict:
                form, now, status = _again(request, news, communes, conflict), news, 409
            except UserError as refused:
                form.add_error(None, refused.message)
            else:
                messages.success(request, _("C’est enregistré."))
                return redirect("news:preview" if news.state == State.DRAFT else "news:page", pk=news.pk)
    context = {"organisation": news.organisation, "form": form, "news": news, "now": now}
    return render(request, "directory/news_form.html", context, status=status)


def _again(request: HttpRequest, news: News, communes: list[Any], conflict: SavedSince) -> NewsForm:
    """The form with what was typed, over what somebody saved: saved again, it wins."""
    news.refresh_from_db()
    typed = request.POST.copy()
    typed["version"] = str(news.version)
    form = NewsForm(typed, initial=initial_of(news), communes=communes, news=news)
    form.add_error(None, conflict.message)
    return form


def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/apercu/`: the draft exactly as it will look, and the button that publishes it."""
    news = item_for(request, pk, to=NEWS_WRITE.code)
    if news.state != State.DRAFT:
        return redirect(news.get_absolute_url())
    refused = ""
    if request.method == "POST":
        try:
            publish_it(Actor.of(request.reader), request.reader, news)
        except UserError as error:
            refused = error.message
        else:
            messages.success(request, _("C’est publié. L’actualité est en ligne."))
            return redirect(news.get_absolute_url())
    context = {**shown(news), "refused": refused}
    return render(request, "directory/news_preview.html", context, status=422 if refused else 200)


def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/retirer/`: asks, then takes the item back for ever."""
    news = item_for(request, pk, to=NEWS_WRITE.code)
    if request.method == "POST":
        withdraw_it(Actor.of(request.reader), request.reader, news)
        messages.success(request, _("C’est retiré."))
        return redirect("directory:news_of", pk=news.organisation.canonical_id)
    return render(request, "directory/news_withdraw.html", shown(news))


def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/actualites/<id>/`: the item and, where it is open to them, its comments; its people see why it is hidden."""
    news = item_for(request, pk, to=NEWS_READ.code)
    if news.state == State.DRAFT:
        return redirect("news:preview", pk=news.pk)
    return render(request, "directory/news_page.html", page_context(request, news, CommentForm()))


def page_context(request: HttpRequest, news: News, form: CommentForm) -> dict[str, Any]:
    """All that the page of an item shows. form: the comment being written."""

    def may(code: str) -> bool:
        reader = request.reader
        return reader.is_signed_in and holds(reader, code, owners=news.owners(), state=news.state)

    online = news.state == State.PUBLISHED
    structured = online and news.organisation.openness == Openness.PUBLIC
    return {
        **shown(news),
        "online": online,
        "comments": comments_of(request.reader, news) if news.comments_open else [],
        "comment_form": form,
        "can_write": may(NEWS_WRITE.code),
        "can_answer": may(NEWS_ANSWER.code),
        "can_moderate": may(NEWS_MODERATE.code),
        "can_hide_comments": may(COMMENT_HIDE.code),
        "json_ld": _json_ld(request, news) if structured else "",
    }


def item_for(request: HttpRequest, pk: UUID, *, to: str) -> News:
    """The item of this address, for who may do `to`. Raises `NotVisible`, `Forbidden`, `Gone` once it is withdrawn."""
    try:
        news: News = get_for(request.reader, news_for(request.reader), to=to, pk=pk)
    except NotVisible:
        if not was_online(request.reader, pk):
            raise
    else:
        if news.state != State.WITHDRAWN:
            return news
    raise Gone(_("La structure qui avait publié cette actualité l’a retirée."))


def shown(news: News) -> dict[str, Any]:
    """What the body of an item is made of, the same on its page and on its preview."""
    return {"news": news, "structure": news.organisation.canonical, "when": when_fr(news)}


def _communes(organisation: Organisation) -> list[Any]:
    """Those of the territory, and the structure's own when it is elsewhere. 1 statement."""
    communes = communes_of_home()
    own = organisation.main.commune if organisation.main else None
    return [*communes, own] if own and own not in communes else communes


def _json_ld(request: HttpRequest, news: News) -> str:
    structure = news.organisation.canonical
    absolute = request.build_absolute_uri
    assert news.published_at is not None
    known = KnownNews(
        url=absolute(news.get_absolute_url()),
        title=news.title,
        text=news.text,
        publisher=structure.name,
        publisher_url=absolute(structure.get_absolute_url()),
        published=news.published_at,
        changed=news.changed_at,
        picture=absolute(news.picture.url()) if news.picture else "",
        on=news.on,
        until=news.until,
        place=news.place,
        town=news.commune.name if news.commune else "",
        point=(news.lon, news.lat) if news.lon is not None and news.lat is not None else None,
        is_meeting=news.kind == Kind.MEETING,
        is_invented=structure.is_fictional,
    )
    return in_script(json.dumps(structured_news(known), ensure_ascii=False))
