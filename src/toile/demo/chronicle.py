"""The year of the invented town as facts of the directory: the kind of each happening, and when it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.utils import timezone

from toile.demo.happenings import FIRST_DAY, PARIS
from toile.demo.town import TODAY, Happening
from toile.directory import facts
from toile.kernel.acts import Act
from toile.thread.kinds import Kind

Told = tuple[Kind, Any]
OPENED: Final = datetime.combine(FIRST_DAY - timedelta(days=1), time(8), PARIS)
"""When the demo's platform opened: before anything happened."""


def _changed(*fields: str) -> Callable[[Happening], Told]:
    """A change of visible fields: by the structure's own people, else by a list that was imported."""

    def told(happening: Happening) -> Told:
        by_itself = happening.by == "organisation"
        kind = facts.ORGANISATION_CORRECTED if by_itself else facts.ORGANISATION_UPDATED
        return kind, facts.Changed(list(fields), "own" if by_itself else "fiction")

    return told


def _plain(kind: Kind) -> Callable[[Happening], Told]:
    return lambda happening: (kind, None)


def _stage(happening: Happening) -> Told:
    return facts.STAGE_CHANGED, facts.StageChanged(happening.values["before"], happening.values["after"])


def _approval(kind: Kind) -> Callable[[Happening], Told]:
    return lambda happening: (
        kind,
        facts.ApprovalGiven(happening.values["approval"].lower(), happening.values["until"]),
    )


def _activity(happening: Happening) -> Told:
    return facts.ACTIVITY_ADDED, facts.ActivityOpened(happening.values["activity"])


_KINDS: Final[Mapping[str, Callable[[Happening], Told]]] = MappingProxyType(
    {
        "created": _plain(facts.ORGANISATION_CREATED),
        "project_received": _plain(facts.PROJECT_RECEIVED),
        "project_advanced": _stage,
        "project_activated": _stage,
        "page_claimed": _plain(facts.PAGE_CLAIMED),
        "description_corrected": _changed("description"),
        "hours_corrected": _changed("opening_hours"),
        "staff_band_updated": _changed("staff_band"),
        "renamed": _changed("name"),
        "moved": _plain(facts.ORGANISATION_MOVED),
        "activity_added": _activity,
        "approval_obtained": _approval(facts.APPROVAL_OBTAINED),
        "approval_renewed": _approval(facts.APPROVAL_RENEWED),
        "closed": _plain(facts.ORGANISATION_CLOSED),
    }
)


def told(happening: Happening) -> Told:
    """The kind of fact and its data, None where the kind has none."""
    return _KINDS[happening.kind](happening)


def moment(happening: Happening, now: datetime) -> datetime:
    """When the fact happened, never after `now`: where the clock is behind, the whole year moves back by days."""
    days = min(0, (now.date() - TODAY).days)
    return min(happening.at + timedelta(days=days), now)


def backdate(now_act: Act) -> None:
    """What the load itself does is told as done before the year begins: the thread is the structures' own."""
    opened = moment(Happening(OPENED, "", ""), timezone.localtime())
    for fact, _about in now_act.surviving("facts"):
        fact.happened_at = opened
