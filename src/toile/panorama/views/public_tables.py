"""The panorama's tables: an indicator with its filters, the same as a file, and the files made from an edition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.exports import csv_rows, xlsx_bytes
from toile.kernel.figures import Figure
from toile.kernel.lists.asking import page_number
from toile.kernel.lists.files import FORMATS, as_json
from toile.kernel.lists.streaming import streamed
from toile.panorama.models import Edition
from toile.panorama.queries.editions import edition_for
from toile.panorama.queries.figures import MOST_FIGURES, as_figures, overview_of, rows_of, values_of_axis
from toile.panorama.queries.naming import Names, names_of
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.rows import COLUMNS, json_row, long_row
from toile.panorama.rules.sectors import sections
from toile.panorama.views.public import about, trail_of
from toile.panorama.views.shown import shown

EACH: Final = "*"
"""In the address: each value of the axis, its total left out."""
FILTERS: Final = {
    "territoire": ("perimeter", gettext_lazy("Territoire")),
    "commune": ("commune", gettext_lazy("Commune")),
    "famille": ("family", gettext_lazy("Famille")),
    "secteur": ("sector", gettext_lazy("Secteur")),
    "taille": ("size", gettext_lazy("Taille")),
}
SECTIONS: Final = {
    "": gettext_lazy("Ensemble"),
    "commune": gettext_lazy("Par commune"),
    "family": gettext_lazy("Par famille"),
    "section": gettext_lazy("Par section d’activité (NAF)"),
    "sector": gettext_lazy("Par secteur de l’ESS"),
    "size": gettext_lazy("Par taille"),
    "year": gettext_lazy("Par année"),
    "perimeter": gettext_lazy("Autres territoires"),
}
MORE: Final = ("year", "because", "simulated")
"""What a file says after the long row that the command line gives."""
PAGE: Final = 100
LONGEST_CODE: Final = 60


def indicator(request: HttpRequest, pk: UUID, indicator: str) -> HttpResponse:
    """All that an edition says of an indicator, maybe nothing: axis by axis, or the cells that the address asks for."""
    found = edition_for(request.reader, pk)
    declared = indicators().get(indicator)
    axes = {name: values_of_axis(found, indicator, axis) for name, (axis, _label) in FILTERS.items()}
    if declared is None:
        raise Http404
    names, asked = names_of(found, axes["commune"]), asked_of(request.GET)
    suffixed = reverse("panorama:indicator_file", args=[found.pk, indicator, "SUFFIX"])
    query = f"?{asked.urlencode()}" if asked else ""
    context = about(found) | {
        "indicator": declared,
        "filters": _filters(axes, asked, names),
        "asked": asked,
        "files": [(one.label, suffixed.replace("SUFFIX", one.suffix) + query) for one in _formats()],
        "trail": trail_of(found),
    }
    if asked:
        rows = asked_rows(found, indicator, asked)
        pages = Paginator(rows, PAGE).get_page(page_number(request.GET))
        figures = as_figures(found, pages.object_list)
        context |= {"pages": pages, "lines": _lines(found, figures, names)}
    else:
        figures = overview_of(found, indicator)
        context |= {"sections": _sections(found, figures, names)}
    context["queries"] = [(name, found.queries[name]) for name in _queries_of(figures) if name in found.queries]
    return render(request, "panorama/public/indicator.html", context)


def indicator_file(request: HttpRequest, pk: UUID, indicator: str, suffix: str) -> HttpResponseBase:
    """The same figures as long rows: all of them, or those that the address asks for."""
    found = edition_for(request.reader, pk)
    chosen = next((one for one in _formats() if one.suffix == suffix), None)
    rows = asked_rows(found, indicator, asked_of(request.GET))
    if chosen is None or indicator not in indicators() or not rows.exists():
        raise Http404
    figures = as_figures(found, rows[:MOST_FIGURES])
    response = streamed(request, _written(found, figures, suffix), chosen.media)
    response["Content-Disposition"] = f'attachment; filename="{indicator}-{found.perimeter}-{found.year}.{suffix}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def output(request: HttpRequest, pk: UUID, key: str) -> HttpResponseBase:
    """A file made from the edition when it was built: the whole as PDF, a commune's A4, the spreadsheet."""
    made = edition_for(request.reader, pk).outputs.filter(key=key).first()
    if made is None:
        raise Http404
    path = Path(settings.MEDIA_ROOT) / made.path
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=made.filename)


