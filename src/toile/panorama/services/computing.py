"""The figures of an edition, asked of `computing.run` from the files of its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from toile.kernel.figures import Figure
from toile.panorama.computing.files import Given
from toile.panorama.computing.run import Asked, compute
from toile.panorama.models import Edition, Source, SourceKind
from toile.panorama.services.arriving import on_disk
from toile.panorama.services.tables import READ_AS_TABLES
from toile.panorama.services.territories import communes_of, reference_of
from toile.territory.queries import rolled_up_codes

Tell = Callable[[int, int | None, str], None]
OPENED: Final = (SourceKind.STOCK_UNITS, SourceKind.STOCK_PLACES, SourceKind.HISTORY)


@dataclass(frozen=True, slots=True)
class Found:
    """What the files give. queries: name → SQL. understood: of each file, as JSON."""

    figures: Sequence[Figure] = ()
    queries: Mapping[str, str] = field(default_factory=dict)
    understood: Sequence[Any] = ()


def computed_of(edition: Edition, sources: Sequence[Source], tell: Tell) -> Found:
    """The figures that the stock gives for the edition's territories; none when it rests on published tables alone.

    Raises `UserError` for files that cannot make them, and what `tell` raises.
    """
    if not any(source.kind in OPENED for source in sources) and any(one.kind in READ_AS_TABLES for one in sources):
        return Found()
    files = [source for source in sources if source.kind not in READ_AS_TABLES]
    perimeters = {code: communes_of(code) for code in (edition.perimeter, *edition.compared)}
    asked = Asked(
        [Given(on_disk(source.path), source.filename, source.kind) for source in files],
        perimeters,
        edition.year,
        present=rolled_up_codes(),
        detailed=(edition.perimeter,),
        reference=reference_of(edition),
        sources=tuple(source.as_figure_source() for source in files),
    )
    done = compute(asked, tell)
    return Found(done.figures, done.queries, done.understood)
