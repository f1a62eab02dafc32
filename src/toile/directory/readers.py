"""What the directory adds to a reader: the organisations a person represents; and the names it gives to the thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from toile.accounts.queries import display_names
from toile.directory.models import Membership, Organisation
from toile.directory.queries.members import people_known_to
from toile.directory.queries.news_names import news_names
from toile.kernel.readers import Contribution, Reader, contributes_to_readers
from toile.thread.concerned import Around, Concern, concerns_people, stands_for
from toile.thread.names import Named, names_subjects


@contributes_to_readers
def represented(people: Collection[UUID]) -> Mapping[UUID, Contribution]:
    """The organisations of the structures these people act for, now: those joined to theirs included. 1 query."""
    current = Membership.objects.filter(person__in=people, until__isnull=True)
    mine: dict[UUID, set[UUID]] = {}
    for person, organisation in current.values_list("person", "organisation__canonical__members"):
        mine.setdefault(person, set()).add(organisation)
    return {person: Contribution(organisations=found) for person, found in mine.items()}


@names_subjects
def names(reader: Reader, subjects: Collection[UUID]) -> dict[UUID, Named]:
    """Name, page and invention of the organisations and the news among `subjects` that the reader may see.

    1 query when all are organisations, else 2. What a structure told and took back is named without its words.
    """
    found = Organisation.objects.visible_to(reader).filter(pk__in=subjects)
    named = {
        organisation.pk: Named(organisation.name, organisation.get_absolute_url(), organisation.is_fictional)
        for organisation in found.only("name", "canonical", "invention")
    }
    others = [subject for subject in subjects if subject not in named]
    return named | news_names(reader, others) if others else named


@names_subjects
def colleagues(reader: Reader, subjects: Collection[UUID]) -> dict[UUID, Named]:
    """The names that people show, to those who represent a structure with them or are asked to let them in, and to
    the team. At most 1 query."""
    known = people_known_to(reader, subjects)
    return {person: Named(name) for person, name in display_names(*known).items()} if known else {}


@concerns_people
def members(subjects: Collection[UUID], after: UUID | None, most: int) -> Sequence[Concern]:
    """Who represents those of `subjects` that are organisations, since they do. 1 query."""
    rows = Membership.objects.filter(organisation__in=subjects, until__isnull=True)
    if after is not None:
        rows = rows.filter(person__gt=after)
    values = rows.order_by("person", "organisation").values_list("person", "organisation", "since")
    return [Concern(*row) for row in values[:most]]


@stands_for
def identities(subjects: Collection[UUID]) -> dict[UUID, Around]:
    """The organisations joined to those of `subjects`, and the communes where they work. 1 query."""
    found: dict[UUID, tuple[set[UUID], set[UUID]]] = {}
    rows = Organisation.objects.filter(pk__in=subjects).order_by()
    for pk, same, place in rows.values_list("pk", "canonical__members", "canonical__main__commune__subject"):
        known = found.setdefault(pk, (set(), set()))
        known[0].add(same)
        if place is not None:
            known[1].add(place)
    return {pk: Around(frozenset(same), frozenset(places)) for pk, (same, places) in found.items()}
