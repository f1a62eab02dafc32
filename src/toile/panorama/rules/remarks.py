"""Something a person must know of a file, as a code with counts: `panorama.telling_sources` says it in French."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """How many of how many (`of` 0: out of nothing), and a few examples, the most frequent first."""

    code: str
    count: int = 0
    of: int = 0
    examples: tuple[str, ...] = ()
