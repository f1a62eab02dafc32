"""The history of pages: what each shown field was before a write, and what it becomes, kept write by write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from toile.directory.models import Establishment, Organisation, OrganisationActivity, Revision
from toile.directory.rules.portrait import Portrait
from toile.directory.rules.reading import UNNAMED
from toile.directory.rules.undoing import NOT_KEPT, Words
from toile.kernel.acts import current_act

OF_STRUCTURE: Final = (
    "name",
    "legal_name",
    "acronym",
    "description",
    "website",
    "contact_email",
    "stage",
    "legal_category",
    "legal_form",
    "naf",
    "staff_band",
    "created_on",
    "ess_verdict",
)
OF_PLACE: Final = ("address", "postal_code", "city", "opening_hours", "accessibility")
"""The fields of a page that its history tells: those of the structure, those of the place that it shows."""


@dataclass(slots=True)
class History:
    """What one write changes. before: organisation → field → what the page showed. changed: field → [before, after]."""

    before: Mapping[UUID, Mapping[str, Any]]
    changed: dict[UUID, dict[str, list[Any]]] = field(default_factory=dict)
    hidden: set[UUID] = field(default_factory=set)

    @classmethod
    def begin(cls, present: Mapping[UUID, Organisation], places: Mapping[UUID, Establishment]) -> History:
        """What these pages show now, before anything is redrawn. 1 statement, none without a page."""
        activities = defaultdict(list)
        if present:
            for pk, code in OrganisationActivity.objects.filter(organisation__in=present).values_list(
                "organisation", "code"
            ):
                activities[pk].append(code)
        return cls(
            {
                pk: _shown(vars(one), vars(places[one.main_id]) if one.main_id in places else {}, activities[pk])
                for pk, one in present.items()
            }
        )

    def compare(self, pk: UUID, drawn: Portrait) -> Mapping[str, list[Any]]:
        """The fields of a page that its portrait changes, each with what it was and what it becomes."""
        before = self.before[pk]
        after = _shown(drawn.fields, drawn.establishments.get(drawn.main, {}), drawn.activities)
        if after["name"] == UNNAMED != before["name"]:
            self.hidden.add(pk)
        kept = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        self.changed[pk] = {name: [] if pk in self.hidden or name in NOT_KEPT else both for name, both in kept.items()}
        return self.changed[pk]

    def keep(self, source: str, *, words: Mapping[UUID, Words], quiet: Collection[UUID]) -> None:
        """Keep a row for each page that changed, and for each that people wrote on. 0 to 2 statements.

        A person who asked not to be spread (domain A17) takes what the history held of them away with them.
        """
        if self.hidden:
            Revision.objects.filter(organisation__in=self.hidden).update(fields={}, words={})
        now = current_act()
        Revision.objects.bulk_create(
            Revision(
                organisation_id=pk,
                act=now.id,
                person=now.actor.person,
                source=source,
                fields=self.changed.get(pk, {}),
                words=dict(words.get(pk, {})),
            )
            for pk in {**self.changed, **words}
            if words.get(pk) or (self.changed.get(pk) and pk not in quiet)
        )


def _shown(structure: Mapping[str, Any], place: Mapping[str, Any], activities: Collection[str]) -> dict[str, Any]:
    """Each field as the page shows it, in values that JSON takes."""
    told = {name: structure.get(name) for name in OF_STRUCTURE} | {name: place.get(name) for name in OF_PLACE}
    told = {name: value.isoformat() if isinstance(value, date) else value or "" for name, value in told.items()}
    return told | {"activities": sorted(activities)}
