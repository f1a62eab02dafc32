"""The port: a question, an answer, and whoever can go from one to the other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..rules.names import place_key


@dataclass(frozen=True, slots=True)
class Question:
    """An address in words, and the commune it is said to be in (COG code, or empty)."""

    text: str
    citycode: str = ""

    @property
    def key(self) -> str:
        """What makes two questions the same: folded words and commune."""
        return hashlib.sha256(f"{place_key(self.text)}|{self.citycode}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the geocoder sees an address: WGS84 degrees, its score from 0 to 1, its precision, its commune.

    kind: `housenumber`, `street`, `locality` or `municipality` (domain L6).
    """

    lon: float
    lat: float
    score: float
    kind: str
    label: str
    citycode: str


class Geocoder(Protocol):
    """Answers questions, in their order; None where it finds nothing. Raises `GeocoderSilent` when it cannot."""

    def find(self, questions: Sequence[Question]) -> list[Answer | None]:
        """The best answer to each question."""
        ...
