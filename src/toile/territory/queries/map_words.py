"""The words around a map: its legend, its caption, the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toile.kernel.fold import sort_key
from toile.kernel.typography import french_number

from ..models import Commune
from ..rules.classes import Class
from ..rules.drawing import Drawing

PLAIN, INSIDE, AROUND, UNKNOWN, SECRET = "c1", "c2", "c0", "hatch", "secret"


@dataclass(frozen=True, slots=True)
class Legend:
    """One class and its bounds in words."""

    css: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table behind the map."""

    name: str
    value: int | None
    url: str | None


def legend_of(
    known: Sequence[Class],
    counts: Mapping[str, int | None] | None,
    communes: Sequence[Commune],
    highlight: Collection[str] | None,
) -> tuple[Legend, ...]:
    """The classes and their bounds in words; the unknown has its own line."""
    if counts is None:
        if highlight is None or all(commune.code in highlight for commune in communes):
            return ()
        named = [commune.name for commune in communes if commune.code in highlight]
        return (Legend(INSIDE, named[0] if len(named) == 1 else _("dans le périmètre")), Legend(AROUND, _("autour")))
    lines = [Legend(item.css, _bounds(item)) for item in known]
    if any(counts.get(commune.code, 0) is None for commune in communes):
        lines.append(Legend(UNKNOWN, _("inconnu")))
    return tuple(lines)


def _bounds(item: Class) -> str:
    low = french_number(item.low)
    if item.high is None:
        return _("%(low)s et plus") % {"low": low}
    return low if item.high == item.low else _("%(low)s à %(high)s") % {"low": low, "high": french_number(item.high)}


def caption_of(kind: str, drawing: Drawing, communes: int, source: str, outlined: bool) -> str:
    """What kind of map it is, the side of a square, and what is not drawn (style.md, section 4)."""
    square = side_of(drawing.metres_per_square)
    dashes = " " + _("En tirets, le contour du périmètre.") if outlined and drawing.frame else ""
    if kind == "contours":
        return (
            _("Contours des communes (%(source)s). Un carreau ≈ %(side)s.") % {"source": source, "side": square}
            + dashes
        )
    if kind == "mosaic":
        return _(
            "Mosaïque : une case par commune (%(count)s), dans l’ordre des noms. Leur place ne dit rien du terrain : "
            "ni contours ni centres n’ont été importés."
        ) % {"count": communes}
    missing = communes - len(drawing.shapes)
    caption = _(
        "Carte schématique : un carreau ≈ %(side)s, une cellule par commune (%(count)s), contours non officiels."
    )
    drawn = caption % {"side": square, "count": len(drawing.shapes)} + dashes
    return (
        f"{drawn} {_('Sans centre connu, donc hors de la carte : %(count)s.') % {'count': missing}}"
        if missing
        else drawn
    )


def side_of(metres: float) -> str:
    """The side of a square, said in words: « 620 m », « 1,2 km »."""
    if metres < 1000:
        return _("%(metres)s m") % {
            "metres": french_number(max(round(metres, -1), 1) if metres >= 10 else round(metres, 1))
        }
    return _("%(kilometres)s km") % {"kilometres": french_number(round(metres / 1000, 1))}


def table_of(
    communes: Sequence[Commune], counts: Mapping[str, int | None] | None, url: Callable[[str], str] | None
) -> tuple[tuple[Row, ...], int, int | None]:
    """Lines (largest first, unknown ones after), how many zeros are gathered, and the total where all is known."""
    if counts is None:
        return tuple(Row(c.name, c.population, None) for c in communes), 0, None
    values = {commune.code: counts.get(commune.code, 0) for commune in communes}
    kept = [commune for commune in communes if values[commune.code] != 0]
    kept.sort(key=lambda c: (values[c.code] is None, -(values[c.code] or 0), sort_key(c.name)))
    rows = tuple(Row(c.name, values[c.code], url(c.code) if url and values[c.code] else None) for c in kept)
    total = None if None in values.values() else sum(value or 0 for value in values.values())
    return rows, len(communes) - len(kept), total
