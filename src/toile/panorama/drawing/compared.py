"""The territory beside those it is compared to, and what bears on its contribution."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from toile.kernel.charts import Bars, Chart, Line, Reference
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.told import tell

from .findings import of_largest, of_territories
from .held import Held, Said, drawable
from .times import movements_of

COMPARED = (
    ("comparison", "share_of_employment"),
    ("comparison-private", "share_of_private_employment"),
    ("comparison-quotient", "location_quotient"),
)
MOST = 6
"""The territory and five others."""
SHIFTS = ("shift_national", "shift_structural", "shift_local")


def comparisons(held: Held) -> Iterator[Chart]:
    """Each share beside those of the territories compared, ours first."""
    for key, indicator in COMPARED:
        found = held.along(indicator, "perimeter")
        ours = held.whole(indicator)
        if ours is None or not drawable(list(found.values())):
            continue
        codes = [held.edition.perimeter, *(code for code in held.edition.compared if code in found)][:MOST]
        finding = of_territories(held.edition.perimeter_name, ours, [found[code] for code in codes[1:]])
        ratio = ours.unit == "ratio"
        yield Bars(
            key=key,
            words=held.words(finding, indicator, _("Territoire"), Said(by=_("ici et dans les territoires comparés"))),
            lines=tuple(
                held.line("perimeter", code, found[code], ours=code == held.edition.perimeter) for code in codes
            ),
            reference=Reference(Decimal(1), _("1 : le même poids")) if ratio else None,
            links=held.links(indicator),
            tell=tell,
        )


def contributions(held: Held) -> Iterator[Chart]:
    """What bears on employment, on cohesion and on attractiveness; nothing here bears on funding."""
    shift = _shift(held)
    if shift is not None:
        yield shift
    approvals = _approvals(held)
    if approvals is not None:
        yield approvals
    movements = movements_of(held, "contribution-attractiveness")
    if movements is not None:
        yield movements


def _shift(held: Held) -> Bars | None:
    """The three parts of the change in jobs, which may be losses (domain A15)."""
    found = [(code, figure) for code in SHIFTS if (figure := held.whole(code)) is not None]
    if len(found) != len(SHIFTS) or not drawable([figure for _code, figure in found]):
        return None
    local = found[-1][1]
    return Bars(
        key="contribution-employment",
        words=held.words(
            _("Propre au territoire : %(value)s emplois") % {"value": tell(local)},
            "shift_local",
            _("Part de l’évolution"),
            Said(what=_("Ce qui fait l’évolution de l’emploi de l’ESS : la conjoncture, les secteurs, le territoire")),
        ),
        lines=tuple(Line(_(indicators()[code].short_fr), figure) for code, figure in found),
        links=held.links("shift_local"),
        tell=tell,
    )


def _approvals(held: Held) -> Bars | None:
    """The structures of insertion, by kind."""
    found = {
        code: figure
        for code, known in indicators().items()
        if known.theme == "approval" and (figure := held.whole(code)) is not None and figure.unit == "establishments"
    }
    if not drawable(list(found.values())):
        return None
    ordered = sorted(found.items(), key=lambda item: -(item[1].value or 0))
    first, largest = ordered[0]
    return Bars(
        key="contribution-cohesion",
        words=held.words(
            of_largest(_(indicators()[first].short_fr), largest, None),
            first,
            _("Structure d’insertion"),
            Said(what=_("Structures d’insertion par l’activité économique, par sorte")),
        ),
        lines=tuple(Line(_(indicators()[code].short_fr), figure) for code, figure in ordered),
        links=held.links(first),
        tell=tell,
    )
