"""What an import of the territory says it did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, and why, in French. `line` counts from 1."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Report:
    """Counts of one import; `created` to `refused` add up to `read`.

    outside: rows that this import has nothing to do with (a delegated commune that has its commune's own code).
    to_check: rows a person should look at (a code with no known heir).
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    to_check: int = 0
    outside: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many rows of ours the import wrote."""
        return self.created + self.updated

    def balanced(self) -> bool:
        """Whether every row read is accounted for."""
        taken = self.created + self.updated + self.unchanged
        return self.read == taken + self.to_check + self.outside + len(self.refused)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON writes it."""
        return asdict(self)
