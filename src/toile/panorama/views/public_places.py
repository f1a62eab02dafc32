"""The panorama place by place: the sheet of a commune, territories side by side, one figure to show elsewhere."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from toile.kernel.figures import Figure, Status
from toile.panorama.models import Edition
from toile.panorama.queries.editions import edition_for
from toile.panorama.queries.figures import figures_of
from toile.panorama.queries.naming import Names, names_of
from toile.panorama.queries.pages import CommunePage, commune_page, compared, drawings_of, places
from toile.panorama.queries.stories import stories
from toile.panorama.rules.drawn import COMPARISON
from toile.panorama.rules.indicators import indicators
from toile.panorama.views.public import about, trail_of
from toile.panorama.views.shown import Shown, files_of, finding, keys_of, limits_of, shown

SIDE_BY_SIDE: Final = 5
BY_FAMILY: Final = ("employer_establishments", "jobs")


def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The commune that somebody chose in the form, or the list of them."""
    found = edition_for(request.reader, pk)
    code = request.GET.get("commune", "")
    if code.isalnum():
        return redirect("panorama:commune", pk=found.pk, commune=code)
    return redirect(f"{reverse('panorama:edition', args=[found.pk])}#ma-commune")


def commune(request: HttpRequest, pk: UUID, commune: str) -> HttpResponse:
    """The sheet of a commune: what the ESS weighs there, what is not sure of it, and beside the whole territory."""
    found = edition_for(request.reader, pk)
    page = commune_page(found, places([commune])[0])
    if not page.here:
        raise Http404
    keys = keys_of(page.here)
    name = page.place.name
    context = about(found) | {
        "page": page,
        "name": name,
        "finding": finding(name, page.here),
        "keys": keys,
        "share": shown(page.here["share_of_employment"]) if "share_of_employment" in page.here else None,
        "beside": [(key, shown(page.whole[key.indicator.code])) for key in keys if key.indicator.code in page.whole],
        "families": by_family(page.families),
        "secret": any(figure.because.startswith("secret") for figure in (*page.families, *page.here.values())),
        "limits": limits_of(keys),
        "notes": [(_(indicators()[note.indicator].short_fr) if note.indicator else "", note) for note in page.notes],
        "outputs": files_of(page.outputs),
        "files": _tables_of(found, page),
        "stories": stories([page.place.code]),
        "trail": trail_of(found),
    }
    return render(request, "panorama/public/commune.html", context)


def _tables_of(found: Edition, page: CommunePage) -> list[tuple[str, str]]:
    """The tables by family that one takes away from a sheet, of the indicators that it details so."""
    held = {figure.indicator for figure in page.families}
    return [
        (
            _("%(name)s par famille (CSV)") % {"name": _(indicators()[code].short_fr)},
            f"{reverse('panorama:indicator_file', args=[found.pk, code, 'csv'])}?commune={page.place.code}&famille=*",
        )
        for code in BY_FAMILY
        if code in held
    ]


def by_family(figures: list[Figure]) -> list[tuple[str, Shown | None, Shown | None]]:
    """Family → its employer establishments and its jobs, in the order of the figures."""
    found: dict[str, dict[str, Shown]] = {}
    for figure in figures:
        found.setdefault(figure.cell.family, {})[figure.indicator] = shown(figure)
    names = Names({}, {})
    return [
        (names.of("family", family), told.get("employer_establishments"), told.get("jobs"))
        for family, told in found.items()
    ]


def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Up to five territories of the edition side by side: those whose codes the address holds, else the first ones."""
    found = edition_for(request.reader, pk)
    names = names_of(found)
    known = list(names.perimeters)
    asked = [code for code in dict.fromkeys(request.GET.getlist("avec")) if code in known]
    chosen = (asked or known)[:SIDE_BY_SIDE]
    figures = compared(found, chosen)
    rows, untold = [], []
    for code, indicator in indicators().items():
        held = [of[code] for of in figures.values() if code in of]
        if len(held) <= (len(chosen) > 1):
            continue
        if all(one.status is Status.UNKNOWN for one in held):
            untold.append(indicator)
            continue
        cells = [(names.of("perimeter", at), shown(of[code]) if code in of else None) for at, of in figures.items()]
        rows.append((indicator, cells))
    context = about(found) | {
        "territories": [(code, name, code in chosen) for code, name in names.perimeters.items()],
        "columns": [names.of("perimeter", code) for code in chosen],
        "rows": rows,
        "untold": untold,
        "drawings": drawings_of(found, COMPARISON).values(),
        "most": SIDE_BY_SIDE,
        "too_many": len(asked) > SIDE_BY_SIDE,
        "trail": trail_of(found),
        "here": _("Comparer des territoires"),
    }
    return render(request, "panorama/public/compare.html", context)


def figure(request: HttpRequest, pk: UUID, indicator: str) -> HttpResponse:
    """One figure with where it comes from, and the code that shows it on another site."""
    found = edition_for(request.reader, pk)
    context = _one(request, found, indicator)
    address = reverse("panorama:embed", args=[found.pk, indicator]) + context["query"]
    return render(
        request,
        "panorama/public/figure.html",
        context | {"frame": request.build_absolute_uri(address), "trail": trail_of(found)},
    )


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest, pk: UUID, indicator: str) -> HttpResponse:
    """The same figure alone, that any site may frame: who publishes it, and the link to its page."""
    found = edition_for(request.reader, pk)
    context = _one(request, found, indicator)
    page = request.build_absolute_uri(reverse("panorama:figure", args=[found.pk, indicator]) + context["query"])
    return render(request, "panorama/public/embed.html", context | {"page": page})


def _one(request: HttpRequest, found: Edition, indicator: str) -> dict[str, Any]:
    """The figure of the whole territory, or of the commune or territory that the address names. 2 statements."""
    place, territory = request.GET.get("commune", ""), request.GET.get("territoire", "")
    of = {"perimeter": territory or found.perimeter, "commune": place, "family": "", "sector": "", "size": ""}
    rows = [each for each in figures_of(found, indicator=indicator, **of) if each.cell.year == (found.year or 0)]
    if not rows or "\0" in place + territory:
        raise Http404
    query = f"?commune={place}" if place else f"?territoire={territory}" if territory else ""
    names = names_of(found, [place] if place else [])
    return about(found) | {
        "key": shown(rows[0]),
        "where": names.of("commune", place) if place else names.of("perimeter", of["perimeter"]),
        "query": query,
    }
