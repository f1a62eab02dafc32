"""The one list page: as a page, as the fragment of it that moves, as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from toile.kernel.permissions import require, table

from .asking import DEEPEST, PAGE_SIZE, address, asked_from, page_number, query_of
from .beside import beside
from .choices import distance_words, facets_of, filters_words, in_words, orders_of, pills_of, radii_of
from .declaring import ListPage, lists
from .files import FORMATS, MOST_ROWS, csv_of, export_of
from .nothing import nothing_found
from .streaming import streamed
from .told import atom_of, json_ld, json_of, newest

VIEWS = {"": "list", "carte": "map", "tableau": "table"}
FRAGMENT = "resultats"
"""The part of the page that htmx swaps: all but the head and the search form."""


def list_view(code: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view of a declared list, for its room's `urls.py`."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        moving = request.htmx and request.htmx.target == FRAGMENT
        template = "kernel/list_fragment.html" if moving else "kernel/list.html"
        response = render(request, template, _context(request, lists[code]))
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    return view


def _context(request: HttpRequest, page: ListPage[Any]) -> dict[str, Any]:
    """All that the page shows: the statements of `page.find`, of its facets' labels and of its map."""
    query = query_of(page, request.GET)
    asked, left = asked_from(page, request.GET)
    number = page_number(request.GET)
    find = partial(page.find, request.reader, asked, gather=page.draw is not None)
    found = find((number - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = Paginator(range(min(found.count, DEEPEST)), PAGE_SIZE).get_page(number)
    if pages.number != number:
        found = find((pages.number - 1) * PAGE_SIZE, PAGE_SIZE)
    facets = facets_of(page, asked, found.facets)
    path = reverse(page.route)
    shown = request.build_absolute_uri(path + (f"?{query.urlencode()}" if query else ""))
    drawn = page.draw(found, asked, lambda changes: path + address(query, changes)) if page.draw else ""
    entries = [page.entry(row) for row in found.rows]
    suffixed = f"{path.rstrip('/')}.%s" + (f"?{query.urlencode()}" if query else "")
    pills = pills_of(page, query, asked, facets)
    view = VIEWS.get(query.get("vue", ""), "list")
    columns = [column for column in page.columns if column.in_table]
    return {
        "list": page,
        "path": path,
        "query": query,
        "hidden": [(name, query[name]) for name in ("q", "ou", "pres", "boite", "vue") if name in query],
        "found": found,
        "around": page.spot is not None,
        "counted": page.found(found.count, found.total),
        "asked": asked,
        "left": left,
        "facets": facets,
        "flags": [(flag, flag.name in asked.flags) for flag in page.flags],
        "pills": pills,
        "filters": filters_words(len(pills)) if pills else "",
        "orders": orders_of(page, query, asked),
        "radii": radii_of(query, asked),
        "pages": pages,
        "rows": [
            {
                "row": row,
                "entry": entry,
                "number": place,
                "placed": bool(drawn) and page.point(row) is not None,
                "distance": distance_words(found.distances[row.pk]) if row.pk in found.distances else "",
                "cells": [(column.label, column.value(row)) for column in columns[1:]] if view == "table" else (),
                "title": entry.title,
                "note": "",
                **page.told(row),
            }
            for place, (row, entry) in enumerate(zip(found.rows, entries, strict=True), start=1)
        ],
        "columns": columns,
        "view": view,
        "views": {name: address(query, {"vue": value or None}) for value, name in VIEWS.items()},
        "map": drawn,
        "beside": beside(request, page, ", ".join(pill.label for pill in pills)),
        "nothing": None if found.count else nothing_found(page, request.reader, query, asked, found, facets),
        "files": [(one, suffixed.replace("%s", one.suffix)) for one in FORMATS.values()],
        "excel": suffixed.replace("%s", "csv") + ("&" if query else "?") + "tableur=1",
        "cut": MOST_ROWS if found.count > MOST_ROWS else 0,
        "shown": shown,
        "ld": json_ld(page, entries, found.count, pages.start_index(), shown, request.build_absolute_uri(suffixed)),
    }


@require_safe
def list_file(request: HttpRequest, place: str, suffix: str) -> HttpResponseBase:
    """`/annuaire.csv` for `/annuaire/`: the same question, for who may see that page, as a file."""
    path = f"/{place}/"
    try:
        route = resolve(path).view_name
    except Resolver404 as error:
        raise Http404 from error
    page = next((page for page in lists.values() if page.route == route), None)
    if page is None:
        raise Http404
    require(request.reader, table.routes[route].permission)
    response = _told(request, page, path, suffix) if FORMATS[suffix].write is None else _file(request, page, suffix)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def _file(request: HttpRequest, page: ListPage[Any], suffix: str) -> HttpResponseBase:
    """All the rows, up to 20,000; what is missing is said by a header and by the name of the file."""
    form = FORMATS[suffix]
    export = export_of(page, request.reader, asked_from(page, request.GET)[0])
    for_excel = suffix == "csv" and request.GET.get("tableur") == "1"
    chunks = csv_of(export, excel_fr=True) if for_excel else form.write(export)  # type: ignore[misc]
    response = streamed(request, chunks, form.media)
    name = f"{page.file}-{timezone.localdate().isoformat()}{'-partiel' if export.cut else ''}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Toile-Lignes"] = f"{export.given}/{export.count}"
    return response


def _told(request: HttpRequest, page: ListPage[Any], path: str, suffix: str) -> HttpResponseBase:
    """One page of JSON or the news as Atom: small, whole, and not sent again to who has them already."""
    query, (asked, _left) = query_of(page, request.GET), asked_from(page, request.GET)
    asked_again = f"?{query.urlencode()}" if query else ""
    moment = None
    if suffix == "json":
        here = f"{path.rstrip('/')}.json"
        body = json_of(page, request.reader, query, asked, page_number(request.GET), here, request.build_absolute_uri)
    else:
        entries = newest(page, request.reader, asked)
        shown = request.build_absolute_uri(path + asked_again)
        itself = request.build_absolute_uri(f"{path.rstrip('/')}.atom{asked_again}")
        body = atom_of(page, in_words(page, query, asked), entries, shown, itself)
        moment = max((entry.updated for entry in entries), default=None)
    response = HttpResponse(body, content_type=FORMATS[suffix].media)
    response["ETag"] = etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    modified = int(moment.timestamp()) if moment else None
    if modified:
        response["Last-Modified"] = http_date(modified)
    # A row taken away leaves the last moment as it was: the mark of the content decides, when the reader sends it.
    return get_conditional_response(request, etag=etag, last_modified=modified, response=response) or response
