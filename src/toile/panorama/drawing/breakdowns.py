"""Bars of a whole by family, by sector, by size, and the parts of the establishments that employ or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.rules.staff import SIZE_CLASSES
from toile.kernel.charts import Bars, Chart, Line, Parts
from toile.kernel.figures import Figure
from toile.panorama.rules.sectors import ess_sectors
from toile.panorama.rules.told import tell

from .findings import of_families, of_largest
from .held import Axis, Held, Said, drawable, largest_first

MOST = 12
"""Bars in one chart; the table of the indicator has the others."""


class Asked(NamedTuple):
    """One chart of bars: the whole of an indicator, broken down along an axis."""

    key: str
    indicator: str
    axis: Axis
    by: object
    column: object


ASKED = (
    Asked("families", "employer_establishments", "family", gettext_lazy("par famille"), gettext_lazy("Famille")),
    Asked("families-jobs", "jobs", "family", gettext_lazy("par famille"), gettext_lazy("Famille")),
    Asked("sectors", "employer_establishments", "sector", gettext_lazy("par secteur"), gettext_lazy("Secteur")),
    Asked("sectors-jobs", "jobs", "sector", gettext_lazy("par secteur"), gettext_lazy("Secteur")),
    Asked("sizes", "employer_establishments", "size", gettext_lazy("par taille"), gettext_lazy("Taille")),
)


def breakdowns(held: Held) -> Iterator[Chart]:
    """The charts of the whole perimeter that its figures allow."""
    for asked in ASKED:
        chart = bars_of(held, asked)
        if chart is not None:
            yield chart
    parts = staffed(held)
    if parts is not None:
        yield parts


def bars_of(held: Held, asked: Asked, commune: str = "") -> Bars | None:
    """The bars of one breakdown; None where the figures say nothing. Sizes keep their order."""
    found = _values(held, asked, commune)
    if not drawable(list(found.values())):
        return None
    ordered = list(found.items()) if asked.axis == "size" else largest_first(found, held.names, asked.axis)
    code, first = max(ordered, key=lambda item: (item[1].value is not None, item[1].value or 0))
    whole = held.whole(asked.indicator, commune)
    finding = of_families(code, first, whole) if asked.axis == "family" else ""
    cut = len(ordered) - MOST
    note = _("Les %(count)s autres sont dans le tableau de l’indicateur.") % {"count": cut} if cut > 0 else ""
    place = held.names.of("commune", commune) if commune else ""
    return Bars(
        key=asked.key,
        words=held.words(
            finding or of_largest(held.names.of(asked.axis, code), first, whole),
            asked.indicator,
            str(asked.column),
            Said(by=str(asked.by), place=place, total=whole, note=note),
        ),
        lines=tuple(held.line(asked.axis, value, figure) for value, figure in ordered[:MOST]),
        total=whole,
        links=held.links(asked.indicator),
        tell=tell,
    )


def _values(held: Held, asked: Asked, commune: str) -> dict[str, Figure]:
    """The figures along the axis. Sectors have two lists: the ESS's own where the edition has it, else the NAF's."""
    found = held.along(asked.indicator, asked.axis, commune)
    if asked.axis == "sector":
        ess = {code: figure for code, figure in found.items() if code in ess_sectors()}
        return ess or {code: figure for code, figure in found.items() if len(code) == 1}
    if asked.axis == "size":
        return {size: found[size] for size in SIZE_CLASSES if size in found}
    return found


def staffed(held: Held) -> Parts | None:
    """Of all establishments, those that employ, those that do not, those nobody knows; None unless the three add up."""
    whole, employers = held.whole("establishments"), held.whole("employer_establishments")
    sizes = held.along("establishments", "size")
    pieces = (
        (_("Employeurs"), employers),
        (_("Sans salarié au 31 décembre"), sizes.get("0")),
        (_("Effectif inconnu"), sizes.get("inconnue")),
    )
    if whole is None or not whole.value or any(figure is None or figure.value is None for _name, figure in pieces):
        return None
    lines = tuple(Line(name, figure) for name, figure in pieces if figure is not None)
    if sum(line.figure.value or 0 for line in lines) != whole.value:
        return None
    return Parts(
        key="staffed",
        words=held.words(
            of_largest(lines[0].label, lines[0].figure, whole),
            "establishments",
            _("Établissements"),
            Said(by=_("selon qu’ils emploient"), total=whole),
        ),
        lines=lines,
        total=whole,
        links=held.links("establishments"),
        tell=tell,
    )
