"""The parts of an adviser's day: the first lines of each, and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

SHOWN: Final = 8
"""Lines of each part of the day; its list has the others."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the day: its first lines, and how many there are in all."""

    rows: Sequence[Any]
    count: int

    @property
    def others(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


NOTHING: Final = Part((), 0)


class Parts:
    """Groups as they come: the first rows of each, and how many."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Any]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)

    def add(self, group: str, row: Any) -> None:
        """One more row of a group; the empty group is nobody's."""
        self._counts[group] += 1
        if self._counts[group] <= SHOWN:
            self._rows[group].append(row)

    def told(self) -> dict[str, Part]:
        """Each group."""
        return {group: Part(rows, self._counts[group]) for group, rows in self._rows.items() if group}
