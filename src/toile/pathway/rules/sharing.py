"""What a holder may agree to share, for what and how long: read from `sharing.toml` (RGPD art. 6.1 a, domain K1)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. label: an infinitive. words: what is shown before agreeing. months: how long the agreement lasts."""

    code: str
    label: str
    words: str
    months: int


@dataclass(frozen=True, slots=True)
class Sharings:
    """Every purpose, by code, and the version of the words shown."""

    version: int
    purposes: dict[str, Purpose]


@cache
def declared() -> Sharings:
    """The purposes that ship with the platform."""
    read = tomllib.loads((Path(__file__).parent / "sharing.toml").read_text("utf-8"))
    purposes = [Purpose(**one) for one in read["purpose"]]
    return Sharings(read["version"], {one.code: one for one in purposes})
