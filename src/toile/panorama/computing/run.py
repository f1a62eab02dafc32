"""The computation itself: from what is asked to the figures, the same for the command line and for the site's job."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from toile.directory.rules.ess import FAMILIES
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.figures import Cell, Figure, FigureSource
from toile.panorama.rules.indicators import Indicator, indicators
from toile.panorama.rules.intervals import ZERO
from toile.panorama.rules.quotients import EVERYWHERE
from toile.panorama.rules.secrecy import withholding

from . import cells, cube, history, movements, verdict
from .engines import Engine, engine
from .figures_of import NOTHING, Telling, told
from .files import Given, Opened, open_files
from .hiding import few_beyond_largest, secrets_of
from .understanding import forbidden

Progress = Callable[[int, int, str], None]

OF_WHOLES: Final = ("non_employer_associations", "head_offices_elsewhere", "location_quotient", "concentration")
FIRST_LAW: Final = date(2014, 8, 2)
"""The day from which the ESS has a law (loi n° 2014-856): years before are told with its first reading."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to compute.

    files: a folder or files, as `files.open_files` takes them. perimeters: code → present communes, None: everywhere.
    year: the figures are of 31 December of it; None: of the last one before the stock was written. present: old,
    delegated or arrondissement code → present commune. breakdowns: names of `cells.BREAKDOWNS`. detailed: the
    perimeters whose communes are told of; None: all that have a list of them. reference: the perimeter that quotients
    are told against; it is told of only when it is `shown`. secrecy: whether statistical secrecy hides jobs and what
    comes from them. shown: the perimeters whose figures are told; None: all. dated: whether to look for the day of the
    stock though a year is asked, which takes one more pass over the establishments.
    """

    files: Path | Sequence[Path | Given]
    perimeters: cube.Perimeters
    year: int | None = None
    present: Mapping[str, str] = field(default_factory=dict)
    breakdowns: Collection[str] = tuple(cells.BREAKDOWNS)
    detailed: Collection[str] | None = None
    reference: str = EVERYWHERE
    secrecy: bool = True
    engine: Engine = "duckdb"
    master: str | None = None
    sources: tuple[FigureSource, ...] = ()
    shown: Collection[str] | None = None
    dated: bool = False

    def is_shown(self, cell: Cell) -> bool:
        """Whether the figures of a cell are told."""
        return self.shown is None or cell.perimeter in self.shown

    @property
    def told_by_commune(self) -> tuple[str, ...]:
        """The perimeters whose communes are told of."""
        listed = [code for code, communes in self.perimeters.items() if communes is not None]
        return tuple(code for code in listed if self.detailed is None or code in self.detailed)


@dataclass(frozen=True, slots=True)
class Computed:
    """What came of it.

    queries: name → SQL, in the order they were run: a figure's `query` is one of the names, and reads tables that the
    ones before it make. understood: what each file gave, as JSON keeps it. stock_year: of the last 31 December before
    the stock was written, None when not looked for.
    """

    year: int
    figures: list[Figure]
    queries: dict[str, str]
    understood: list[dict[str, Any]]
    stock_year: int | None = None

    @property
    def is_of_stock(self) -> bool:
        """Whether, without a history, the establishments are those of the stock's day and not of the year asked."""
        told_then = any(one["kind"] == "history" for one in self.understood)
        return not told_then and self.stock_year not in (None, self.year)


