"""What the directory gives to the observatory: the list of ESS enterprises, the approvals, as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q

from toile.directory.models import Approval, Organisation, SourceRecord
from toile.directory.models.organisations import Invention, Openness

LIST: Final = "ess_list"
ESS_FRANCE: Final = "ess_france"
"""The imported lists merge several: this is who listed what in those of ESS France (`directory.rules.reading`)."""
ESUS: Final = "esus"
ESS_COLUMNS: Final = ("siren", "sources", "famille_ess")
APPROVAL_COLUMNS: Final = ("siren", "type", "commune", "famille_ess")


def ess_rows() -> Iterator[tuple[str, str, str]]:
    """SIREN, who lists it (`ess_france`, `esus`, joined by « | ») and family of each public structure listed.

    2 statements.
    """
    held = SourceRecord.objects.filter(source=LIST, payload__sources__icontains=ESS_FRANCE)
    in_list = held.values("organisation__canonical")
    solidary = set(Approval.objects.filter(kind=ESUS).values_list("organisation__canonical", flat=True))
    public = Organisation.objects.filter(openness=Openness.PUBLIC, siren__isnull=False)
    rows = public.filter(Q(pk__in=in_list) | Q(pk__in=solidary)).annotate(
        is_listed=Exists(held.filter(organisation__canonical=OuterRef("pk")))
    )
    for pk, siren, family, is_listed in (
        rows.order_by("siren").values_list("pk", "siren", "ess_family", "is_listed").iterator(2000)
    ):
        says = [code for code, held in (("ess_france", is_listed), (ESUS, pk in solidary)) if held]
        yield siren or "", "|".join(says), family


def approval_rows(on: date) -> Iterator[tuple[str, str, str, str]]:
    """SIREN (empty: unknown), kind, commune and family of each approval in force on a day, of public structures.

    One row for each structure and kind, whichever sources tell of it. 1 statement.
    """
    in_force = Approval.objects.filter(organisation__openness=Openness.PUBLIC).filter(
        Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on)
    )
    fields = (
        "kind",
        "organisation__canonical",
        "organisation__siren",
        "organisation__main__commune",
        "organisation__ess_family",
    )
    last = None
    for kind, pk, siren, commune, family in (
        in_force.order_by("kind", "organisation__canonical", "pk").values_list(*fields).iterator(2000)
    ):
        if (kind, pk) != last:
            last = (kind, pk)
            yield siren or "", kind, commune or "", family


def invented() -> bool:
    """Whether the directory holds inventions: what is taken from it then says so. 1 statement."""
    return Organisation.objects.filter(invention=Invention.FICTIONAL).exists()
