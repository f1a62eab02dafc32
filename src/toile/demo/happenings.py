"""A year of happenings behind the invented organisations, each consistent with what their page shows today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from toile.demo.lexicon import lexicon
from toile.demo.town import TODAY, FictionalOrganisation, Happening

PARIS: Final = ZoneInfo("Europe/Paris")
FIRST_DAY: Final = date(2025, 11, 22)

Organisations = list[FictionalOrganisation]
Change = Callable[[Random, FictionalOrganisation, date], tuple[dict[str, str], str] | None]

# How many organisations out of 400 live each kind of event in the year.
_FREQUENCY: Final = {
    "page_claimed": 70,
    "description_corrected": 48,
    "hours_corrected": 44,
    "staff_band_updated": 40,
    "activity_added": 20,
    "moved": 18,
    "renamed": 9,
}
_BIRTHS: Final = 9
_FROM_PROJECT: Final = 4  # of the births, those that were projects here
_CLOSINGS: Final = 6
_SINGLE_ESUS: Final = 6
_RENEWALS: Final = 8
_NEAR_BANDS: Final = ("NN", "01", "02", "03", "11", "12", "21", "22")


def a_year_of_happenings(
    rng: Random, organisations: Sequence[FictionalOrganisation], projects: Sequence[FictionalOrganisation]
) -> tuple[tuple[FictionalOrganisation, ...], tuple[Happening, ...]]:
    """The organisations as the year leaves them (some just born, some closed) and the events, oldest first."""
    living, happenings = list(organisations), []
    # The first ones are named in names.toml: what is written there is not changed.
    free = [i for i, organisation in enumerate(living) if organisation.key not in _fixed_keys()]
    rng.shuffle(free)
    share = len(organisations) / 400
    young = [i for i in free if living[i].family in ("association", "cooperative") and not living[i].esus_until]
    young = [i for i in young if not living[i].insertion_kind]
    born = young[: round(_BIRTHS * share)]
    gone = young[len(born) : len(born) + round(_CLOSINGS * share)]
    for rank, index in enumerate(born):
        living[index], events = _birth(rng, living[index], was_project=rank < _FROM_PROJECT)
        happenings += events
    for index in gone:
        living[index], event = _closing(rng, living[index])
        happenings.append(event)
    steady = [o for i, o in enumerate(living) if i not in born and i not in gone]
    happenings += _corrections(rng, steady, share)
    happenings += _approvals(rng, steady, share)
    happenings += [event for project in projects for event in _project(rng, project)]
    return tuple(living), tuple(sorted(happenings, key=lambda h: (h.at, h.organisation, h.kind)))


def _fixed_keys() -> set[str]:
    return {row["key"] for row in lexicon().fixed}


def _moment(rng: Random, day: date) -> datetime:
    """An hour of that day when people are at work; today is still young."""
    hour = 8 if day == TODAY else rng.randint(8, 18)
    return datetime.combine(day, time(hour, rng.randrange(60)), PARIS)


def _day(rng: Random, first: date = FIRST_DAY, last: date = TODAY) -> date:
    """A day between two, rarely a week-end."""
    span = (last - first).days
    day = first + timedelta(days=rng.randint(0, max(span, 0)))
    if day.weekday() > 4 and rng.random() < 0.85:
        day = max(first, day - timedelta(days=2))
    return day


def _birth(
    rng: Random, organisation: FictionalOrganisation, *, was_project: bool
) -> tuple[FictionalOrganisation, list[Happening]]:
    born_on = _day(rng, FIRST_DAY + timedelta(days=60), TODAY - timedelta(days=12))
    after = replace(organisation, created_on=born_on, staff_band=rng.choice(("NN", "NN", "01", None)))
    events = [Happening(_moment(rng, born_on), after.key, "created", {"name": after.name}, by="list")]
    if was_project:
        received = _day(rng, FIRST_DAY, born_on - timedelta(days=45))
        values = {"before": "project", "after": "active"}
        events = [
            Happening(
                _moment(rng, received), after.key, "project_received", {"name": after.name}, "team", public=False
            ),
            Happening(_moment(rng, born_on), after.key, "project_activated", values, "team"),
        ]
    return after, events


def _closing(rng: Random, organisation: FictionalOrganisation) -> tuple[FictionalOrganisation, Happening]:
    day = _day(rng, FIRST_DAY + timedelta(days=20), TODAY - timedelta(days=5))
    closed = replace(organisation, stage="ceased", ceased_on=day, opening_hours=None)
    learnt = min(TODAY, day + timedelta(days=rng.randint(1, 20)))
    return closed, Happening(_moment(rng, learnt), closed.key, "closed", {"on": day.isoformat()}, by="list")


def _corrections(rng: Random, organisations: Organisations, share: float) -> list[Happening]:
    happenings = []
    for kind, frequency in _FREQUENCY.items():
        wanted = round(frequency * share)
        for organisation in rng.sample(organisations, len(organisations)):
            if wanted == 0:
                break
            day = _day(rng)
            change = _CHANGES[kind](rng, organisation, day)
            if change is None:
                continue
            values, by = change
            happenings.append(Happening(_moment(rng, day), organisation.key, kind, values, by))
            wanted -= 1
    return happenings


def _description(_rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    """The page said what is done; it now says how as well."""
    before, _comma, _how = organisation.description.rpartition(", ")
    if organisation.key in _fixed_keys() or not before:
        return None
    return {"before": f"{before}.", "after": organisation.description}, "organisation"


def _hours(rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    if not organisation.opening_hours:
        return None
    trade = lexicon().activities.get(organisation.trade)
    others = [hours for hours in (trade.hours if trade else ()) if hours != organisation.opening_hours]
    return {"before": rng.choice(["", *others]), "after": organisation.opening_hours}, "organisation"


def _staff(rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    if organisation.staff_band not in _NEAR_BANDS:
        return None
    rank = _NEAR_BANDS.index(organisation.staff_band)
    before = rng.choice([_NEAR_BANDS[r] for r in (rank - 1, rank + 1) if 0 <= r < len(_NEAR_BANDS)])
    return {"before": before, "after": organisation.staff_band}, "list"


def _new_activity(_rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    if len(organisation.activities) < 2:
        return None
    return {"activity": organisation.activities[-1]}, "organisation"


def _move(rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    if organisation.key in _fixed_keys():
        return None
    before = f"{rng.randint(1, 96)}, {rng.choice(lexicon().streets)} (adresse inventée)"
    return {"before": before, "after": organisation.address}, "organisation"


def _rename(rng: Random, organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    """An old name is today's with the legal word before it, as associations often drop it."""
    if organisation.key in _fixed_keys() or organisation.family != "association":
        return None
    before = f"Association {organisation.name}" if rng.random() < 0.7 else f"{organisation.name} et alentours"
    return {"before": before, "after": organisation.name}, "organisation"


