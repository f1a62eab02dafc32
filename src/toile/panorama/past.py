"""The past that a history tells by itself, whoever is in the ESS: counts by year and section, and survival."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from toile.panorama.computing.engines import engine
from toile.panorama.computing.files import Given, WrongSources, open_files
from toile.panorama.computing.history import active, births, by_section, closures, followed, observations, periods_of
from toile.panorama.computing.understanding import Understood, understand
from toile.panorama.rules.survival import kaplan_meier

SURVIVAL_YEARS: Final = (1, 3, 5)


class PastRow(NamedTuple):
    """One count, or one share in percent with its band; an empty section means all, « ? » those that are not known."""

    indicator: str
    year: int
    section: str
    low: float | None
    value: float | None
    high: float | None


class Past(NamedTuple):
    """What a history tells, and what was understood of its file. on: the last day that it tells of."""

    rows: list[PastRow]
    understood: tuple[Understood, ...]
    on: date


def past_of(path: Path, years: range, today: date) -> Past:
    """Establishments active on 31 December, born and closed in each year by section; survival of those born in them.

    Raises `WrongSources` when the file is no history, or what `open_files` raises.
    """
    with engine() as running, open_files(running.connection, Given(path)) as opened:
        if opened.history is None:
            raise WrongSources(f"{path.name} n’est pas un historique : il y faut siret, dateDebut, dateFin et l’état.")
        understood = understand(running, opened, today=today)
        on = date.fromisoformat(understood[0].vintage) if understood[0].vintage else today
        periods = periods_of(opened.history, on)
        counted = {
            "establishments": by_section(running, active(periods, years)),
            "births": by_section(running, births(periods)),
            "closures": by_section(running, closures(periods)),
        }
        curve = kaplan_meier(observations(running, followed(periods, on, (years[0], years[-1]))))
    rows = [row for indicator, counts in counted.items() for row in _rows(indicator, counts, years)]
    for after in SURVIVAL_YEARS:
        at = curve.at(after)
        low, value, high = (None if share is None else 100 * share for share in (at.low, at.survival, at.high))
        rows.append(PastRow(f"survival_{after}", years[-1], "", low, value, high))
    return Past(rows, understood, on)


def _rows(indicator: str, counts: Mapping[tuple[int, str], int], years: range) -> Iterator[PastRow]:
    for year in years:
        of_year = {section: count for (when, section), count in counts.items() if when == year}
        yield PastRow(indicator, year, "", None, sum(of_year.values()), None)
        for section in sorted(of_year, key=lambda letter: letter or "~"):
            yield PastRow(indicator, year, section or "?", None, of_year[section], None)
