"""What published tables let an edition add to what it computed: shares of published totals, growth, shift-share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from toile.kernel.figures import Cell, Figure, FigureSource, Status, hidden, unknown
from toile.panorama.rules.estimates import (
    DENOMINATOR_OF,
    PERCENT,
    SHARE_OF,
    Employment,
    Scope,
    Share,
    share_of_employment,
)
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.intervals import Interval, bounds_of, exactly
from toile.panorama.rules.quotients import BeforeAfter, Shift, location_quotient, shift_share
from toile.panorama.rules.sectors import ess_sectors, sections

Key = tuple[str, Cell]

SHARES_QUERY: Final = "parts_publiees"
QUOTIENT_QUERY: Final = "quotient_publie"
GROWTH_QUERY: Final = "evolution"
SHIFTS: Final[Mapping[str, str]] = {
    "shift_national": "national",
    "shift_structural": "structural",
    "shift_local": "local",
}

_WORDS: Final[Mapping[str, str]] = {
    SHARES_QUERY: "100 × jobs ÷ all_jobs (public compris) ou ÷ private_jobs, totaux publiés",
    QUOTIENT_QUERY: "share_of_employment ici ÷ share_of_employment du territoire de comparaison, totaux publiés",
    GROWTH_QUERY: "100 × (jobs de l’année − jobs de l’année de départ) ÷ jobs de l’année de départ, même source",
    f"{GROWTH_QUERY}_secteurs": "par secteur : E·g, E·(gᵢ − g), E·(lᵢ − gᵢ), emplois de départ et croissances publiés",
}


@dataclass(frozen=True, slots=True)
class Derived:
    """The figures of an edition with those derived, and how these are computed: name of the query → its words."""

    figures: tuple[Figure, ...]
    queries: Mapping[str, str]


def derive(figures: Iterable[Figure], published: Iterable[Figure], reference: str, year: int) -> Derived:
    """Add to the figures of an edition what its published ones allow; a published figure is never replaced.

    figures: those of the edition, secrecy applied, one for each cell. published: those of them that a table gives;
    a cell that it leaves empty is not published. reference: the perimeter that quotients and shifts are told against.
    year: of the edition.

    - Where a table gives all jobs, or private jobs, the share is of that total, and replaces the one estimated (A13).
    - Where both shares then rest on a published total, so does the location quotient.
    - Where one source gives the jobs of an earlier year and of this one: growth, and by sector the shift-share. Jobs of
      two sources are a break in series, which is said, and no rate is told (A14).

    What comes from a hidden figure is hidden, from an unknown one unknown. Nothing told here says more than the told
    figures that it is computed from, so that secrecy holds.
    """
    told = {(figure.indicator, figure.cell): figure for figure in figures}
    given = {(each.indicator, each.cell) for each in published if each.status is not Status.UNKNOWN}
    queries: dict[str, str] = {}
    shares = {(figure.indicator, figure.cell): figure for figure in _shares(told, given) if not _is_in(given, figure)}
    _add(told, shares.values(), queries)
    resting = set(shares) | {key for key in given if key[0] in SHARE_OF.values()}
    _add(told, [each for each in _quotients(told, resting, reference) if not _is_in(given, each)], queries)
    moved = _Moved(told, reference, year)
    _add(told, [each for each in (*moved.growth(), *moved.shifts()) if not _is_in(given, each)], queries)
    return Derived(tuple(told.values()), queries)


def _add(told: dict[Key, Figure], derived: Iterable[Figure], queries: dict[str, str]) -> None:
    for figure in derived:
        told[figure.indicator, figure.cell] = figure
        queries[figure.query] = _WORDS[figure.query.split("_de_")[0]]


def _is_in(given: set[Key], figure: Figure) -> bool:
    return (figure.indicator, figure.cell) in given


def _shares(told: Mapping[Key, Figure], given: set[Key]) -> Iterator[Figure]:
    """The share of each published total in the cell where the ESS's jobs are told of."""
    for scope, denominator in DENOMINATOR_OF.items():
        for code, cell in given:
            jobs = told.get(("jobs", cell))
            total = told[code, cell]
            if code != denominator or jobs is None or total.value is None:
                continue
            yield _share(scope, jobs, total)


