"""Whether two cases may be one project received twice: what is alike, without saying it (issue « Parcours »)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from toile.kernel.fold import fold

LIKE_NAME: Final = 88
"""Of 100: how alike two names must be, in the same commune."""
SHORTEST_NAME: Final = 4
FRENCH_DIGITS: Final = 10
_PREFIXES: Final = ("0033", "33")


@dataclass(frozen=True, slots=True)
class Trace:
    """What a case may be recognised by. commune: its INSEE code, empty when unknown."""

    title: str
    commune: str
    emails: Collection[str]
    phones: Collection[str]


def phone_key(written: str) -> str:
    """The digits of a number, French prefixes undone (`+33 4…`, `0033 4…` → `04…`); empty below six digits."""
    digits = "".join(one for one in written if one.isascii() and one.isdigit())
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits.removeprefix(prefix).lstrip("0")) == FRENCH_DIGITS - 1:
            digits = "0" + digits.removeprefix(prefix).lstrip("0")
    return digits if len(digits) >= 6 else ""


def alike(one: Trace, other: Trace) -> tuple[str, ...]:
    """Why two cases may be one project: `email`, `phone`, `name` (near, in the same commune); nothing when none."""
    found = []
    if {email.strip().lower() for email in one.emails} & {email.strip().lower() for email in other.emails} - {""}:
        found.append("email")
    if {phone_key(phone) for phone in one.phones} & {phone_key(phone) for phone in other.phones} - {""}:
        found.append("phone")
    names = fold(one.title), fold(other.title)
    is_near = min(map(len, names)) >= SHORTEST_NAME and fuzz.token_sort_ratio(*names) >= LIKE_NAME
    if is_near and one.commune and one.commune == other.commune:
        found.append("name")
    return tuple(found)
