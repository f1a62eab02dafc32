"""The panorama as everybody reads it: the edition in force, any edition, its method, what others published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from toile.kernel.api import absolute
from toile.kernel.figures import Cell, Figure
from toile.panorama.models import Edition, EditionState
from toile.panorama.queries.editions import correction_of, edition_for, in_force, published_by_others
from toile.panorama.queries.figures import figures_of, figures_of_several, indicators_of, sources_of
from toile.panorama.queries.pages import drawings_of, edition_page, figures_by_sector
from toile.panorama.rules import contribution as rules
from toile.panorama.rules.contradictions import Published, contradictions, implied_fr
from toile.panorama.rules.drawn import CONTRIBUTION, DETAIL, MAPS
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.sectors import sector_label
from toile.panorama.views.dataset import dataset_of
from toile.panorama.views.keeping import kept
from toile.panorama.views.shown import Shown, files_of, finding, keys_of, limits_of, shown


def home(request: HttpRequest) -> HttpResponse:
    """The edition in force; before the first, what others published."""
    found = in_force()
    if found is None:
        return render(request, "panorama/public/none.html", _theirs())
    return _edition(request, found)


def edition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One edition, computed here or published by others."""
    found = edition_for(request.reader, pk)
    if found.kind == Edition.Kind.THEIRS:
        figures = figures_of(found)
        context = {"one": found, "figures": [shown(figure, as_said=True) for figure in figures]}
        context["implied"] = implied_fr({figure.indicator: figure for figure in figures})
        context |= {
            "trail": [*_trail(), (_("Publiés par d’autres"), reverse("panorama:published"))],
            "here": found.title,
        }
        return render(request, "panorama/public/their_edition.html", context | _theirs())
    return _edition(request, found)


def _edition(request: HttpRequest, found: Edition) -> HttpResponse:
    body = kept(found, lambda: render_to_string("panorama/public/edition_body.html", _whole(found)))
    context = about(found) | {"body": body, "ld": dataset_of(found, absolute), "trail": None, "here": _("Panorama")}
    return render(request, "panorama/public/edition.html", context)


def _whole(found: Edition) -> dict[str, Any]:
    """All that the page of an edition says, the same for everybody."""
    page = edition_page(found)
    keys = keys_of(page.headline)
    return about(found) | {
        "page": page,
        "finding": finding(found.perimeter_name, page.headline),
        "keys": keys,
        "limits": limits_of(keys),
        "maps": [body for key, body in page.drawings.items() if key in MAPS],
        "charts": [body for key, body in page.drawings.items() if key in DETAIL],
        "notes": [(_named(note.indicator), note) for note in page.notes],
        "outputs": files_of(page.outputs),
        "theirs": published_by_others(),
    }


def method(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How the figures are made: definitions, secrecy, limits, sources with their checksums, queries."""
    found = edition_for(request.reader, pk)
    codes = set(indicators_of(found))
    context = about(found) | {
        "indicators": [each for code, each in indicators().items() if code in codes],
        "sources": sources_of(found),
        "trail": trail_of(found),
        "here": _("Méthode"),
    }
    return render(request, "panorama/public/method.html", context)


def published(request: HttpRequest) -> HttpResponse:
    """What others published of the territory, one beside the other, with their contradictions."""
    return render(request, "panorama/public/published.html", _theirs() | {"trail": _trail()})


def _theirs() -> dict[str, Any]:
    """The editions of others, their figures side by side, what these contradict and imply. 2 statements."""
    found = figures_of_several(published_by_others())
    rows = [
        (each, [shown(one, as_said=True) for one in figures], implied_fr({one.indicator: one for one in figures}))
        for each, figures in found.items()
    ]
    said = [Published(figure, each.title) for each, figures in found.items() for figure in figures]
    names = {figure.figure.indicator: figure.indicator for _each, figures, _implied in rows for figure in figures}
    by_edition = {each.pk: {figure.figure.indicator: figure for figure in figures} for each, figures, _implied in rows}
    table = [
        (indicator, [(each, by_edition[each.pk].get(code)) for each, *_rest in rows])
        for code, indicator in sorted(names.items(), key=lambda named: list(indicators()).index(named[0]))
    ]
    return {
        "editions": rows,
        "table": table,
        "compares": len(rows) > 1,
        "contradicted": [one.sentence_fr for one in contradictions(said)],
    }


def about(found: Edition) -> dict[str, Any]:
    """What each page of an edition says of it."""
    return {
        "edition": found,
        "is_public": found.state in EditionState.public(),
        "replaced_by": correction_of(found),
        "files": [],
    }


def _named(indicator: str) -> str:
    return _(indicators()[indicator].short_fr) if indicator else ""


def _trail() -> list[tuple[str, str]]:
    return [(_("Panorama"), reverse("panorama:home"))]


def trail_of(found: Edition) -> list[tuple[str, str]]:
    """The path to a page of an edition."""
    return [*_trail(), (str(found.year or found.title), reverse("panorama:edition", args=[found.pk]))]


def contribution(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the figures say of Montréal's question (seed 001), heading by heading, and what they do not."""
    found = edition_for(request.reader, pk)
    asked, figures = rules.contribution(), figures_by_sector(found)
    whole = Cell(found.perimeter, year=found.year or 0)
    drawings = drawings_of(found, CONTRIBUTION)
    headings = [
        (
            heading,
            drawings.get(f"contribution-{heading.code}"),
            [
                (told, [_answered(answer, figure) for answer, figure in told.figures])
                for told in rules.with_figures(heading, whole, figures)
            ],
        )
        for heading in asked.headings
    ]
    unused = asked.not_bearing(dict.fromkeys(indicator for indicator, _cell in figures))
    context = about(found) | {
        "asked": asked.asked,
        "headings": headings,
        "unused": [each for code, each in indicators().items() if code in unused and not each.context],
        "trail": trail_of(found),
        "here": _("Contribution"),
    }
    return render(request, "panorama/public/contribution.html", context)


def _answered(answer: rules.Answer, figure: Figure | None) -> tuple[rules.Answer, str, Shown | None]:
    """An answer, what its indicator is called (with its sector), its figure if the edition has it."""
    declared = indicators()[answer.indicator]
    name = _(declared.name_fr if declared.theme == "approval" else declared.short_fr)
    if answer.sector:
        name = f"{name} : {_(sector_label(answer.sector))}"
    return answer, name, shown(figure) if figure else None