def _share(scope: Scope, jobs: Figure, total: Figure) -> Figure:
    code, sources = SHARE_OF[scope], _sources(jobs, total)
    if (withheld := _withheld(code, jobs, total, query=SHARES_QUERY)) is not None:
        return withheld
    if bounds_of(jobs).low > bounds_of(total).high:
        return unknown(code, jobs.cell, "percent", "parts_exceed_total", *sources, query=SHARES_QUERY)
    share = share_of_employment(bounds_of(jobs), Employment(scope, bounds_of(total)))
    if share is None:
        return unknown(code, jobs.cell, "percent", "empty_denominator", *sources, query=SHARES_QUERY)
    return _figure(code, jobs.cell, share.percent, sources, SHARES_QUERY)


def _quotients(told: Mapping[Key, Figure], resting: set[Key], reference: str) -> Iterator[Figure]:
    """The quotient of each territory whose share, and that of the reference, rest on published totals."""
    for code, cell in sorted(resting):
        there = (code, cell._replace(perimeter=reference))
        if code != SHARE_OF["all"] or cell.commune or cell.perimeter == reference or there not in resting:
            continue
        here, other = told[code, cell], told[there]
        sources = _sources(here, other)
        if (withheld := _withheld("location_quotient", here, other, query=QUOTIENT_QUERY)) is not None:
            yield withheld
            continue
        found = location_quotient(Share("all", bounds_of(here)), Share("all", bounds_of(other)))
        if found is None:
            yield unknown("location_quotient", cell, "ratio", "empty_denominator", *sources, query=QUOTIENT_QUERY)
        else:
            yield _figure("location_quotient", cell, found, sources, QUOTIENT_QUERY)


class _Moved:
    """The jobs of several years, by cell without its year: what moved until the year of the edition."""

    def __init__(self, told: Mapping[Key, Figure], reference: str, year: int) -> None:
        self._reference, self._year = reference, year
        self._by_cell: defaultdict[Cell, dict[int, Figure]] = defaultdict(dict)
        for (code, cell), figure in told.items():
            if code == "jobs" and not cell.size and cell.year:
                self._by_cell[cell._replace(year=0)][cell.year] = figure

    def growth(self) -> Iterator[Figure]:
        """The growth of each cell since the first year of the same source, or the break that forbids it."""
        for cell in self._by_cell:
            ends = self._ends(cell)
            if ends is None:
                continue
            before, after = ends
            at, sources, query = after.cell, _sources(before, after), f"{GROWTH_QUERY}_de_{before.cell.year}"
            if not _same_series(before, after):
                yield unknown("jobs_growth", at, "percent", "series_broken", *sources, query=query)
            elif (withheld := _withheld("jobs_growth", before, after, at=at, query=query)) is not None:
                yield withheld
            else:
                rate = BeforeAfter(bounds_of(before), bounds_of(after)).growth
                if rate is None:
                    yield unknown("jobs_growth", at, "percent", "empty_denominator", *sources, query=query)
                else:
                    yield _figure("jobs_growth", at, rate.times(exactly(PERCENT)), sources, query)

    def shifts(self) -> Iterator[Figure]:
        """The shift-share of each territory against the reference, by section and by sector of the ESS."""
        territories = {cell.perimeter for cell in self._by_cell if cell.perimeter != self._reference}
        for perimeter in sorted(territories):
            whole = Cell(perimeter)
            of_sections = list(self._shifts(whole, sections()))
            # The whole is told once: by the sections where they are known.
            has_whole = any(not figure.cell.sector for figure in of_sections)
            yield from of_sections
            yield from (each for each in self._shifts(whole, ess_sectors()) if each.cell.sector or not has_whole)

    def _shifts(self, whole: Cell, codes: Iterable[str]) -> Iterator[Figure]:
        reference = Cell(self._reference)
        here, there = self._sectors(whole, codes), self._sectors(reference, codes)
        shared = {code: pair for code, pair in here.items() if code in there and pair[0].cell.year == _since(there)}
        if not shared:
            return
        found = shift_share(_pairs(shared), _pairs(there))
        sources = _sources(*(each for pair in (*shared.values(), *there.values()) for each in pair))
        query = f"{GROWTH_QUERY}_secteurs_de_{_since(there)}"
        left_out = self._told(whole, codes) > len(found.by_sector) or self._told(reference, codes) > len(there)
        whole_remark = "sectors_partly_unknown" if left_out else ""
        for code, parts in found.by_sector.items():
            yield from _parts(whole._replace(sector=code, year=self._year), parts, sources, query)
        if found.whole is not None:
            yield from _parts(whole._replace(year=self._year), found.whole, sources, query, whole_remark)

    def _told(self, whole: Cell, codes: Iterable[str]) -> int:
        """How many sectors are spoken of in some year, with or without a value."""
        return sum(bool(self._by_cell.get(whole._replace(sector=code))) for code in codes)

    def _sectors(self, whole: Cell, codes: Iterable[str]) -> dict[str, tuple[Figure, Figure]]:
        """The two ends of each sector whose jobs are told at both and counted the same way."""
        found = {}
        for code in codes:
            ends = self._ends(whole._replace(sector=code))
            if ends is not None and _same_series(*ends) and all(end.value is not None for end in ends):
                found[code] = ends
        return found

    def _ends(self, cell: Cell) -> tuple[Figure, Figure] | None:
        """The jobs of the first year of the same source, else of the last year before; those of the edition's year."""
        years = self._by_cell.get(cell, {})
        after = years.get(self._year)
        earlier = [figure for year, figure in sorted(years.items()) if year < self._year]
        if after is None or not earlier:
            return None
        alike = [figure for figure in earlier if _same_series(figure, after)]
        return (alike[0] if alike else earlier[-1]), after


