"""Taking back what one wrote: which fields return to what was said before, and why the others cannot.

What people write is remembered as it is stored: by who writes (`own`, `moderator`) and field, « own/website »; the
value of a source that they preferred is « own/prefer/website ». Each has what it was before, None when nothing was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

PEOPLE: Final = ("own", "moderator")
"""The sources under which people write: those of the structure, those of the team."""
TOGETHER: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "address": ("address", "postal_code", "city", "commune_code", "lon", "lat"),
        "correction": ("correction", "decided_because", "decided_by"),
    }
)
"""Fields that make no sense apart, by the one that names them."""
WITH: Final[Mapping[str, str]] = MappingProxyType({name: first for first, names in TOGETHER.items() for name in names})
NOT_KEPT: Final = frozenset({"contact_email"})
"""Personal: that it changed is remembered, its values are not."""

Records = Mapping[str, Mapping[str, Any]]
"""What each writer says: their payload, by writer."""
Words = Mapping[str, Sequence[Any]]
"""What one write said: key → [before, after]; an empty list where the values are not kept."""


class Why(StrEnum):
    """Why a field does not return to what it was."""

    WRITTEN_SINCE = "written_since"
    NOT_KEPT = "not_kept"
    ONLY_NAME = "only_name"


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking a write back does. back: key → the value to say again, None for no longer saying anything.

    left: each field that stays as it is → why.
    """

    back: Mapping[str, Any] = field(default_factory=dict)
    left: Mapping[str, Why] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """The fields that return to what they were, each once, those said together under one name."""
        return list(dict.fromkeys(unit_of(key) for key in self.back))


def unit_of(key: str) -> str:
    """The field that a key tells, by the name of those it is told with: « own/prefer/city » is « address »."""
    name = key.rpartition("/")[2]
    return WITH.get(name, name)


def words_between(before: Records, after: Records) -> dict[str, list[Any]]:
    """What a write said, between the records of before and those of after, by who writes."""
    was, now = _flat(before), _flat({**before, **after})
    return {
        key: [] if unit_of(key) in NOT_KEPT else [was.get(key), now.get(key)]
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    }


def undoing(words: Words, since: Iterable[Words], *, named_elsewhere: bool = True) -> Undoing:
    """What taking back `words` would do today.

    since: what people wrote of the same structure after it. named_elsewhere: another source names the structure; else a
    name stays, for there would be none.
    """
    written_since = {unit_of(key) for later in since for key in later}
    units: dict[str, dict[str, Any]] = {}
    for key in words:
        units.setdefault(unit_of(key), {})[key] = words[key]
    back: dict[str, Any] = {}
    left = {}
    for unit, keys in units.items():
        why = _why_not(unit, keys, written_since, named_elsewhere)
        if why is None:
            back |= {key: both[0] for key, both in keys.items()}
        else:
            left[unit] = why
    return Undoing(back, left)


def said_again(records: Records, back: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The records that change, by who writes, once what is in `back` is said again."""
    changed: dict[str, dict[str, Any]] = {}
    for key, value in back.items():
        writer, _slash, rest = key.partition("/")
        payload = changed.setdefault(writer, dict(records.get(writer, {})))
        is_preference, _slash, name = rest.partition("/")
        if name:
            kept = {one: choice for one, choice in payload.get(is_preference, {}).items() if one != name}
            payload[is_preference] = kept if value is None else {**kept, name: value}
        else:
            payload[rest] = value
    return changed


def _why_not(unit: str, keys: Words, written: Collection[str], named_elsewhere: bool) -> Why | None:
    if unit in written:
        return Why.WRITTEN_SINCE
    if any(not both for both in keys.values()):
        return Why.NOT_KEPT
    if unit == "name" and not named_elsewhere and any(both[0] is None for both in keys.values()):
        return Why.ONLY_NAME
    return None


def _flat(records: Records) -> dict[str, Any]:
    """Each thing said by its key; the day it was said is not one."""
    flat: dict[str, Any] = {}
    for writer, payload in records.items():
        for name, value in payload.items():
            if name == "prefer":
                flat |= {f"{writer}/prefer/{one}": choice for one, choice in value.items()}
            elif name != "said_on" and value not in (None, "", [], {}):
                flat[f"{writer}/{name}"] = value
    return flat
