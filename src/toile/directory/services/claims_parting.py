"""The claims on two structures that were one: counted before they are joined, asked about when they part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.directory.belongings import AtSplit, Belonging, Written, declare
from toile.directory.models import Claim
from toile.kernel.typography import french_number

MOST: Final = 100


def _count(organisations: Collection[UUID]) -> dict[UUID, int]:
    rows = Claim.objects.still_open().filter(organisation__in=organisations).order_by()
    return dict(rows.values_list("organisation").annotate(n=Count("pk")))


def _asked_since(organisations: Collection[UUID], since: datetime) -> list[Written]:
    """The claims on these structures that were made since and still wait. 1 statement."""
    rows = Claim.objects.still_open().filter(organisation__in=organisations, made_at__gt=since)
    return [
        Written(str(claim.pk), _("une demande de représentation"), claim.organisation_id, person=claim.person)
        for claim in rows.order_by("made_at", "pk")[:MOST]
    ]


def _give(keys: Sequence[str], to: UUID) -> None:
    """These claims are on the other structure: asking there again would have ended any other of the same person."""
    Claim.objects.still_open().filter(pk__in=keys).update(organisation=to)


declare(
    Belonging(
        "claims",
        lambda n: (
            ngettext("%(n)s demande de représentation", "%(n)s demandes de représentation", n) % {"n": french_number(n)}
        ),
        _count,
        AtSplit(_asked_since, _give),
    )
)