def _pairs(sectors: Mapping[str, tuple[Figure, Figure]]) -> dict[str, BeforeAfter]:
    return {code: BeforeAfter(bounds_of(before), bounds_of(after)) for code, (before, after) in sectors.items()}


def _since(sectors: Mapping[str, tuple[Figure, Figure]]) -> int:
    """The first year of a reference's sectors; 0 when there are none."""
    return min((before.cell.year for before, _after in sectors.values()), default=0)


def _parts(
    cell: Cell, parts: Shift, sources: tuple[FigureSource, ...], query: str, remark: str = ""
) -> Iterator[Figure]:
    for code, name in SHIFTS.items():
        yield _figure(code, cell, getattr(parts, name), sources, query, remark)


def _same_series(before: Figure, after: Figure) -> bool:
    """Whether two years come from one source, and are both counted or both estimated: nothing else makes a series."""
    return bool(after.sources) and before.sources == after.sources and before.estimated == after.estimated


def _withheld(code: str, *of: Figure, query: str, at: Cell | None = None) -> Figure | None:
    """The figure that has no value because one of those it is computed from has none; None when all have one."""
    unit, cell, sources = indicators()[code].unit, at or of[0].cell, _sources(*of)
    if any(figure.status is Status.HIDDEN for figure in of):
        return hidden(code, cell, unit, "secret_derived", *sources, query=query)
    missing = next((figure for figure in of if figure.value is None), None)
    return unknown(code, cell, unit, missing.because, *sources, query=query) if missing is not None else None


def _figure(
    code: str, cell: Cell, found: Interval, sources: tuple[FigureSource, ...], query: str, because: str = ""
) -> Figure:
    low, high = (None, None) if found.exact else (found.low, found.high)
    unit = indicators()[code].unit
    return Figure(code, cell, unit, found.central, low, high, Status.OK, because, sources, query)


def _sources(*figures: Figure) -> tuple[FigureSource, ...]:
    return tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
