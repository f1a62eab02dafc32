"""Signalling an idea or a takeover to come: who may be called, by which door, and what may be kept of whom."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

DETECTION_TOML: Final = Path(__file__).with_name("detection.toml")
SELF: Final = "self"

Trouble = Literal["nobody_to_call", "not_agreed", "own_address"]


@cache
def tellers(path: Path = DETECTION_TOML) -> Mapping[str, str]:
    """Who may signal, by code: the words shown."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({one["code"]: one["label"] for one in read["teller"]})


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed of people. reach: whether the person concerned is named or reachable (name, e-mail, phone).

    reachable: whether they gave an e-mail or a phone. agreed: they know and agree. teller_reach: the teller's e-mail.
    """

    teller: str
    named: bool
    reachable: bool
    agreed: bool
    teller_reach: bool


def troubles(said: Said) -> tuple[Trouble, ...]:
    """What prevents a signal from being kept (RGPD art. 5 and 6: no data about somebody who does not know).

    not_agreed: somebody is named who did not agree: nothing of them may be kept. own_address: who tells their own idea
    leaves a way to call them. nobody_to_call: no door could call anybody.
    """
    if said.teller == SELF:
        return () if said.reachable else ("own_address",)
    if (said.named or said.reachable) and not said.agreed:
        return ("not_agreed",)
    return () if (said.agreed and said.reachable) or said.teller_reach else ("nobody_to_call",)


class Reception(NamedTuple):
    """A door, and how many signals wait there."""

    code: str
    waiting: int


def door_for(doors: Sequence[Reception], asked: str) -> str | None:
    """The door that calls back: the one asked for, else the one where fewest wait (the first of equals); None: none."""
    if any(door.code == asked for door in doors):
        return asked
    return min(doors, key=lambda door: door.waiting).code if doors else None
