"""The photos that a structure's page shows."""

from __future__ import annotations

from uuid import UUID

from toile.directory.models import Photo
from toile.directory.models.photos import MOST


def photos_of(canonical: UUID) -> list[Photo]:
    """The photos of a structure: its own first, then those of what was joined to it, eight at most. 1 statement."""
    rows = Photo.objects.filter(organisation__canonical=canonical).select_related("picture")
    return sorted(
        rows.order_by("place", "id")[: 4 * MOST],
        key=lambda photo: (photo.organisation_id != canonical, photo.organisation_id, photo.place),
    )[:MOST]
