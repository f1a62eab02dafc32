"""Commune codes: from any code ever printed to the present commune (domain L3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ARRONDISSEMENTS = (("75101", "75120", "75056"), ("69381", "69389", "69123"), ("13201", "13216", "13055"))
"""First and last municipal arrondissement, and the commune: Paris, Lyon, Marseille (COG)."""

SHAPE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


class How(StrEnum):
    """How a code was read."""

    PRESENT = "present"
    PART = "part"
    CHANGED = "changed"
    SPLIT = "split"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The present commune of a code, or None with the reason; `candidates` are the several heirs of a split one."""

    code: str | None
    how: How
    candidates: tuple[str, ...] = ()


def clean_code(raw: str) -> str | None:
    """A COG code of five characters (2A/2B for Corsica), from what a spreadsheet made of it; None if it is not one.

    A lost leading zero is put back (`1001` is 01001): no other four-digit number is a commune.
    """
    text = raw.strip().upper().removesuffix(".0")
    text = text.zfill(5) if text.isdecimal() and len(text) == 4 else text
    return text if SHAPE.fullmatch(text) else None


def arrondissement_commune(code: str) -> str | None:
    """The commune of a municipal arrondissement of Paris, Lyon or Marseille; None for any other code."""
    for first, last, commune in ARRONDISSEMENTS:
        if first <= code <= last:
            return commune
    return None


def resolve(
    raw: str, present: Collection[str], parts: Mapping[str, str], history: Mapping[str, Sequence[str]]
) -> Resolution:
    """The present commune of `raw`.

    present: today's codes. parts: déléguée, associée or arrondissement -> commune. history: old code -> the present
    communes that took it over. A code that is still, or again, a commune is itself (52332 was re-established in part);
    one with several heirs has no single present commune.
    """
    code = clean_code(raw)
    if code is None:
        return Resolution(None, How.UNKNOWN)
    if code in present:
        return Resolution(code, How.PRESENT)
    whole = parts.get(code) or arrondissement_commune(code)
    if whole in present:
        return Resolution(whole, How.PART)
    heirs = tuple(sorted({heir for heir in history.get(code, ()) if heir in present}))
    if len(heirs) == 1:
        return Resolution(heirs[0], How.CHANGED)
    return Resolution(None, How.SPLIT if heirs else How.UNKNOWN, heirs)
