"""The value of a field that a person preferred among those that sources said, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from toile.directory.rules.portrait import Heard

FOLLOWED_BY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": (),
        "legal_name": (),
        "acronym": (),
        "legal_category": (),
        "legal_form": (),
        "naf": ("naf_nomenclature",),
        "staff_band": ("staff_year",),
        "created_on": (),
        "website": (),
        "description": (),
        "address": ("postal_code", "city", "commune_code", "lon", "lat"),
        "opening_hours": (),
    }
)
"""The fields of which one may prefer a value, and those that come from the same record with it.

Identifiers are not among them: to choose between two is to say which structure this is (see the judgements).
"""
OF_PLACE: Final = frozenset({"address", "opening_hours"})
"""Those said of a place, not of the whole structure."""


class Preference(NamedTuple):
    """What a person preferred for a field.

    record: `source:external id` of the record whose value it is. said: that value, in letters. because: their reason.
    by: the source that they write as (`own`, `moderator`). holds: the record still says so; else the rule chooses.
    """

    field: str
    record: str
    said: str
    because: str
    by: str
    holds: bool


def letters(value: Any) -> str:
    """A value as a preference remembers it: an ISO day, a text."""
    return str(value)


def preferences_of(heard: Iterable[Heard]) -> dict[str, Preference]:
    """The preference of each field: the structure's own first, then the team's, then those of the joined."""
    everything = list(heard)
    writers = [one for one in everything if one.said.prefer]
    if not writers:
        return {}
    said = {one.record: {**one.said.establishment, **one.said.organisation} for one in everything}
    preferred: dict[str, Preference] = {}
    for one in sorted(writers, key=lambda one: (not one.is_own, one.source != "own", one.record)):
        for field, choice in one.said.prefer.items():
            if field not in FOLLOWED_BY or field in preferred:
                continue
            record = f"{choice['source']}:{choice['external_id']}"
            now = said.get(record, {}).get(field)
            holds = now is not None and letters(now) == choice["said"]
            preferred[field] = Preference(field, record, choice["said"], choice["because"], one.source, holds)
    return preferred


def chosen_records(preferences: Mapping[str, Preference], *, of_place: bool) -> dict[str, str]:
    """For `assemble`: each field, and those that follow it, with the record preferred; what no longer holds is out."""
    return {
        name: preference.record
        for field, preference in preferences.items()
        if preference.holds and (field in OF_PLACE) is of_place
        for name in (field, *FOLLOWED_BY[field])
    }
