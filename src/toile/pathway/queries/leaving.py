"""What somebody of a door follows, to be handed over: files, firms, calls to make; those of people who left as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from toile.pathway.models import Case, CaseState, Door, Followed, Lead, LeadState
from toile.pathway.models.cases import Cases
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.people import names_of

SHOWN: Final = 200
"""Files or firms to choose among; the others go with « all »."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Somebody, how many files and firms they follow, and whether they still receive at the door."""

    person: UUID
    name: str
    cases: int
    firms: int
    is_here: bool


def followed_cases(door: Door, person: UUID) -> Cases:
    """The files that somebody follows at a door, those that live or may be read again, the most urgent first."""
    rows = Case.objects.filter(door=door, adviser=person, state__in=CaseState.at_a_door())
    return rows.order_by("state", "next_step_on", "last_contact_at", "pk")


def followed_firms(door: Door, person: UUID) -> QuerySet[Followed]:
    """The firms that somebody calls for a door."""
    return Followed.objects.present().filter(door=door, adviser=person).order_by("entered_on", "pk")


def leads_taken(door: Door, person: UUID) -> QuerySet[Lead]:
    """What was signalled and somebody began to call back about."""
    return Lead.objects.filter(door=door, taken_by=person, state=LeadState.CALLED)


def charges(door: Door) -> Sequence[Charge]:
    """Who follows what at a door, those who left first, then by name. 4 queries."""
    here = set(advisers_of(door))
    cases = _counts(Case.objects.filter(door=door, state__in=CaseState.living()))
    firms = _counts(Followed.objects.present().filter(door=door))
    names = names_of(here | cases.keys() | firms.keys())
    found = [Charge(one, name, cases.get(one, 0), firms.get(one, 0), one in here) for one, name in names.items()]
    return sorted(found, key=lambda one: (one.is_here, one.name, str(one.person)))


def _counts(rows: QuerySet[Case] | QuerySet[Followed]) -> dict[UUID, int]:
    counted = rows.filter(adviser__isnull=False).order_by().values_list("adviser").annotate(n=Count("pk"))
    return {person: n for person, n in counted if person}
