"""How many the establishments of a simulated stock employ: drawn so that a territory has its published totals.

simulation.toml declares, for each profile of territory, the employer establishments and the jobs of each kind of unit,
and how activities share them. Each activity then has a rate of employers, and a shape of size classes whose mean is its
jobs by employer: the one of `[staff]`, each class weighed by a power of its midpoint.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from toile.directory.rules.staff import STAFF_BANDS

SIMULATION_TOML: Final = Path(__file__).with_name("simulation.toml")

SLOTS: Final = 4096
"""Each activity shares this many slots between its size classes."""


class Activity(NamedTuple):
    """An activity of one kind of unit: its shares of units, employers and jobs in the kind, out of 1."""

    kind: str
    naf: str
    units: float
    employers: float
    jobs: float


class Band(NamedTuple):
    """A size class of an activity in a profile, and its slots: from `first` to before `after`."""

    profile: int
    activity: int
    code: str | None
    first: int
    after: int


@dataclass(frozen=True)
class Simulation:
    """What simulation.toml declares, in order: `forms` and `activities` by kind, `profiles` by code."""

    tables: Mapping[str, Any]
    kinds: tuple[str, ...]
    profiles: tuple[str, ...]
    activities: tuple[Activity, ...]

    @property
    def establishments(self) -> int:
        """How many establishments the stock of the whole country has."""
        return int(self.tables["scale"]["establishments"])

    @property
    def inhabitants(self) -> int:
        """How many inhabitants the whole country has."""
        return int(self.tables["scale"]["inhabitants"])

    def forms(self) -> list[tuple[str, int, str]]:
        """Every legal category, its share of 1,000 units, and its kind."""
        return [(form, share, kind["code"]) for kind in self.tables["kind"] for form, share in kind["forms"].items()]

    def flagged(self) -> tuple[str, int, list[str]]:
        """The kind known by its flag, how many of 1,000 units of the forms it is among, and these forms."""
        (found,) = (kind for kind in self.tables["kind"] if kind.get("flagged"))
        return found["code"], found["flagged"], found["among"]


@cache
def simulation(path: Path = SIMULATION_TOML) -> Simulation:
    """Read what a simulated stock is calibrated on."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Simulation(
        tables,
        tuple(kind["code"] for kind in tables["kind"]),
        tuple(profile["code"] for profile in tables["profile"]),
        tuple(activity for kind in tables["kind"] for activity in _activities(kind)),
    )


def _activities(kind: Mapping[str, Any]) -> Iterator[Activity]:
    wholes = [sum(shares) for shares in zip(*kind["activities"].values(), strict=True)]
    for naf, shares in kind["activities"].items():
        units, employers, jobs = (share / whole for share, whole in zip(shares, wholes, strict=True))
        yield Activity(kind["code"], naf, units, employers, jobs)


def staffing(known: Simulation) -> Iterator[Band]:
    """The slots of every size class, for each profile and each activity in their order.

    Raises ValueError when a target asks for more employers than an activity has establishments.
    """
    for number, profile in enumerate(known.tables["profile"]):
        for place, activity in enumerate(known.activities):
            first = 0
            for code, share in _shares(known, profile, activity).items():
                after = first + share
                if share:
                    yield Band(number, place, code, first, after)
                first = after


def _shares(known: Simulation, profile: Mapping[str, Any], activity: Activity) -> dict[str | None, int]:
    """How many slots each class has: None for what is not said, then NN, 00 and the employers' classes."""
    kind = next(kind for kind in known.tables["kind"] if kind["code"] == activity.kind)
    employers = profile["employers"][activity.kind] * activity.employers
    rate = employers / (_open_establishments(known, profile, activity.kind) * activity.units)
    if not 0 < rate < 0.95:
        raise ValueError(f"{activity.kind} {activity.naf}: {rate:.2f} employers for each establishment")
    mean = profile["jobs"][activity.kind] * activity.jobs / employers
    staff = known.tables["staff"]
    none, unsaid = ((1 - rate) * staff[name] / 1000 for name in ("none", "unsaid"))
    idle: dict[str | None, float] = {None: unsaid, "NN": 1 - rate - none - unsaid, "00": none}
    shape = {code: weight for code, weight in staff["shape"].items() if code <= kind["largest"]}
    return _drawn_to(idle, shape, mean)


def _open_establishments(known: Simulation, profile: Mapping[str, Any], kind: str) -> float:
    """How many establishments of a kind are open in a territory of this profile."""
    code, flagged, among = known.flagged()
    forms = {form: share for form, share, _ in known.forms()}
    taken = sum(forms[form] for form in among) * flagged / 1000
    own = sum(share for _, share, owner in known.forms() if owner == kind)
    share = (own + taken * ((kind == code) - (kind == "other"))) / 1000
    still_open = known.tables["life"]["open"] / 1000
    return profile["inhabitants"] * known.establishments / known.inhabitants * still_open * share


def _drawn_to(idle: Mapping[str | None, float], shape: Mapping[str, float], mean: float) -> dict[str | None, int]:
    """Slots of all classes, those of employers weighed by the power of their midpoint that gives this mean.

    The power is looked for on whole slots: a large class that gets none is made up for by the others.
    """
    middles = {code: float(STAFF_BANDS[code].middle) for code in shape}
    low, high = -8.0, 8.0
    nearest: tuple[float, dict[str | None, int]] = (float("inf"), {})
    for _ in range(24):
        power = (low + high) / 2
        weights = {code: weight * middles[code] ** power for code, weight in shape.items()}
        scale = (1 - sum(idle.values())) / sum(weights.values())
        slots = _rounded({**idle, **{code: weight * scale for code, weight in weights.items()}})
        off = sum(slots[code] * (middle - mean) for code, middle in middles.items())
        nearest = min(nearest, (abs(off), slots), key=lambda found: found[0])
        low, high = (power, high) if off < 0 else (low, power)
    return nearest[1]


def _rounded(shares: Mapping[str | None, float]) -> dict[str | None, int]:
    """Whole slots, SLOTS in all: the parts left go to the largest remainders."""
    whole = {code: int(share * SLOTS) for code, share in shares.items()}
    order = sorted(shares, key=lambda code: whole[code] - shares[code] * SLOTS)
    for code in order[: SLOTS - sum(whole.values())]:
        whole[code] += 1
    return whole