def _claim(_rng: Random, _organisation: FictionalOrganisation, _day: date) -> tuple[dict[str, str], str] | None:
    return {}, "organisation"


_CHANGES: Final[dict[str, Change]] = {
    "page_claimed": _claim,
    "description_corrected": _description,
    "hours_corrected": _hours,
    "staff_band_updated": _staff,
    "activity_added": _new_activity,
    "moved": _move,
    "renamed": _rename,
}


def _approvals(rng: Random, organisations: Organisations, share: float) -> list[Happening]:
    """ESUS newly obtained or renewed, insertion agreements renewed: those that run today."""
    esus = [(o, "ESUS", o.esus_until) for o in organisations if o.esus_until]
    insertion = [(o, o.insertion_kind or "", o.insertion_until) for o in organisations if o.insertion_until]
    rng.shuffle(esus)
    rng.shuffle(insertion)
    obtained = round(_SINGLE_ESUS * share)
    events = [(row, "approval_obtained") for row in esus[:obtained]]
    events += [(row, "approval_renewed") for row in esus[obtained:][:2] + insertion[: round(_RENEWALS * share)]]
    return [
        Happening(_moment(rng, _day(rng)), o.key, kind, {"approval": name, "until": until.isoformat()}, by="list")
        for (o, name, until), kind in events
        if until
    ]


def _project(rng: Random, project: FictionalOrganisation) -> list[Happening]:
    """A project is received, then perhaps leaves the stage of an idea; only public ones are told in public."""
    received = project.created_on or FIRST_DAY
    events = [
        Happening(
            _moment(rng, received), project.key, "project_received", {"name": project.name}, "team", project.public
        )
    ]
    if project.stage == "project" and rng.random() < 0.6:
        day = _day(rng, received + timedelta(days=20), TODAY)
        values = {"before": "idea", "after": "project"}
        events.append(Happening(_moment(rng, day), project.key, "project_advanced", values, "team", project.public))
    return events
