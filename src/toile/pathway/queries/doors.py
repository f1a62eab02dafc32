"""Reading the doors: the list with who receives there, and the structures that may become one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from toile.accounts.models import RoleGrant
from toile.directory.models import Membership, Organisation
from toile.kernel.fold import fold
from toile.kernel.readers import Reader, Role
from toile.pathway.models import CaseState, Door
from toile.pathway.queries.people import names_of

MOST = 10
MOST_DOORS = 100


@dataclass(frozen=True, slots=True)
class DoorShown:
    """A door, the names of who receives there, and how many living cases it has."""

    door: Door
    advisers: list[str]
    living: int


def doors_shown() -> list[DoorShown]:
    """Every door, those that receive first. 3 queries."""
    living = Count("cases", filter=Q(cases__state__in=CaseState.living()))
    rows = list(
        Door.objects.select_related("organisation")
        .annotate(living=living)
        .order_by("-is_active", "order", "name")[:MOST_DOORS]
    )
    grants = RoleGrant.objects.filter(role=Role.ADVISER, until__isnull=True).values("person")
    held = Membership.objects.in_force().filter(
        organisation__in=[one.organisation_id for one in rows], person__in=grants
    )
    pairs = list(held.order_by("person").values_list("organisation", "person").distinct())
    names = names_of({person for _door, person in pairs if person})
    return [
        DoorShown(
            one,
            sorted(names[person] for place, person in pairs if place == one.organisation_id and person),
            one.living,
        )
        for one in rows
    ]


def may_be_doors(reader: Reader, words: str) -> list[Organisation]:
    """The structures whose name holds these words, those that are doors already left out; ten at most. 1 query."""
    if not words.strip():
        return []
    rows = Organisation.objects.visible_to(reader).structures().filter(folded__contains=fold(words), doors__isnull=True)
    return list(rows.order_by("sort_name", "pk")[:MOST])