def asked_of(given: QueryDict) -> QueryDict:
    """What the address asks, without what says nothing."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        value = given.get(name, "").strip()
        if value and "\0" not in value:
            kept[name] = value[:LONGEST_CODE]
    return kept


def asked_rows(found: Edition, indicator: str, asked: QueryDict) -> Any:
    """The rows that the address asks for, all of them without a filter."""
    rows = rows_of(found, indicator=indicator)
    if not asked:
        return rows
    for name, (axis, _label) in FILTERS.items():
        value = asked.get(name, found.perimeter if axis == "perimeter" else "")
        rows = rows.exclude(**{axis: ""}) if value == EACH else rows.filter(**{axis: value})
    return rows


def _formats() -> list[Any]:
    return [FORMATS[suffix] for suffix in ("csv", "xlsx", "json")]


def _filters(axes: dict[str, list[str]], asked: QueryDict, names: Names) -> list[dict[str, Any]]:
    """The choices of each axis that has some, what is chosen marked."""
    filters = []
    for name, (axis, label) in FILTERS.items():
        values = [value for value in axes[name] if value]
        if len(axes[name]) < 2:
            continue
        first = [] if axis == "perimeter" else [("", _("ensemble"))]
        each = [(EACH, _("chacune")) if axis in ("commune", "family", "size") else (EACH, _("chacun"))]
        choices = first + each + sorted(((v, names.of(axis, v)) for v in values), key=lambda pair: pair[1])
        filters.append({"name": name, "label": label, "choices": choices, "chosen": asked.get(name, "")})
    return filters


def _queries_of(figures: list[Figure]) -> list[str]:
    """The names of the queries that these figures are of, each once, in their order."""
    return list(dict.fromkeys(figure.query for figure in figures if figure.query))


def _sections(found: Edition, figures: list[Figure], names: Names) -> list[tuple[Any, list[Any], str]]:
    """The figures axis by axis, each with its first lines; where there are more, what the address asks for them."""
    sorted_out: dict[str, list[Figure]] = {axis: [] for axis in SECTIONS}
    for figure in figures:
        cell = figure.cell
        if cell.perimeter != found.perimeter:
            axis = "perimeter"
        elif cell.year != (found.year or 0):
            axis = "year"
        else:
            axis = next((axis for axis in ("commune", "family", "sector", "size") if getattr(cell, axis)), "")
        sorted_out["section" if axis == "sector" and cell.sector in sections() else axis].append(figure)
    return [
        (SECTIONS[axis], _lines(found, rows[:PAGE], names, axis), _all_of(axis) if len(rows) > PAGE else "")
        for axis, rows in sorted_out.items()
        if rows
    ]


def _all_of(axis: str) -> str:
    """What the address asks for all the cells of an axis; empty for one that no filter gives whole."""
    name = next((name for name, (filtered, _label) in FILTERS.items() if filtered == axis), "")
    return f"?{name}={EACH}" if name else ""


def _lines(found: Edition, figures: list[Figure], names: Names, axis: str = "") -> list[tuple[str, Any]]:
    """What each figure is about, and the figure with its words."""
    return [
        (str(figure.cell.year) if axis == "year" else names.about(figure.cell, found.perimeter), shown(figure))
        for figure in figures
    ]


def _written(found: Edition, figures: list[Figure], suffix: str) -> Iterator[bytes]:
    """Long rows: an empty axis means all, a hidden or unknown value is empty."""
    columns = [*COLUMNS, *MORE]
    if suffix == "json":
        told = {"edition": str(found.pk), "title": found.title, "count": len(figures)}
        yield as_json(told | {"items": [json_row(each) | _more(each) for each in figures]}).encode()
    elif suffix == "xlsx":
        rows = ([*json_row(each).values(), *_more(each).values()] for each in figures)
        yield from xlsx_bytes(columns, rows, title=str(found.year or ""))
    else:
        for chunk in csv_rows(columns, ([*long_row(each), *_more(each).values()] for each in figures)):
            yield chunk.encode()


def _more(figure: Figure) -> dict[str, str | int | bool]:
    return dict(zip(MORE, (figure.cell.year, figure.because, figure.simulated), strict=True))
