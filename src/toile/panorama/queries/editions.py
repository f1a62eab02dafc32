"""Reading editions: the one in force, those of others, the older ones; only what the reader may see."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Max, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from toile.kernel.errors import NotVisible
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.panorama.models import Edition, EditionState
from toile.panorama.permissions import READ
from toile.territory.models import Home

MOST_EDITIONS: Final = 60
"""Editions that one page lists: thirty years of them, with as many corrections."""


def edition_for(reader: Reader, pk: UUID) -> Edition:
    """The edition that this reader may see. Raises `NotVisible` for a draft read by anybody else. 1 statement."""
    found = Edition.objects.visible_to(reader).select_related("replaced_by").filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Cette édition n’existe pas, ou n’est pas encore publiée."))
    require(reader, READ.code, owners=found.owners(), state=found.state)
    return found


def in_force() -> Edition | None:
    """The last edition published of the territory's own perimeter, else of any; None before the first. 1 statement."""
    here = Case(When(perimeter__in=Home.objects.values("epci_id"), then=Value(0)), default=Value(1))
    published = Edition.objects.filter(kind=Edition.Kind.OWN, state=EditionState.PUBLISHED)
    return published.order_by(here, "-year", "-version").first()


def others_of(edition: Edition) -> list[Edition]:
    """The other published editions of the same perimeter, the latest year first: older ones, corrected ones."""
    public = Edition.objects.filter(kind=Edition.Kind.OWN, state__in=EditionState.public())
    same = public.filter(perimeter=edition.perimeter).exclude(pk=edition.pk)
    return list(same.order_by("-year", "-version")[:MOST_EDITIONS])


def published_by_others() -> list[Edition]:
    """What others published of any perimeter, undated documents last. 1 statement."""
    theirs = Edition.objects.filter(kind=Edition.Kind.THEIRS, state=EditionState.PUBLISHED)
    undated_last = Case(When(year__isnull=True, then=Value(1)), default=Value(0))
    return list(theirs.order_by(undated_last, "-year", "title", "id")[:MOST_EDITIONS])


def public_editions() -> QuerySet[Edition]:
    """All that anybody may read, in a stable order, for programs."""
    return Edition.objects.filter(state__in=EditionState.public()).order_by("-year", "-version", "id")


def stamp() -> str:
    """What changes with all that pages say of published editions: one more, one replaced, one printed. 1 statement."""
    public = Edition.objects.filter(state__in=EditionState.public())
    found = public.aggregate(
        count=Count("pk", distinct=True),
        replaced=Count("pk", distinct=True, filter=Q(state=EditionState.REPLACED)),
        last=Max("published_at"),
        printed=Max("outputs__made_at"),
    )
    return " ".join(map(str, found.values()))


def correction_of(edition: Edition) -> Edition | None:
    """The edition that replaced this one; None while its correction is in preparation. 1 statement at most."""
    return edition.replaced_by if edition.state == EditionState.REPLACED else None
