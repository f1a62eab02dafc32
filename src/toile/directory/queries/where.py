"""« Où ? »: what a reader's own words of a place mean, a perimeter, a commune, a quarter with its polygon."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from toile.directory.models import Establishment
from toile.kernel.fold import fold_place
from toile.territory.geometry import bounds
from toile.territory.queries import Scope, communes_by_name, communes_of_home, perimeter_called, scope

MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class Where:
    """A place asked: its communes, or the organisations inside its polygon; `unknown` when it is not a place."""

    label: str = ""
    communes: frozenset[str] = frozenset()
    inside: frozenset[UUID] | None = None
    unknown: bool = False

    @property
    def only(self) -> frozenset[UUID] | None:
        """The organisations one must be among: none for what is not a place; None when the place does not say."""
        return frozenset() if self.unknown else self.inside


def where(text: str) -> Where:
    """Read a place: a perimeter's name or alias, a commune's name or code. 0 statement when empty, 5 at most."""
    written = text.strip()
    if not written:
        return Where()
    perimeter = perimeter_called(written)
    if perimeter is not None:
        found = scope(perimeter.code)
        if found.polygon is not None:
            return Where(found.name, inside=_in_polygon(found))
        return Where(found.name, found.communes)
    codes = communes_by_name().get(fold_place(written), ())
    home = {commune.code: commune.name for commune in communes_of_home()}
    here = frozenset(codes) & home.keys() or ({written} & home.keys())
    if here:
        return Where(home[min(here)], frozenset(here))
    return Where(written, frozenset(codes)) if codes else Where(written, unknown=True)


def _in_polygon(found: Scope) -> frozenset[UUID]:
    """The organisations that have a place at a point inside the scope, or in one of its communes. 1 statement."""
    west, south, east, north = bounds(found.polygon or {})
    near = Q(lon__range=(west, east), lat__range=(south, north)) | Q(commune__in=found.communes)
    located = Establishment.objects.filter(near, is_open=True, lon__isnull=False).order_by("pk")[:MOST_POINTS]
    return frozenset(
        organisation
        for organisation, commune, lon, lat in located.values_list(
            "organisation__canonical_id", "commune_id", "lon", "lat"
        )
        if found.holds(commune or "", lon, lat)
    )
