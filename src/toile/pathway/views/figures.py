"""The figures of the path, open to all: a page and the same in a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from toile.kernel.exports import csv_rows
from toile.pathway.queries.figures import Counts, counts
from toile.pathway.rules.figures import LEAST
from toile.pathway.views.cases import TRAIL


def figures(request: HttpRequest) -> HttpResponse:
    """`/parcours/chiffres/`: how many were received, where they stand, what was signalled."""
    return render(request, "pathway/cases/figures.html", {"trail": TRAIL, "counts": counts(), "least": LEAST})


def figures_file(request: HttpRequest) -> StreamingHttpResponse:
    """`/parcours/chiffres.csv`: the same tables, one line a count."""
    columns = [_("tableau"), _("ligne"), _("nombre"), _("jusqu’au"), _("simulé")]
    answer = StreamingHttpResponse(csv_rows(columns, _rows(counts())), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="parcours-chiffres.csv"'
    return answer


def _rows(told: Counts) -> Iterator[list[object]]:
    secret = _("secret statistique")
    for table in told.tables:
        for line in table.lines:
            yield [table.title, line.label, secret if line.count is None else line.count, told.until, told.simulated]
        yield [table.title, _("ensemble"), secret if table.total is None else table.total, told.until, told.simulated]
