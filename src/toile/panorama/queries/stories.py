"""Stories of a place, from the thread: what lately happened, in public, to structures that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone

from toile.directory.models import Establishment, Organisation
from toile.directory.models.organisations import Openness
from toile.kernel.readers import VISITOR
from toile.thread.kinds import Visibility, kinds
from toile.thread.models import Fact, FactAbout
from toile.thread.queries import Entry, entries, subjects_of

MOST_READ: Final = 40
"""Facts read to find three structures: one structure may have done much lately."""


@dataclass(frozen=True, slots=True)
class Story:
    """Something that happened to a structure of the place. sentence: names it. fictional: it is invented, and said."""

    day: date
    sentence: str
    fictional: bool


def stories(communes: Collection[str], *, most: int = 3) -> list[Story]:
    """The latest moments of public, listed structures with a place open in these communes, one for each structure.

    Only what belongs to an axis (a structure is born, moves, obtains an approval): not the life of its record. 2
    statements, and 1 for each room that names.
    """
    told = sorted(
        {code for (code, _version), kind in kinds.items() if kind.axis and kind.visibility is Visibility.PUBLIC}
    )
    here = Establishment.objects.filter(commune__in=communes, is_open=True)
    structures = Organisation.objects.filter(
        openness=Openness.PUBLIC, listed=True, pk__in=here.values("organisation")
    ).order_by()
    about = FactAbout.objects.filter(subject__in=structures.values("pk"), place=0).values("fact")
    rows = Fact.objects.visible_to(VISITOR).filter(pk__in=about, kind__in=told)
    facts = list(rows.order_by("-happened_at", "-id")[:MOST_READ])
    subjects = subjects_of(facts)
    first = {fact.pk: subjects[fact.pk][0] for fact in facts}
    return [_story(entry) for entry in _one_each(entries(VISITOR, facts, subjects), first)][:most]


def _one_each(found: list[Entry], subject: Mapping[int, UUID]) -> Iterator[Entry]:
    """The key moments first, then the others; one for each structure, the latest."""
    seen: set[UUID] = set()
    for entry in sorted(found, key=lambda entry: not entry.key):
        if subject[entry.id] not in seen:
            seen.add(subject[entry.id])
            yield entry


def _story(entry: Entry) -> Story:
    return Story(timezone.localtime(entry.happened_at).date(), entry.text, entry.is_fictional)
