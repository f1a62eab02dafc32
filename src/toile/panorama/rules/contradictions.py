"""What editions of others say against each other is kept, and what their figures imply is worked out (domain A14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, NamedTuple

from toile.kernel.figures import Cell, Figure
from toile.kernel.typography import french_number
from toile.panorama.rules.estimates import implied_total
from toile.panorama.rules.indicators import indicators
from toile.panorama.rules.intervals import bounds_of
from toile.panorama.rules.told import digits_of, tell

_TOTALS: Final = (
    ("share_of_employment", "emplois salariés en tout"),
    ("share_of_private_employment", "emplois salariés privés"),
)


class Published(NamedTuple):
    """A figure as an edition gave it. edition: its title, as it is shown."""

    figure: Figure
    edition: str


class Contradiction(NamedTuple):
    """Editions that say different things of one cell: shown, never settled here."""

    indicator: str
    cell: Cell
    said: tuple[Published, ...]

    @property
    def sentence_fr(self) -> str:
        """« Part de l’emploi (2015) : « A » dit 20 %, « B » dit 19 %. »"""
        known = indicators().get(self.indicator)
        year = f" ({self.cell.year})" if self.cell.year else ""
        sayings = ", ".join(f"« {each.edition} » dit {tell(each.figure, as_said=True)}" for each in self.said)
        return f"{known.short_fr if known else self.indicator}{year} : {sayings}."


def contradictions(figures: Iterable[Published]) -> list[Contradiction]:
    """The cells of which editions say different values, in the order first met.

    A value and the same one rounded (14.1 and 14) agree; intervals agree when they meet. Figures without value say
    nothing, and those of two years, or of no year and one, are not of the same cell.
    """
    by_cell: defaultdict[tuple[str, Cell], list[Published]] = defaultdict(list)
    for each in figures:
        if each.figure.value is not None:
            by_cell[each.figure.indicator, each.figure.cell].append(each)
    return [
        Contradiction(indicator, cell, tuple(said))
        for (indicator, cell), said in by_cell.items()
        if any(not _agree(one.figure, other.figure) for one in said for other in said)
    ]


def implied_fr(figures: Mapping[str, Figure]) -> list[str]:
    """What jobs and a share published together imply: « 21 142 emplois qui font 14,1 % supposent 149 943 emplois… ».

    figures: of one edition and one cell, by indicator. The bounds are those that the rounding of the share allows.
    """
    jobs = figures.get("jobs")
    if jobs is None or jobs.value is None:
        return []
    said = []
    for code, words in _TOTALS:
        share = figures.get(code)
        if share is None or share.value is None:
            continue
        half_digit = Decimal(1).scaleb(-digits_of(share.value)) / 2
        total = implied_total(jobs.value, share.value, half_digit)
        if total is not None:
            low = french_number(total.low.to_integral_value(ROUND_FLOOR), 0)
            high = french_number(total.high.to_integral_value(ROUND_CEILING), 0)
            said.append(
                f"{tell(jobs, as_said=True)} emplois qui font {tell(share, as_said=True)} supposent "
                f"{french_number(total.central, 0)} {words} ({low} à {high}, selon l’arrondi)."
            )
    return said


def _agree(one: Figure, other: Figure) -> bool:
    first, second = bounds_of(one), bounds_of(other)
    if one.estimated or other.estimated:
        return first.low <= second.high and second.low <= first.high
    digits = min(digits_of(first.central), digits_of(second.central))
    return round(first.central, digits) == round(second.central, digits)
