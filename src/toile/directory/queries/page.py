"""The page of one structure: what it is, why it is of the ESS or not, how to reach it, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from toile.directory.models import Approval, Establishment, Membership, Organisation
from toile.directory.queries.freshness import confirmed_at, freshness_of, says_closed
from toile.directory.queries.provenance import Provenance, heard_of, provenance
from toile.directory.rules.approvals import ApprovalKind, approval_kind
from toile.directory.rules.assembly import Chosen
from toile.directory.rules.display import BY_GLYPH, DisplayClass
from toile.directory.rules.ess import EssVerdict
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.freshness import Freshness
from toile.directory.rules.gazetteer import Gazetteer
from toile.directory.rules.portrait import choices, portrait
from toile.kernel.readers import Reader
from toile.kernel.sphere import metres_between
from toile.territory.rules.coordinates import Place, judge
from toile.thread.queries import Entry, timeline

FARTHEST: Final = 100_000
"""Metres from the centre of its commune beyond which a point is an error, at sea or elsewhere: Maripasoula, the widest
commune of France, reaches less far."""


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """All that the page shows. point: (longitude, latitude), None where unknown or not to be believed."""

    organisation: Organisation
    shown_as: DisplayClass
    verdict: EssVerdict
    decided_because: str
    place: Establishment | None
    point: tuple[float, float] | None
    other_places: Sequence[Establishment]
    approvals: Sequence[tuple[ApprovalKind, Approval]]
    activities: Sequence[str]
    provenance: Sequence[Provenance]
    document: Mapping[str, Any] | None
    thread: Sequence[Entry]
    joined: Sequence[Organisation]
    freshness: Freshness
    says_closed: bool
    is_represented: bool
    can_be_written_to: bool

    @property
    def subjects(self) -> list[UUID]:
        """Whose facts make its thread: itself and what was joined to it."""
        return [self.organisation.pk, *(other.pk for other in self.joined)]


def organisation_page(reader: Reader, organisation: Organisation, *, before: int | None = None) -> OrganisationPage:
    """The page of a canonical organisation: 7 statements, 3 more for its thread, whatever it holds."""
    joined = Organisation.objects.filter(canonical=organisation.pk).order_by("known_since", "pk")
    members = list(joined.annotate(confirmed_at=confirmed_at(), closing=says_closed()))
    places = list(
        Establishment.objects.filter(organisation__canonical=organisation.pk)
        .select_related("commune")
        .order_by("-is_open", "-is_seat", "siret", "pk")[:50]
    )
    heard, records = heard_of(organisation)
    drawn = portrait(heard, gazetteer=Gazetteer(), parameters=ess_parameters(timezone.localdate()))
    place = next((one for one in places if one.pk == organisation.main_id), None)
    approvals = [(approval_kind(row.kind), row) for row in organisation.approvals.order_by("kind", "source")]
    subjects: list[UUID] = [member.pk for member in members]
    represented = Membership.objects.filter(organisation__canonical=organisation.pk, until__isnull=True).exists()
    return OrganisationPage(
        organisation=organisation,
        shown_as=BY_GLYPH[organisation.display_class],
        verdict=drawn.verdict,
        decided_because=_reason(choices(heard)) if drawn.verdict.rule == "correction" else "",
        place=place,
        point=believed_point(place),
        other_places=[one for one in places if one is not place],
        approvals=approvals,
        activities=list(organisation.activities.order_by("pk").values_list("code", flat=True)),
        provenance=provenance(organisation, heard),
        document=next((r.payload for r in records if r.source == "document"), None),
        thread=timeline(reader, subjects, before=before),
        joined=[member for member in members if member.pk != organisation.pk],
        freshness=freshness_of(organisation, records, [member.confirmed_at for member in members]),
        says_closed=any(member.closing for member in members),
        is_represented=represented,
        can_be_written_to=represented or bool(organisation.contact_email),
    )


def believed_point(place: Establishment | None) -> tuple[float, float] | None:
    """Where a place is; None for (0, 0), a point out of France, or one far from its own commune (domain L5)."""
    if place is None or place.lon is None or place.lat is None or judge(place.lon, place.lat) is not Place.FRANCE:
        return None
    town = place.commune
    if town is None or town.lon is None or town.lat is None:
        return place.lon, place.lat
    is_far = metres_between(place.lon, place.lat, town.lon, town.lat) > FARTHEST
    return None if is_far else (place.lon, place.lat)


def _reason(chosen: Mapping[str, Chosen]) -> str:
    pick = chosen.get("decided_because")
    return str(pick.value) if pick else ""
