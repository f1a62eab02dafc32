"""All the structures of a question, for files: their order from the index, whole rows some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from toile.directory.models import Approval, Organisation, OrganisationActivity
from toile.directory.queries import by_database, by_index
from toile.directory.queries.where import Where, where
from toile.kernel.lists import Asked
from toile.kernel.readers import Reader
from toile.kernel.search import IndexUnavailable

BATCH: Final = 500
AT_ONCE: Final = 10_000
"""What the index gives of an answer at most."""


def organisations_in_batches(reader: Reader, asked: Asked, most: int) -> Iterator[Sequence[Organisation]]:
    """The structures that match, at most `most`, in the order asked, 500 at a time with all that the columns read.

    3 statements a batch, and before the first 1 without the index, up to 5 for a place.
    """
    ids = _ids(reader, asked, where(asked.place), most)
    approvals = Prefetch("approvals", Approval.objects.order_by("kind", "source"))
    activities = Prefetch("activities", OrganisationActivity.objects.order_by("code"))
    for start in range(0, len(ids), BATCH):
        held = ids[start : start + BATCH]
        # What was closed since is left out here.
        rows = Organisation.objects.visible_to(reader).structures().filter(pk__in=held)
        found = rows.select_related("main__commune").prefetch_related(approvals, activities).in_bulk()
        yield [found[pk] for pk in held if pk in found]


def matching_ids(reader: Reader, asked: Asked, most: int) -> list[UUID]:
    """The structures that match, at most `most`, in the order asked. 1 statement without the index, up to 5 more."""
    return _ids(reader, asked, where(asked.place), most)


def _ids(reader: Reader, asked: Asked, place: Where, most: int) -> list[UUID]:
    try:
        parts = (
            by_index.ask(reader, asked, place, offset=offset, limit=min(AT_ONCE, most - offset)).ids
            for offset in range(0, most, AT_ONCE)
        )
        ids: list[UUID] = []
        for part in parts:
            ids += part
            if len(part) < AT_ONCE:
                break
        return ids
    except IndexUnavailable:
        matched = by_database.matching(reader, asked, place)
        if asked.sort == "distance" and asked.near:
            held = set(matched.values_list("pk", flat=True))
            return [pk for pk in by_database.distances(asked.near) if pk in held][:most]
        return list(by_database.ordered(matched, asked).values_list("pk", flat=True)[:most])
