"""Reading perimeters: by any of their names, by a point, and as the scope of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.kernel.fold import sort_key

from ..geometry import contains
from ..models import Commune, CommuneKind, Epci, Perimeter, PerimeterName
from ..rules.names import place_key
from .codes import resolve_code


class UnknownPerimeter(UserError):
    """Nothing is called so."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an import or a filter keeps: whole communes, and the ground inside a polygon."""

    code: str
    name: str
    communes: frozenset[str]
    polygon: Mapping[str, Any] | None = None

    def holds(self, commune: str, lon: float | None = None, lat: float | None = None) -> bool:
        """Whether an address of this present commune, at this point if known, is inside."""
        if commune in self.communes:
            return True
        return self.polygon is not None and lon is not None and lat is not None and contains(self.polygon, lon, lat)


def perimeters() -> list[Perimeter]:
    """All perimeters with their communes and names, in the French order. 3 queries."""
    return sorted(Perimeter.objects.prefetch_related("communes", "names"), key=lambda p: sort_key(p.name))


def perimeter_called(name: str) -> Perimeter | None:
    """The perimeter of this name, alias or code, however written: « Crêt de Roch » is « Crêt de Roc ». 2 queries."""
    found = PerimeterName.objects.filter(folded=place_key(name)).select_related("perimeter").first()
    return found.perimeter if found else Perimeter.objects.filter(code=name.strip().lower()).first()


def scope(name: str) -> Scope:
    """The scope of a perimeter's code or name, an EPCI's SIREN, a department's code, or a commune's code.

    7 queries at most. Raises `UnknownPerimeter` with what can be given.
    """
    asked = name.strip()
    perimeter = perimeter_called(asked)
    if perimeter is not None:
        codes = perimeter.communes.values_list("code", flat=True)
        return Scope(perimeter.code, perimeter.name, frozenset(codes), perimeter.polygon)
    present = Commune.objects.filter(kind=CommuneKind.COMMUNE).order_by()
    epci = Epci.objects.filter(siren=asked).first()
    if epci is not None:
        return Scope(epci.siren, epci.name, frozenset(present.filter(epci=epci).values_list("code", flat=True)))
    department = frozenset(present.filter(department=asked.upper()).values_list("code", flat=True))
    if department:
        return Scope(asked.upper(), _("département %(code)s") % {"code": asked.upper()}, department)
    commune = resolve_code(asked).code
    if commune is not None:
        return Scope(commune, present.get(code=commune).name, frozenset({commune}))
    raise UnknownPerimeter(
        _(
            "Aucun périmètre ne s’appelle « %(name)s » : donnez le nom ou le code d’un périmètre, le SIREN d’une "
            "intercommunalité, le code d’un département ou celui d’une commune."
        )
        % {"name": asked[:60]}
    )


Place = tuple[float | None, float | None, str]
"""Longitude, latitude (None: unknown) and present commune (empty: unknown) of an address."""


def perimeters_of_points(places: Sequence[Place]) -> list[list[Perimeter]]:
    """For each place, the perimeters it is in: by its commune, or by its point inside a polygon. 2 queries in all."""
    known = list(Perimeter.objects.prefetch_related("communes"))
    members = {perimeter.code: {commune.code for commune in perimeter.communes.all()} for perimeter in known}
    scopes = [Scope(p.code, p.name, frozenset(members[p.code]), p.polygon) for p in known]
    return [
        [perimeter for perimeter, own in zip(known, scopes, strict=True) if own.holds(commune, lon, lat)]
        for lon, lat, commune in places
    ]


def perimeters_of_point(lon: float | None, lat: float | None, commune: str = "") -> list[Perimeter]:
    """The perimeters one place is in. 2 queries."""
    return perimeters_of_points([(lon, lat, commune)])[0]
