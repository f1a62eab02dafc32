"""What the directory adds to a reader: the organisations a person represents; and the names it gives to the thread."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from toile.directory.models import Membership, Organisation
from toile.kernel.readers import Contribution, Reader, contributes_to_readers
from toile.thread.names import Named, names_subjects


@contributes_to_readers
def represented(person: UUID) -> Contribution:
    """The organisations of the structures this person acts for, now: those joined to theirs included. 1 query."""
    mine = Membership.objects.filter(person=person, until__isnull=True).values("organisation__canonical")
    return Contribution(organisations=Organisation.objects.filter(canonical__in=mine).values_list("pk", flat=True))


@names_subjects
def organisation_names(reader: Reader, subjects: Collection[UUID]) -> dict[UUID, Named]:
    """Name, page and invention of those of `subjects` that are organisations the reader may see. 1 query."""
    found = Organisation.objects.visible_to(reader).filter(pk__in=subjects)
    return {
        organisation.pk: Named(organisation.name, organisation.get_absolute_url(), organisation.is_fictional)
        for organisation in found.only("name", "canonical", "invention")
    }
