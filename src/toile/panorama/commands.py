"""What the command line calls: figures of territories from a folder of official files, and the file that keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from toile.kernel.errors import UserError
from toile.kernel.figures import FigureSource
from toile.panorama.computing.cells import BREAKDOWNS, WITHOUT_COMMUNES
from toile.panorama.computing.engines import Engine, engine
from toile.panorama.computing.files import open_files
from toile.panorama.computing.run import Asked, Computed, Progress, compute
from toile.panorama.computing.understanding import together, understand
from toile.panorama.models import SourceKind
from toile.panorama.rules.quotients import EVERYWHERE
from toile.panorama.services.territories import communes_of, compared_name, perimeter_named
from toile.territory.models import Commune, CommuneKind
from toile.territory.queries import rolled_up_codes

CHUNK: Final = 1 << 20


class NothingToCompute(UserError):
    """No territory can be computed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command asks: where the files are, of which year, by which engine, whether secrecy hides."""

    stock: Path
    year: int | None = None
    engine: Engine = "duckdb"
    master: str | None = None
    secrecy: bool = True


def figures_of(wanted: Wanted, codes: Sequence[str], progress: Progress, *, beside: str = EVERYWHERE) -> Computed:
    """The figures of some territories, in all their detail, told against another. Raises a `UserError`."""
    perimeters = {code: communes_of(code) for code in map(_code, codes)}
    return _of_year(compute(_asked(wanted, perimeters, tuple(BREAKDOWNS), beside), progress))


def figures_of_all(wanted: Wanted, progress: Progress) -> Computed:
    """The figures of every intercommunalité, without their communes, told against France. Raises a `UserError`."""
    perimeters = every_epci()
    if not perimeters:
        raise NothingToCompute("Aucune intercommunalité n’est connue ici : commencez par `toile init --epci CODE`.")
    return _of_year(compute(_asked(wanted, perimeters, WITHOUT_COMMUNES, EVERYWHERE), progress))


def compared(wanted: Wanted, codes: Sequence[str], progress: Progress) -> Computed:
    """The figures of territories as wholes, side by side in their order; quotients are told against France."""
    perimeters = {code: communes_of(code) for code in map(_code, codes)}
    found = _of_year(compute(_asked(wanted, perimeters, ("total",), EVERYWHERE), progress))
    order = list(perimeters)
    return replace(found, figures=sorted(found.figures, key=lambda figure: order.index(figure.cell.perimeter)))


def every_epci() -> dict[str, frozenset[str]]:
    """SIREN of each intercommunalité → its present communes. 1 query."""
    found: dict[str, set[str]] = {}
    present = Commune.objects.filter(kind=CommuneKind.COMMUNE, epci__isnull=False).order_by()
    for code, epci in present.values_list("code", "epci_id"):
        found.setdefault(epci, set()).add(code)
    return {epci: frozenset(codes) for epci, codes in sorted(found.items())}


def understood_of(wanted: Wanted) -> dict[str, Any]:
    """What is understood of the files, and what they forbid. Reads each of them once or twice."""
    with engine() as running, open_files(running.connection, wanted.stock) as opened:
        codes = {code: code for code in Commune.objects.order_by().values_list("code", flat=True)} | rolled_up_codes()
        found = understand(running, opened, today=timezone.localdate(), communes=codes)
        said = together(found)
        return {
            "files": [one.as_json() for one in found],
            "impossible": list(said.impossible),
            "remarks": [remark.code for remark in said.remarks],
        }


def sources_of(stock: Path, *, simulated: bool = False) -> tuple[FigureSource, ...]:
    """The files of a folder that are of some use, each with its checksum and the day it was written."""
    with engine() as running, open_files(running.connection, stock) as opened:
        named = list(dict.fromkeys((one.file, one.kind) for one in opened.found))
    found = []
    for name, kind in named:
        path = stock / name
        written = date.fromtimestamp(path.stat().st_mtime)  # noqa: DTZ012 -- a day, in the machine's own
        title = str(SourceKind(kind).label)
        found.append(
            FigureSource(name, title, vintage=written.isoformat(), checksum=_checksum(path), simulated=simulated)
        )
    return tuple(found)


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _code(written: str) -> str:
    """The code under which a territory's figures are told. Raises `UnknownPerimeter`, `TerritoryRefused`."""
    if written == EVERYWHERE or written.startswith("reg:"):
        compared_name(written)
        return written
    return perimeter_named(written)[0]


def _asked(
    wanted: Wanted, perimeters: Mapping[str, frozenset[str] | None], breakdowns: tuple[str, ...], reference: str
) -> Asked:
    """Those territories, told against another that is not told of unless it is one of them."""
    return Asked(
        wanted.stock,
        {**perimeters, reference: communes_of(reference)},
        wanted.year,
        present=rolled_up_codes(),
        breakdowns=breakdowns,
        detailed=tuple(code for code in perimeters if code != reference),
        reference=reference,
        secrecy=wanted.secrecy,
        engine=wanted.engine,
        master=wanted.master,
        shown=frozenset(perimeters),
        dated=True,
    )


def _of_year(computed: Computed) -> Computed:
    """The figures of the year asked: rows say no year, those of past years would be taken for the year's."""
    return replace(computed, figures=[figure for figure in computed.figures if figure.cell.year == computed.year])
