"""What a mapping is: for each of our fields, the columns of a spreadsheet that give it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """Where a field comes from: one column, or several joined by a space; why in French, and how surely (0 to 1)."""

    columns: tuple[str, ...]
    why_fr: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each field takes, and the columns taken by none.

    `personal` are the unmapped columns that speak of persons, left out on purpose; `notes` say it in French.
    """

    fields: dict[str, MappedColumn]
    unmapped: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def by_column(self) -> dict[str, str]:
        """The target of each mapped column."""
        return {column: target for target, mapped in self.fields.items() for column in mapped.columns}
