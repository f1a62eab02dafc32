"""The list of cases that a reader has a reason to see: read once, then compared in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from toile.directory.queries.by_database import words_of
from toile.kernel.fold import fold
from toile.kernel.lists import Asked, Found
from toile.kernel.readers import Reader
from toile.pathway.models import Case, CaseState
from toile.pathway.queries.day import AHEAD, waits_for_somebody
from toile.pathway.queries.people import names_of

MOST: Final = 5_000
"""Cases of one's doors read at once; a door that receives more narrows by state in its own software."""
NOBODY, NOWHERE, UNKNOWN = "nobody", "nowhere", "unknown"


@dataclass(slots=True)
class CaseLine:
    """A case in the list. step: where its next step stands, a code of `STEPS`."""

    case: Case
    adviser: str
    step: str

    @property
    def pk(self) -> UUID:
        return self.case.pk

    @property
    def name(self) -> str:
        return str(self.case)


STEPS: Final = ("late", "soon", "later", "awaited", "none", "over")

Values = Callable[[CaseLine], Iterable[str]]
FACETS: Final[Mapping[str, Values]] = {
    "steps": lambda line: [line.step],
    "states": lambda line: [line.case.state],
    "advisers": lambda line: [str(line.case.adviser or NOBODY)],
    "doors": lambda line: [str(line.case.door_id)],
    "paths": lambda line: [line.case.path or UNKNOWN],
    "stages": lambda line: [line.case.stage or UNKNOWN],
    "communes": lambda line: [line.case.commune_id or NOWHERE],
}


def case_lines(reader: Reader, today: date) -> list[CaseLine]:
    """The cases that the reader has a reason to see, once they are at a door. 2 queries."""
    rows = Case.objects.visible_to(reader).filter(state__in=CaseState.at_a_door())
    rows = rows.annotate(awaited=waits_for_somebody(today)).select_related("door", "commune")
    cases: list[Any] = list(rows.order_by("-last_contact_at", "pk")[:MOST])
    names = names_of({case.adviser for case in cases if case.adviser})
    return [CaseLine(case, names.get(case.adviser, ""), _step(case, today)) for case in cases]


def _step(case: Any, today: date) -> str:
    if case.state not in CaseState.living():
        return "over"
    if case.next_step and case.next_step_on:
        if case.next_step_on < today:
            return "late"
        return "soon" if case.next_step_on <= today + AHEAD else "later"
    if case.next_step:
        return "later"
    return "awaited" if case.awaited or case.state == CaseState.SENT else "none"


def find_cases(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[CaseLine]:
    """One page of cases, facets and totals: 2 statements."""
    rows = case_lines(reader, timezone.localdate())
    told = [row for row in rows if _said(row, asked)]
    matched = [row for row in told if _chosen(row, asked)]
    facets = {
        name: Counter(value for row in told if _chosen(row, asked, leaving=name) for value in values(row))
        for name, values in FACETS.items()
    }
    matched.sort(key=_order(asked.sort))
    return Found(rows=matched[offset : offset + limit], count=len(matched), total=len(rows), facets=facets)


def newer_cases(
    reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int
) -> Sequence[CaseLine]:
    """The cases of the question with a contact after `since`, the latest first."""
    rows = [row for row in case_lines(reader, timezone.localdate()) if row.case.last_contact_at > since]
    kept = [row for row in rows if until is None or row.case.last_contact_at <= until]
    return [row for row in kept if _said(row, asked) and _chosen(row, asked)][:limit]


def _said(row: CaseLine, asked: Asked) -> bool:
    text = fold(f"{row.name} {row.case.commune.name if row.case.commune else ''} {row.adviser}")
    return all(word in text for word in words_of(asked.words))


def _chosen(row: CaseLine, asked: Asked, *, leaving: str = "") -> bool:
    return all(
        name == leaving or not asked.facets.get(name) or not asked.facets[name].isdisjoint(values(row))
        for name, values in FACETS.items()
    )


def _order(sort: str) -> Callable[[CaseLine], tuple[Any, ...]]:
    if sort == "name":
        return lambda row: (fold(row.name), str(row.pk))
    if sort == "recent":
        return lambda row: (-row.case.last_contact_at.timestamp(), str(row.pk))
    if sort == "silent":
        return lambda row: (row.case.last_contact_at, str(row.pk))
    return lambda row: (
        STEPS.index(row.step),
        row.case.next_step_on or date.max,
        row.case.last_contact_at,
        str(row.pk),
    )


def adviser_names(values: Collection[str], nobody: str) -> dict[str, str]:
    """The names of advisers by their id, and what stands for nobody. 1 query."""
    names = names_of({UUID(value) for value in values if value != NOBODY})
    return {str(pk): name for pk, name in names.items()} | {NOBODY: nobody}
