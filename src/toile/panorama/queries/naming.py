"""The French names of the cells of an edition: territories, communes, families, sectors, classes of size."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from toile.directory.rules.display import DISPLAY_CLASSES
from toile.directory.rules.staff import SIZE_LABELS
from toile.kernel.figures import Cell
from toile.panorama.models import Edition
from toile.panorama.rules.sectors import sector_label
from toile.territory.models import Epci, Perimeter
from toile.territory.queries import commune_names

DEPARTMENT: Final = "departement-"
"""How the code of a department's perimeter begins (territory/services/home.py)."""


@dataclass(frozen=True, slots=True)
class Names:
    """perimeters, communes: code → name, of those that a page shows."""

    perimeters: Mapping[str, str]
    communes: Mapping[str, str]

    def of(self, axis: str, code: str) -> str:
        """The name of a value of an axis of `kernel.figures.Cell`; the code itself when nothing names it."""
        if axis == "perimeter":
            return self.perimeters.get(code, code)
        if not code:
            return _("ensemble")
        if axis == "commune":
            return self.communes.get(code, code)
        if axis == "family":
            return _(DISPLAY_CLASSES[code].label_fr) if code in DISPLAY_CLASSES else code
        if axis == "sector":
            return _(sector_label(code))
        return _(SIZE_LABELS.get(code, code))

    def about(self, cell: Cell, home: str) -> str:
        """What a cell is about, in a few words; `home`: the perimeter that goes without saying."""
        said = [self.of(axis, value) for axis, value in zip(cell._fields[1:5], cell[1:5], strict=True) if value]
        if cell.perimeter != home or not said:
            said.insert(0, self.of("perimeter", cell.perimeter))
        return ", ".join(said)


def names_of(edition: Edition, communes: Collection[str] = ()) -> Names:
    """The names of an edition's territories and of some communes. 3 statements at most."""
    return Names(perimeter_names(edition), commune_names(communes) if communes else {})


def perimeter_names(edition: Edition) -> dict[str, str]:
    """The code of each of its territories → its name. 2 statements at most."""
    return {edition.perimeter: edition.perimeter_name} | territory_names(edition.compared)


def territory_names(codes: Sequence[str]) -> dict[str, str]:
    """Codes of EPCI, perimeters, departments (`dep:42`), regions, France → names, in their order. 2 statements at most.

    A department is named by its perimeter where the territory has one; a code that nobody names stands for itself.
    """
    if not codes:
        return {}
    of_departments = {f"{DEPARTMENT}{code.removeprefix('dep:').lower()}": code for code in codes if code[:4] == "dep:"}
    named = dict(Epci.objects.filter(siren__in=codes).order_by().values_list("siren", "name"))
    perimeters = Perimeter.objects.filter(code__in=[*codes, *of_departments]).order_by()
    named |= {of_departments.get(code, code): name for code, name in perimeters.values_list("code", "name")}
    return {code: named.get(code) or _words(code) for code in codes}


def _words(code: str) -> str:
    kind, _colon, number = code.partition(":")
    if code == "france":
        return _("France")
    if kind == "dep":
        return _("département %(code)s") % {"code": number}
    return _("région %(code)s") % {"code": number} if kind == "reg" else code