def compute(asked: Asked, progress: Progress = lambda done, total, what: None) -> Computed:
    """Compute the figures; memory stays bounded whatever the size of the files.

    progress: called with the steps done, their number, and what is done now. Raises `UserError` for files that cannot
    be used or an engine that is not there.
    """
    names = [name for name in cells.BREAKDOWNS if name in asked.breakdowns]
    total = len(names) + 4
    progress(0, total, "lecture des fichiers")
    with engine(asked.engine, asked.master) as running, open_files(running.connection, asked.files) as opened:
        steps = cube.Steps(running, {})
        stock_year = history.last_year_of(running, opened) if asked.dated or asked.year is None else None
        year = asked.year or stock_year
        assert year is not None
        _count(asked, opened, steps, year, progress, total)
        work = _Work(asked, steps, year, _telling(asked, opened))
        figures: list[Figure] = []
        with _uncollected():
            for done, name in enumerate(names, start=3):
                progress(done, total, f"calcul {name.replace('_', ' ')}")
                figures += work.figures_of(name)
            figures += work.beside()
        if opened.history is not None:
            progress(total - 2, total, "historique")
            figures += _moving(asked, opened, steps, work).figures()
        else:
            figures += work.without(indicator for indicator, one in indicators().items() if _of_history(one))
        figures = [figure for figure in figures if asked.is_shown(figure.cell)]
        if asked.secrecy:
            progress(total - 1, total, "secret statistique")
            weights = [weight for weight in work.weights(names) if asked.is_shown(weight.cell)]
            shown = {code: inside for code, inside in asked.perimeters.items() if asked.is_shown(Cell(code))}
            alone = {"concentration": few_beyond_largest(weights)}
            figures = list(withholding.withhold(figures, {"jobs": secrets_of(work.counted, weights, shown)}, alone))
    progress(total, total, "terminé")
    return Computed(year, figures, steps.texts, [asdict(one) for one in opened.found], stock_year)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would look a hundred times at figures that hold no cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _of_history(indicator: Indicator) -> bool:
    """Whether an indicator is told by a history and by nothing else."""
    return all("history" in way for way in indicator.needs) and not indicator.context


def _moving(asked: Asked, opened: Opened, steps: cube.Steps, work: _Work) -> movements.Movements:
    _units, places = opened.stock()
    assert opened.history is not None
    present = cities() | dict(asked.present)

    def scopes(codes: list[str]) -> pa.Table:
        return cube.scopes_of(asked.perimeters, present, codes)

    return movements.prepare(
        steps, work.telling, opened.history, places, work.year, scopes, asked.perimeters, asked.breakdowns
    )


def _count(asked: Asked, opened: Opened, steps: cube.Steps, year: int, progress: Progress, total: int) -> None:
    units, places = opened.stock()
    if opened.history is not None:
        places = history.as_of(places, opened.history, year)
    present = cities() | dict(asked.present)
    members = verdict.members(units, ess_parameters(max(date(year, 12, 31), FIRST_LAW)), opened.ess_list)
    progress(1, total, "établissements de l’ESS et de tous les employeurs")
    cube.count(steps, places, members, _codes(asked.perimeters, present))
    progress(2, total, "territoires et secteurs")
    cube.locate(steps, asked.perimeters, present)


def cities() -> dict[str, str]:
    """The arrondissements of the three cities that have some, to their commune."""
    return {
        f"{start}{number:0{5 - len(start)}d}": commune
        for start, commune, count in cube.CITIES
        for number in range(1, count + 1)
    }


def _codes(perimeters: cube.Perimeters, present: Mapping[str, str]) -> set[str] | None:
    """Every code that the files may write for the communes asked; None when everywhere is."""
    asked: set[str] = set()
    for communes in perimeters.values():
        if communes is None:
            return None
        asked |= communes
    return asked | {old for old, now in present.items() if now in asked}


def _telling(asked: Asked, opened: Opened) -> Telling:
    return Telling(asked.sources, frozenset(code for one in opened.found for code in forbidden(one)))


