"""What an import says of itself: seven figures, six of which add up to the rows read, and each refused row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KEPT_PROBLEMS = 50_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A row refused, or kept but to be checked: where and why (French)."""

    line: int
    column: str | None
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "reason": self.reason}


@dataclass(slots=True)
class Report:
    """The counts of one import.

    A row is counted once: refused (not stored), outside (of the perimeter asked), to_check (stored, but a person should
    look: an identifier that fails its key, a commune that cannot be told, a repeated row), else created, updated or
    unchanged by what happened to its record. `read` is their sum.
    """

    source: str
    filename: str = ""
    dry_run: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    to_check: int = 0
    outside: int = 0
    refused_count: int = 0
    refused: list[Problem] = field(default_factory=list)
    checks: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    structures_created: int = 0
    structures_changed: int = 0

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + self.to_check + self.outside + self.refused_count

    def refuse(self, line: int, column: str | None, reason: str) -> None:
        """Count a refused row; the first 50,000 are told one by one."""
        self.refused_count += 1
        if len(self.refused) < KEPT_PROBLEMS:
            self.refused.append(Problem(line, column, reason))

    def doubt(self, line: int, reason: str) -> None:
        """Count a row kept that a person should look at."""
        self.to_check += 1
        if len(self.checks) < KEPT_PROBLEMS:
            self.checks.append(Problem(line, None, reason))

    def as_json(self) -> dict[str, Any]:
        """The report as `--report FILE.json` writes it and the page reads it."""
        return {
            "source": self.source,
            "file": self.filename,
            "dry_run": self.dry_run,
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "to_check": self.to_check,
            "outside": self.outside,
            "refused": [problem.as_json() for problem in self.refused],
            "refused_count": self.refused_count,
            "checks": [problem.as_json() for problem in self.checks],
            "structures": {"created": self.structures_created, "changed": self.structures_changed},
            "notes": self.notes,
        }
