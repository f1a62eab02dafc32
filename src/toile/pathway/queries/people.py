"""The people around a case: their names, who may act, who carries it, who read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from toile.accounts.models import Person
from toile.accounts.queries import display_names
from toile.directory.models import Membership
from toile.kernel.readers import Reader
from toile.kernel.seen import read_about
from toile.pathway.models import Case, Holder
from toile.pathway.queries.cases import advisers_of, works_here


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people as they show them; who shows none is « une personne de la porte ». 1 query."""
    shown = display_names(Person.objects.filter(pk__in=people).values("pk"))
    return {person: shown.get(person, _("une personne de la porte")) for person in people}


def is_holder(reader: Reader, case: Case) -> bool:
    """Whether the reader carries this project. 1 query, none for a visitor."""
    return reader.is_signed_in and Holder.objects.filter(case=case, person=reader.person).exists()


def reads_as_partner(reader: Reader, case: Case) -> bool:
    """Whether the reader is there by an agreement only: neither of the door nor its holder. 1 query at most."""
    return reader.is_signed_in and not works_here(reader, case) and not is_holder(reader, case)


def who_may_act(case: Case) -> list[tuple[UUID, str]]:
    """The advisers of its door, with their names. 2 queries."""
    if case.door is None:
        return []
    advisers = advisers_of(case.door)
    return sorted(names_of(advisers).items(), key=lambda one: one[1])


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Somebody read a case, in that hour: who, for which structure, to do what."""

    who: str
    structure: str
    at: datetime
    why: str


def readings_of(case: Case) -> list[ReadBy]:
    """Who read a case in the last twelve months, the latest first, its holders left out; 200 at most. 4 queries."""
    carried = set(Holder.objects.filter(case=case, person__isnull=False).values_list("person", flat=True))
    read = [one for one in read_about([case.pk]) if one.reader not in carried]
    people = {one.reader for one in read}
    names = names_of(people)
    rows = Membership.objects.in_force().filter(person__in=people).order_by("-since", "-pk")
    structures: dict[UUID | None, str] = dict(rows.values_list("person", "organisation__name"))
    return [ReadBy(names[one.reader], structures.get(one.reader, ""), one.at, str(one.why)) for one in read]