@dataclass(slots=True)
class _Work:
    """The figures of one computation, breakdown after breakdown, and what secrecy must know of their cells."""

    asked: Asked
    steps: cube.Steps
    year: int
    telling: Telling
    counted: dict[Cell, cells.Counted] = field(default_factory=dict)
    present: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        scopes = self.steps.running.table("perimetres").select("perimeter", "commune").distinct()
        pairs = zip(*(column.to_pylist() for column in self.steps.running.fetch(scopes).columns), strict=True)
        self.present = frozenset(place for code, commune in pairs for place in ((code, ""), (code, commune)))

    def figures_of(self, name: str) -> Iterator[Figure]:
        """The figures of one breakdown."""
        axes, query = cells.BREAKDOWNS[name], f"ess_{name}"
        among = self.asked.told_by_commune if "commune" in axes else None
        found = {one.cell: one for one in cells.count_cells(self.steps, name, self.year, among)}
        self.counted |= found
        everybody: Mapping[Cell, cells.Everybody] = {}
        if name in cells.OF_EVERYBODY:
            everybody = {one.cell: one for one in cells.count_everybody(self.steps, name, self.year, among)}
        for one in found.values():
            if told(one.cell):
                yield from self._of_cell(one, axes, everybody, query)
        for cell in self._asked_cells(axes):
            if cell not in found:
                yield from self._of_nothing(cell, axes, everybody, query)

    def weights(self, names: Iterable[str]) -> Iterator[cells.Weight]:
        """What secrecy asks of the cells of these breakdowns."""
        for name in names:
            among = self.asked.told_by_commune if "commune" in cells.BREAKDOWNS[name] else None
            yield from cells.weigh_cells(self.steps, name, self.year, among)

    def _of_cell(
        self, one: cells.Counted, axes: cells.Axes, everybody: Mapping[Cell, cells.Everybody], query: str
    ) -> Iterator[Figure]:
        telling, by_sector = self.telling, "section" in axes or "ess_sector" in axes
        yield from telling.counts(one, query)
        if axes in ((), ("commune",)):
            yield from telling.shares_of(one, everybody.get(one.cell), query)
        elif by_sector and "commune" not in axes:
            telling.keep_share(one, everybody.get(one.cell))
        if "family" not in axes and "size" not in axes:
            yield from telling.associations(one, query)
        if "commune" not in axes and "size" not in axes:
            yield from telling.seats(one, query)

    def _of_nothing(
        self, cell: Cell, axes: cells.Axes, everybody: Mapping[Cell, cells.Everybody], query: str
    ) -> Iterator[Figure]:
        """A cell without any establishment of the ESS: zero where there are others, unknown where there are none."""
        if (cell.perimeter, cell.commune) in self.present:
            yield from self._of_cell(NOTHING._replace(cell=cell), axes, everybody, query)
            return
        shares = ("share_of_employment", "share_of_private_employment") if axes in ((), ("commune",)) else ()
        wholes = OF_WHOLES if axes == () else ()
        for indicator in ("employer_establishments", "establishments", "legal_units", "jobs", *shares, *wholes):
            by_size = not cell.size or "size" in indicators()[indicator].axes
            if by_size and indicator not in self.telling.forbidden:
                yield self.telling.unknown(indicator, cell, "no_unit", query)

    def _asked_cells(self, axes: cells.Axes) -> Iterator[Cell]:
        """The cells that have a figure whatever is in them: territories, their communes, families and sizes."""
        listed: dict[str, Iterable[str]] = {"family": FAMILIES, "size": SIZE_CLASSES}
        others = [axis for axis in axes if axis != "commune"]
        if not set(others) <= set(listed):
            return
        by_commune = frozenset(self.asked.told_by_commune) if "commune" in axes else frozenset()
        for perimeter, communes in self.asked.perimeters.items():
            told_of = (communes or ()) if perimeter in by_commune else ()
            for commune in sorted(told_of) if "commune" in axes else ("",):
                whole = Cell(perimeter, commune, year=self.year)
                for axis in others:
                    yield from (whole._replace(**{axis: value}) for value in listed[axis])  # type: ignore[arg-type]
                if not others:
                    yield whole

    def beside(self) -> Iterator[Figure]:
        """What is told of territories as wholes, and what nothing here gives."""
        telling = self.telling
        alone = cube.holding_all_of(self.asked.reference, self.present)
        yield from telling.quotients(self.asked.reference, alone, "emplois_total")
        largest = {perimeter: jobs for perimeter, *jobs in cells.largest_employers(self.steps)}
        for perimeter in self.asked.perimeters:
            if (perimeter, "") in self.present:
                jobs = largest.get(perimeter, ([], ZERO))
                yield from telling.concentration(Cell(perimeter, year=self.year), *jobs, "ess_concentration")
        yield from self.without((code for code in sorted(telling.forbidden)), "column_missing")

    def without(self, codes: Iterable[str], because: str = "no_source") -> Iterator[Figure]:
        """Indicators that the files do not give, for each territory; those of the whole economy are never told here."""
        for code in codes:
            if not indicators()[code].context:
                for perimeter in self.asked.perimeters:
                    yield self.telling.unknown(code, Cell(perimeter, year=self.year), because)
