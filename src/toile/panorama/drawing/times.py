"""What moves: figures year after year, openings and closures, survival; a break is a gap, never joined (domain A14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from toile.kernel.charts import Chart, Curves, Multiples, Series
from toile.kernel.figures import Figure, Status
from toile.panorama.rules.told import tell

from .findings import of_movements, of_survival, of_time
from .held import Held, Said, drawable

SURVIVALS = ((1, "survival_1"), (3, "survival_3"), (5, "survival_5"))
OVER_TIME = (("series", "employer_establishments"), ("series-jobs", "jobs"))
_DATED = re.compile(r"\d+")


def times(held: Held) -> Iterator[Chart]:
    """The charts of what moves, those that the figures allow."""
    for key, indicator in OVER_TIME:
        chart = series_of(held, key, indicator)
        if chart is not None:
            yield chart
    for chart in (families_of(held), movements_of(held), survival_of(held)):
        if chart is not None:
            yield chart


def counted_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures were counted the same way: both estimated or neither, and from the same sort of sources."""
    return one.estimated is other.estimated and _method(one) == _method(other)


def _method(figure: Figure) -> frozenset[tuple[str, str]]:
    """Who counted and in what, whatever its year: « Flores 2021 » and « Flores 2022 » are counted alike."""
    return frozenset((source.publisher, _DATED.sub("", source.title).strip()) for source in figure.sources)


def breaks_in(figures: Sequence[Figure]) -> tuple[int, ...]:
    """The last year before each break: counted otherwise after, or a year that says so itself."""
    told = [figure for figure in figures if figure.status is Status.OK]
    found = {a.cell.year for a, b in pairwise(told) if not counted_alike(a, b)}
    for before, figure in pairwise(figures):
        if figure.because == "series_broken":
            found.add(before.cell.year)
    return tuple(sorted(found))


def shown_over_time(figures: Sequence[Figure]) -> list[Figure]:
    """A year that only says that the series breaks there is a gap, not a value that is missing."""
    return [figure for figure in figures if figure.because != "series_broken"]


def years_of(figures: Sequence[Figure]) -> str:
    """« de 2015 à 2024 »."""
    return _("de %(first)s à %(last)s") % {"first": figures[0].cell.year, "last": figures[-1].cell.year}


def series_of(held: Held, key: str, indicator: str) -> Curves | None:
    """An indicator of the whole, year after year."""
    found = held.over_time(indicator)
    shown, breaks = shown_over_time(found), breaks_in(found)
    if not drawable(shown):
        return None
    finding = of_time(last_run(shown, breaks), bool(breaks))
    words = held.words(finding, indicator, _("Année"), Said(when=years_of(shown)))
    points = tuple((figure.cell.year, figure) for figure in shown)
    return Curves(
        key=key,
        words=words,
        series=(Series(words.what, points),),
        breaks=breaks,
        links=held.links(indicator),
        tell=tell,
    )


def last_run(figures: Sequence[Figure], breaks: Sequence[int]) -> list[Figure]:
    """The told figures after the last break; the last one at least."""
    told = [figure for figure in figures if figure.status is Status.OK]
    after = max((cut for cut in breaks), default=-1)
    return [figure for figure in told if figure.cell.year > after] or told[-1:]


def families_of(held: Held) -> Multiples | None:
    """The employer establishments of each family, year after year, one small drawing each."""
    indicator = "employer_establishments"
    series, breaks = [], set()
    for family in held.along(indicator, "family"):
        found = held.over_time(indicator, family)
        if drawable(shown_over_time(found)):
            points = tuple((figure.cell.year, figure) for figure in shown_over_time(found))
            series.append(Series(held.names.of("family", family), points))
            breaks.update(breaks_in(found))
    if len(series) < 2:
        return None
    largest = max(series, key=lambda one: one.points[-1][1].value or 0)
    run = last_run([figure for _at, figure in largest.points], sorted(breaks))
    finding = _("%(name)s : %(told)s") % {"name": largest.label, "told": of_time(run, bool(breaks))}
    return Multiples(
        key="families-series",
        words=held.words(
            finding, indicator, _("Année"), Said(by=_("par famille"), when=years_of([f for _at, f in largest.points]))
        ),
        series=tuple(series),
        breaks=tuple(sorted(breaks)),
        links=held.links(indicator),
        tell=tell,
    )


def movements_of(held: Held, key: str = "movements") -> Curves | None:
    """Openings and closures of each year."""
    births, closures = held.over_time("births"), held.over_time("closures")
    both = {f.cell.year: f for f in births}, {f.cell.year: f for f in closures}
    years = sorted(both[0].keys() & both[1].keys())
    if not years or not drawable(births) or not drawable(closures):
        return None
    return Curves(
        key=key,
        words=held.words(
            of_movements(both[0][years[-1]], both[1][years[-1]]),
            "births",
            _("Année"),
            Said(what=_("Établissements de l’ESS ouverts et fermés dans l’année"), when=years_of(births)),
        ),
        series=(
            Series(_("Ouvertures"), tuple((year, both[0][year]) for year in years)),
            Series(_("Fermetures"), tuple((year, both[1][year]) for year in years)),
        ),
        breaks=tuple(sorted({*breaks_in(births), *breaks_in(closures)})),
        links=held.links("births"),
        tell=tell,
    )


def survival_of(held: Held) -> Curves | None:
    """What is still open one, three and five years after, with its band; all are open at the start, by definition."""
    points = [(years, figure) for years, code in SURVIVALS if (figure := held.whole(code)) is not None]
    told = [(years, figure) for years, figure in points if figure.value is not None]
    if not told:
        return None
    years, last = told[-1]
    start = Figure(
        told[0][1].indicator, held.cell(), "percent", Decimal(100), Decimal(100), Decimal(100), sources=last.sources
    )
    return Curves(
        key="survival",
        words=held.words(
            of_survival(last, years),
            last.indicator,
            _("Années"),
            Said(what=_("Part des établissements de l’ESS encore ouverts, selon le temps depuis leur ouverture")),
        ),
        series=(Series(_("Survie"), ((0, start), *points)),),
        whole=100,
        below=_("ans après l’ouverture"),
        links=held.links(last.indicator),
        tell=tell,
    )
