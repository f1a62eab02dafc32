"""What the search index holds of a structure: its names, what it does and where, the values of the list's facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from toile.directory.models import Approval, Establishment, Organisation, OrganisationActivity
from toile.directory.models.organisations import seen_by
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.approvals import approval_kind
from toile.directory.rules.matching.parameters import parameters
from toile.directory.rules.staff import SIZE_OF_BAND
from toile.kernel.fold import fold
from toile.kernel.search import Collection, Document, declare
from toile.territory.rules.grid import LEVELS, cells_of

FACETS: Final = (
    *("families", "communes", "activities", "sizes", "approvals", "stages", "verdicts"),
    *("whereabouts", "listed", "located"),
    *(f"cell_{level}" for level in LEVELS),
)
_READ: Final = (
    *("pk", "name", "legal_name", "acronym", "siren", "rna", "folded", "sort_name", "openness", "whereabouts"),
    *("listed", "stage", "staff_band", "display_class", "ess_verdict", "main__commune_id", "main__lon", "main__lat"),
)

MANY: Final = 100


def documents(ids: Sequence[UUID]) -> Iterator[Document]:
    """The documents of those of `ids` that stand for a structure. 5 statements; 6 for more than a hundred ids."""
    among, wanted = _among(ids), set(ids)
    structures = Organisation.objects.structures().filter(among("pk"))
    names: dict[UUID, list[str]] = defaultdict(list)
    codes: dict[UUID, list[str]] = defaultdict(list)
    others = Organisation.objects.filter(among("canonical")).exclude(canonical=F("pk")).order_by("known_since", "pk")
    for canonical, *said in others.values_list("canonical_id", "name", "legal_name", "acronym"):
        names[canonical] += said
    places = Establishment.objects.filter(among("organisation__canonical")).order_by("-is_open", "siret", "pk")
    for pk, brand, siret in places.values_list("organisation__canonical_id", "brand", "siret"):
        names[pk].append(brand)
        codes[pk].append(siret or "")
    activities = _several(OrganisationActivity, "code", among("organisation"))
    approvals = _several(Approval, "kind", among("organisation"))
    for read in structures.values_list(*_READ):
        row = dict(zip(_READ, read, strict=True))
        pk = row["pk"]
        if pk not in wanted:
            continue
        told = [*(row["name"], row["legal_name"], row["acronym"]), *names[pk]]
        numbers = [row["siren"] or "", row["rna"], *codes[pk]]
        yield _document(row, told, numbers, activities[pk], approvals[pk])


def _among(ids: Sequence[UUID]) -> Callable[[str], Q]:
    """The condition that a field is one of `ids`, or lies between the first and the last where few others do.

    A rebuild asks for all ids in their order: to send thousands of them five times took a third of its time.
    """
    if len(ids) > MANY:
        first, last = min(ids), max(ids)
        if Organisation.objects.filter(pk__gte=first, pk__lte=last).count() <= 2 * len(ids):
            return lambda field: Q((f"{field}__gte", first), (f"{field}__lte", last))
    return lambda field: Q((f"{field}__in", ids))


def _several(model: Any, field: str, among: Q) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for pk, value in model.objects.filter(among).order_by("pk").values_list("organisation_id", field):
        if value not in found[pk]:
            found[pk].append(value)
    return found


def _document(
    row: dict[str, Any], names: list[str], numbers: list[str], activities: list[str], approvals: list[str]
) -> Document:
    words = [row["folded"], *map(_activity, activities), *map(_approval, approvals), *numbers]
    lon, lat = row["main__lon"], row["main__lat"]
    return Document(
        id=row["pk"],
        seen_by=seen_by(row["pk"], row["openness"]),
        names=[name for name in dict.fromkeys(names) if name],
        folded=" ".join(filter(None, words)).lower(),
        facets={
            "families": [row["display_class"]],
            "communes": [row["main__commune_id"]] if row["main__commune_id"] else [],
            "activities": activities,
            "sizes": [SIZE_OF_BAND.get(row["staff_band"], "")],
            "approvals": approvals,
            "stages": [row["stage"]],
            "verdicts": [row["ess_verdict"]],
            "whereabouts": [row["whereabouts"]],
            "listed": ["yes" if row["listed"] else "no"],
            "located": ["no" if lon is None else "yes"],
            **({} if lon is None else {f"cell_{level}": [cell] for level, cell in cells_of(lon, lat).items()}),
        },
        point=None if lon is None else (lon, lat),
        sort=row["sort_name"],
    )


@cache
def _activity(code: str) -> str:
    known = taxonomy().activities.get(code)
    return fold(known.label_fr) if known else ""


@cache
def _approval(code: str) -> str:
    kind = approval_kind(code)
    return fold(f"{kind.short} {kind.full}")


def everything() -> Iterator[UUID]:
    """Every structure, for a rebuild. 1 statement, streamed."""
    return Organisation.objects.structures().order_by("pk").values_list("pk", flat=True).iterator(2000)


ORGANISATIONS: Final = declare(
    Collection(
        code="organisations",
        version=2,
        facets=FACETS,
        documents=documents,
        everything=everything,
        light_words=parameters().legal_words,
    )
)
