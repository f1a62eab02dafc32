"""The title of a drawing: the sentence that its figures say, and nothing that they do not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.figures import Figure
from toile.kernel.typography import french_number
from toile.panorama.rules.told import tell, tell_with_unit

TENTHS = (
    "",
    gettext_lazy("Un"),
    gettext_lazy("Deux"),
    gettext_lazy("Trois"),
    gettext_lazy("Quatre"),
    gettext_lazy("Cinq"),
    gettext_lazy("Six"),
    gettext_lazy("Sept"),
    gettext_lazy("Huit"),
    gettext_lazy("Neuf"),
)
PEOPLE = {
    "association": gettext_lazy("associations"),
    "cooperative": gettext_lazy("coopératives"),
    "mutuelle": gettext_lazy("mutuelles"),
    "fondation": gettext_lazy("fondations"),
    "societe_commerciale_ess": gettext_lazy("sociétés commerciales de l’ESS"),
}
THINGS = {
    "establishments": gettext_lazy("établissements"),
    "employer_establishments": gettext_lazy("établissements employeurs"),
    "jobs": gettext_lazy("emplois"),
}
"""What is counted in tenths, by indicator."""
LEAST = Decimal("0.15")
"""Below, a share is not told in tenths."""


def tenths(part: Figure, whole: Figure) -> int | None:
    """How many in ten the part is of the whole; None where it cannot be told so: unknown, too small, or uncertain.

    An estimate is told in tenths only when the ends of its interval, against the centre of the whole, agree on them.
    """
    if part.value is None or not whole.value or part.value < LEAST * whole.value:
        return None
    said = {
        int((10 * value / whole.value).quantize(Decimal(1), ROUND_HALF_UP))
        for value in (part.value, *((part.low, part.high) if part.low is not None and part.high is not None else ()))
    }
    count = said.pop()
    return count if not said and 2 <= count <= 9 else None


def of_families(family: str, part: Figure, whole: Figure | None) -> str:
    """« Sept établissements employeurs sur dix sont des associations »; empty where it cannot be said so."""
    count = tenths(part, whole) if whole is not None else None
    if whole is None or count is None or whole.indicator not in THINGS or family not in PEOPLE:
        return ""
    said = _("%(count)s %(things)s sur dix sont des %(family)s")
    if whole.unit == "jobs":
        said = _("%(count)s %(things)s sur dix sont dans des %(family)s")
    return said % {"count": TENTHS[count], "things": THINGS[whole.indicator], "family": PEOPLE[family]}


def of_largest(name: str, part: Figure, whole: Figure | None) -> str:
    """« Action sociale : trois établissements sur dix », else the value itself, in words that suit any name."""
    count = tenths(part, whole) if whole is not None else None
    if whole is None or count is None or whole.indicator not in THINGS:
        return _("%(name)s d’abord : %(value)s") % {"name": name, "value": tell_with_unit(part)}
    return _("%(name)s : %(count)s %(things)s sur dix") % {
        "name": name,
        "count": str(TENTHS[count]).lower(),
        "things": THINGS[whole.indicator],
    }


def of_spread(name: str, figures: Sequence[Figure]) -> str:
    """« Part de l’emploi : de 4,2 % à 31,0 % selon les communes », among those that are told."""
    told = sorted((f for f in figures if f.value is not None), key=lambda figure: figure.value or 0)
    if not told:
        return _("%(name)s : aucune commune connue") % {"name": name}
    low, high = central(told[0]), central(told[-1])
    if low == high:
        return _("%(name)s : %(value)s") % {"name": name, "value": low}
    return _("%(name)s : de %(low)s à %(high)s selon les communes") % {"name": name, "low": low, "high": high}


def of_time(run: Sequence[Figure], broken: bool) -> str:
    """The last value, and its change since the start of its own stretch; across a break no change is told (A14)."""
    first, last = run[0], run[-1]
    now = _("%(value)s en %(year)s") % {"value": tell_with_unit(last), "year": last.cell.year}
    if len(run) < 2 or last.estimated or first.estimated or last.value is None or first.value is None:
        return _("%(now)s ; rupture de série avant") % {"now": now} if broken else now
    change = last.value - first.value
    if not change:
        return _("%(now)s, autant qu’en %(year)s") % {"now": now, "year": first.cell.year}
    text = tell(Figure(last.indicator, last.cell, last.unit, abs(change)))
    more = (
        _("%(now)s, %(change)s de plus qu’en %(year)s")
        if change > 0
        else _("%(now)s, %(change)s de moins qu’en %(year)s")
    )
    return more % {"now": now, "change": text, "year": first.cell.year}


def of_movements(births: Figure, closures: Figure) -> str:
    """« En 2024, 41 ouvertures et 42 fermetures »."""
    return _("En %(year)s, ouvertures : %(births)s ; fermetures : %(closures)s") % {
        "year": births.cell.year,
        "births": tell(births),
        "closures": tell(closures),
    }


def of_survival(last: Figure, years: int) -> str:
    """« Sur 100 lieux d’activité ouverts, 78 (72 à 84) le sont encore après 3 ans »: the longest time that is known."""
    assert last.value is not None
    said = french_number(last.value, 0)
    if last.low is not None and last.high is not None:
        low, high = last.low.quantize(Decimal(1), ROUND_FLOOR), last.high.quantize(Decimal(1), ROUND_CEILING)
        said = _("%(value)s (%(low)s à %(high)s)") % {"value": said, "low": low, "high": high}
    if years == 1:
        return _("Sur 100 lieux d’activité ouverts, %(value)s le sont encore après un an") % {"value": said}
    return _("Sur 100 lieux d’activité ouverts, %(value)s le sont encore après %(years)s ans") % {
        "value": said,
        "years": years,
    }


def of_territories(name: str, ours: Figure, others: Sequence[Figure]) -> str:
    """« Loire : 14,1 % ; de 9,7 % à 12,9 % dans les territoires comparés »: no rank, since intervals overlap."""
    told = sorted((f for f in others if f.value is not None), key=lambda figure: figure.value or 0)
    here = _("%(name)s : %(value)s") % {"name": name, "value": tell(ours)}
    if not told:
        return here
    low, high = central(told[0]), central(told[-1])
    if low == high:
        return _("%(here)s ; %(value)s ailleurs") % {"here": here, "value": low}
    return _("%(here)s ; de %(low)s à %(high)s dans les territoires comparés") % {
        "here": here,
        "low": low,
        "high": high,
    }


def central(figure: Figure) -> str:
    """A value without its interval, which the drawing and the table give."""
    return tell(figure).partition(" (")[0]
