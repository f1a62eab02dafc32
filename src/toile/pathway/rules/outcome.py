"""What came of the firms followed: counts, a curve of survival where they are enough, and what INSEE says beside.

The curve itself is `panorama.rules.survival`; two groups are compared by `comparison`. No comparison of the followed
with the others proves an effect: the followed chose or were chosen (`limits().warning`). Source: domain H9 and H10.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from toile.panorama.rules.survival import Observation, Survival, kaplan_meier

OUTCOME_TOML: Final = Path(__file__).with_name("outcome.toml")
DAYS_A_MONTH: Final = 365.25 / 12


class Limits(NamedTuple):
    """Below one of these numbers there is no curve; the plain warnings that stand beside every one."""

    min_followed: int
    min_ended: int
    min_at_risk: int
    warning: str
    dormant: str


Leaving = Literal["ended", "lost", "excluded"]
Because = Literal["", "few_followed", "few_ended", "late_entries"]


class Generation(NamedTuple):
    """Shares still active (percent) of the firms created in a year, at three and five years, as INSEE says."""

    year: int
    source: str
    three_years: int
    five_years: int


class Reference(NamedTuple):
    """The values of INSEE with what they cover, the newest generation first."""

    title: str
    covers: str
    checked_on: date
    generations: tuple[Generation, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Firms followed, how many ended, how many are still there or lost from sight, and their curve.

    curve is None when they are too few: `because` is then `few_followed`, `few_ended`, or `late_entries` (too few were
    followed from the first months, and the whole curve would rest on them), and only counts are told.
    """

    followed: int
    ended: int
    censored: int
    curve: Survival | None
    because: Because


@cache
def _read(path: Path = OUTCOME_TOML) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def limits() -> Limits:
    """The numbers below which there is no curve, and the warnings."""
    read = _read()
    warning, least = read["warning"], read["limits"]
    return Limits(least["min_followed"], least["min_ended"], least["min_at_risk"], warning["text"], warning["dormant"])


def leavings() -> Mapping[str, Leaving]:
    """What each reason to leave means: the firm ended, it is lost from sight, or it was never followed.

    Source: domain H10, D8.
    """
    read: Mapping[str, Leaving] = _read()["leaving"]
    return read


def reference() -> Reference:
    """What INSEE says of the survival of firms created in France (SINE). Source: domain H9."""
    read = _read()["reference"]
    generations = (
        Generation(one["year"], one["source"], one["three_years"], one["five_years"]) for one in read["generation"]
    )
    newest = tuple(sorted(generations, reverse=True))
    return Reference(read["title"], read["covers"], read["checked_on"], newest)


def outcome(observations: Iterable[Observation], least: Limits | None = None) -> Outcome:
    """The counts of the firms followed, and their curve when they are enough. Times in one unit, here months.

    A takeover, a merger, a change of form or a move is `ended=False`; `entry` is the age at which the following began.
    Source: domain H10 (fewer than 30 firms or 5 ends: counts, no curve).
    """
    given, least = list(observations), least or limits()
    followed = sum(one.number for one in given)
    ended = sum(one.number for one in given if one.ended)
    if followed < least.min_followed:
        return Outcome(followed, ended, followed - ended, None, "few_followed")
    if ended < least.min_ended:
        return Outcome(followed, ended, followed - ended, None, "few_ended")
    curve = kaplan_meier(given)
    most = max(step.at_risk for step in curve.steps)
    begun = takewhile(lambda step: step.at_risk < most, curve.steps)
    if any(step.ended and step.at_risk < least.min_at_risk for step in begun):
        return Outcome(followed, ended, followed - ended, None, "late_entries")
    return Outcome(followed, ended, followed - ended, curve, "")


def observation(created: date, entered: date, left: date | None, ended: bool, on: date) -> Observation | None:
    """A firm's age in months at the end of its following, from the age at which it began; None if not followed yet.

    left: the day its following ended, None while it lasts: it is then seen until `on`. Left truncation: a firm entered
    after its creation could not have been seen ending before. Source: domain H10.
    """
    until = min(left, on) if left else on
    if entered >= until or created > entered:
        return None
    seen = left is not None and left <= on and ended
    return Observation((until - created).days / DAYS_A_MONTH, seen, 1, (entered - created).days / DAYS_A_MONTH)
