"""« Mes recherches »: kept from a list, opened again, renamed, told by e-mail, stopped in one click."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from toile.kernel.errors import NotVisible, UserError
from toile.kernel.lists import lists
from toile.kernel.permissions import get_for

from . import queries, services
from .delivery import address_of
from .forms import KeepForm, SearchForm
from .models import Cadence, SavedSearch
from .permissions import CHANGE
from .searches import normalised, suggested_name, words

PAGE = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def searches(request: HttpRequest) -> HttpResponse:
    """The reader's searches, ten a page, each counted anew; a POST from a list keeps one more."""
    if request.method == "POST":
        return _keep(request)
    page = Paginator(queries.kept_searches(request.reader), PAGE).get_page(request.GET.get("page"))
    told = any(search.cadence != Cadence.NEVER for search in page)
    context = {
        "page": page,
        "rows": [queries.counted_now(request.reader, search) for search in page],
        "cadences": Cadence.choices,
        "unreachable": told and address_of(request.reader.person) is None,
    }
    return render(request, "thread/searches.html", context)


def _keep(request: HttpRequest) -> HttpResponse:
    form = KeepForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect("thread:searches")
    given = form.cleaned_data
    page = lists[given["list"]]
    try:
        query = normalised(page, QueryDict(given["query"]))
        name = given["name"] or suggested_name(page, words(page, query))
        kept, is_new = services.keep(request.reader, page.code, query, name, given["cadence"])
    except UserError as refused:
        messages.error(request, refused.message)
        return redirect("thread:searches")
    if is_new:
        messages.success(request, _("La recherche « %(name)s » est gardée.") % {"name": kept.name})
    else:
        messages.info(request, _("Vous gardez déjà cette recherche, sous le nom « %(name)s ».") % {"name": kept.name})
    return redirect("thread:searches")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name, another rhythm."""
    found = get_for(request.reader, SavedSearch.objects, to=CHANGE.code, pk=pk)
    initial = {"name": found.name, "cadence": found.cadence}
    form = SearchForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.change_search(request.reader, found, **form.cleaned_data)
        messages.success(request, _("La recherche « %(name)s » est changée.") % {"name": found.name})
        return redirect("thread:searches")
    context = {"form": form, "search": found, "trail": _trail()}
    return render(request, "thread/search.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what deleting loses, then delete."""
    found = get_for(request.reader, SavedSearch.objects, to=CHANGE.code, pk=pk)
    if request.method == "POST":
        services.forget(request.reader, found)
        messages.success(request, _("La recherche « %(name)s » est supprimée.") % {"name": found.name})
        return redirect("thread:searches")
    return render(request, "thread/search_forget.html", {"search": found, "trail": _trail()})


def _trail() -> list[tuple[str, str]]:
    return [(_("Mes recherches"), reverse("thread:searches"))]


# A mail client that offers « se désabonner » posts here by itself, without page nor cookie (RFC 8058): the secret of
# the address is what proves that it may, and all it can do is stop messages.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: UUID) -> HttpResponse:
    """End the messages of one search, without signing in; a button, since the scanners of mail follow links."""
    found = queries.search_to_stop(secret)
    if found is None:
        raise NotVisible(_("Cette recherche n’est plus gardée : elle n’envoie aucun message. Il n’y a rien à faire."))
    if request.method == "POST":
        services.stop_messages(found)
        found.cadence = Cadence.NEVER
    stopped = found.cadence == Cadence.NEVER
    return render(request, "thread/search_stop.html", {"search": found, "stopped": stopped})
