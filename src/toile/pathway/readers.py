"""What the path adds to a reader: the projects that a person accompanies, which they have a reason to know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from toile.kernel.readers import Contribution, Role, contributes_to_those_who_are
from toile.pathway.models import Case, CaseState

MOST: Final = 1000
"""Projects known by name to one person; beyond, a case is still opened from its list."""


@contributes_to_those_who_are(Role.ADVISER)
def accompanied(people: Collection[UUID]) -> Mapping[UUID, Contribution]:
    """The organisations of the living cases that these people follow. 1 query."""
    rows = Case.objects.filter(adviser__in=people, state__in=CaseState.living(), organisation__isnull=False)
    known: dict[UUID, set[UUID]] = {}
    for person, organisation in rows.order_by().values_list("adviser", "organisation")[: MOST * len(people)]:
        known.setdefault(person, set()).add(organisation)
    return {person: Contribution(reasons=found) for person, found in known.items()}
