"""What came of the firms followed: counts by reason, their survival, and what is published of firms of that age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from toile.kernel.charts import Curves, Series, Words
from toile.kernel.figures import Cell, Figure, FigureSource, Status, unknown
from toile.kernel.readers import Reader, Role
from toile.kernel.typography import french_number, short_date
from toile.panorama.queries.editions import in_force
from toile.panorama.queries.figures import figures_of
from toile.pathway.models import Followed
from toile.pathway.queries.cohort import of_doors
from toile.pathway.rules.outcome import Outcome, Reference, leavings, limits, observation, outcome, reference

MONTHS: Final = (6, 12, 18, 24, 30, 36)
INDICATOR: Final = "pathway.survival"
MOST: Final = 20_000
BECAUSE: Final = {
    "few_followed": gettext_lazy("Moins de trente structures : on donne les nombres, pas de courbe."),
    "few_ended": gettext_lazy("Moins de cinq fins d’activité : on donne les nombres, pas de courbe."),
    "late_entries": gettext_lazy(
        "Trop peu de structures suivies dès leurs premiers mois : la courbe ne reposerait que sur elles."
    ),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A survival that others published: after how many years, the figure, and where it comes from."""

    years: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Told:
    """The page. left: reason in words → how many. unborn: followed firms whose birth is not known, in no count."""

    outcome: Outcome
    present: int
    left: Sequence[tuple[str, int]]
    unborn: int
    because: str
    chart: Curves | None
    beside: Sequence[Beside]
    reference: Reference
    simulated: bool


def told(reader: Reader, on: date) -> Told:
    """What came of the firms of one's doors; of all doors for the team, which reads counts alone. 4 queries."""
    rows = (
        Followed.objects.all()
        if reader.has_role(Role.OFFICER, Role.ADMINISTRATOR)
        else Followed.objects.filter(of_doors(reader))
    )
    columns = ("born_on", "entered_on", "left_on", "left_why", "simulated")
    firms = list(rows.order_by("pk").values_list(*columns, named=True)[:MOST])
    means = leavings()
    counted = [firm for firm in firms if means.get(firm.left_why) != "excluded"]
    seen = [
        observation(firm.born_on, firm.entered_on, firm.left_on, means.get(firm.left_why) == "ended", on)
        for firm in counted
        if firm.born_on is not None
    ]
    found = outcome([one for one in seen if one is not None])
    reasons = Counter(firm.left_why for firm in counted if firm.left_on)
    labels = dict(Followed.Left.choices)
    simulated = any(firm.simulated for firm in counted)
    return Told(
        found,
        sum(firm.left_on is None for firm in counted),
        [(str(labels[code]), count) for code, count in reasons.most_common()],
        sum(firm.born_on is None for firm in counted),
        str(BECAUSE.get(found.because, "")),
        _chart(found, simulated, on),
        _beside(),
        reference(),
        simulated,
    )


def _chart(found: Outcome, simulated: bool, on: date) -> Curves | None:
    """The curve of the followed, month after month as far as enough are followed."""
    if found.curve is None:
        return None
    source = FigureSource(
        "followed", _("Structures suivies par les portes"), vintage=short_date(on), simulated=simulated
    )
    points = [(0, _figure(1.0, 1.0, 1.0, source))]
    for month in MONTHS:
        at = found.curve.at(month, limits().min_at_risk)
        if at.survival is None or at.low is None or at.high is None:
            points.append((month, unknown(INDICATOR, Cell(""), "percent", at.because, source)))
        else:
            points.append((month, _figure(at.survival, at.low, at.high, source)))
    last = next((point for point in reversed(points) if point[1].status is Status.OK and point[0]), None)
    if last is None:
        return None
    return Curves(
        key="survie-suivies",
        words=Words(
            _finding(*last),
            _("Part des structures suivies encore actives, selon leur âge, bande à 95 %%, %(n)s structures")
            % {"n": french_number(found.followed)},
            _("Mois depuis la création"),
            _("Encore actives"),
            limits().warning,
        ),
        series=(Series(_("Structures suivies"), tuple(points)),),
        below=_("mois après la création"),
        whole=100,
    )


def _finding(month: int, figure: Figure) -> str:
    value = round(figure.value or 0)
    said = ngettext(
        "À %(month)s mois, %(n)s structure suivie sur 100 est encore active",
        "À %(month)s mois, %(n)s structures suivies sur 100 sont encore actives",
        value,
    )
    return said % {"month": month, "n": value}


def _figure(value: float, low: float, high: float, source: FigureSource) -> Figure:
    central, least, most = (Decimal(str(round(100 * one, 4))) for one in (value, low, high))
    return Figure(INDICATOR, Cell(""), "percent", central, least, most, sources=(source,))


def _beside() -> list[Beside]:
    """What the territory's published panorama says of survival at one and three years; empty when it says nothing."""
    edition = in_force()
    if edition is None:
        return []
    found = {
        figure.indicator: figure
        for figure in figures_of(
            edition,
            indicator=["survival_1", "survival_3"],
            perimeter=edition.perimeter,
            commune="",
            family="",
            sector="",
            size="",
        )
        if figure.status is Status.OK and figure.cell.year == (edition.year or 0)
    }
    return [Beside(years, found[code]) for years, code in ((1, "survival_1"), (3, "survival_3")) if code in found]
