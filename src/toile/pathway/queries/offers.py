"""Reading offers: as the rules take them, as the list shows them, and where a project is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from toile.directory.models import Organisation
from toile.directory.queries.by_database import words_of
from toile.kernel.fold import fold
from toile.kernel.lists import Asked, Found
from toile.kernel.readers import Reader
from toile.pathway.models import Offer
from toile.pathway.models.offers import Offers
from toile.pathway.rules import offers as rules
from toile.pathway.rules.matrix import matrix
from toile.territory.models import Commune, Home, Perimeter

MOST_FOUND: Final = 20
MOST: Final = 2_000
"""Offers of one territory read at once: a list in memory; a region has some hundreds."""


def as_rule(offer: Offer, *, name: str | None = None) -> rules.Offer:
    """An offer as the rules read it. name: of its partner, when it is not to be fetched."""
    is_training = offer.kind == Offer.Kind.TRAINING
    training = rules.Training(offer.body, offer.level, offer.recognised, offer.starts_on, offer.ends_on)
    return rules.Offer(
        code=str(offer.pk),
        partner=str(offer.partner_id),
        partner_name=offer.partner.name if name is None else name,
        title=offer.title,
        needs=frozenset(offer.needs),
        stages=frozenset(offer.stages),
        natures=frozenset(offer.natures),
        publics=frozenset(offer.publics),
        perimeters=frozenset(offer.perimeters),
        helper=offer.helper,
        cost=offer.cost,
        is_free=offer.is_free,
        delay_days=offer.delay_days,
        places=offer.places,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
        paused=offer.state == Offer.State.WITHDRAWN,
        confirmed=offer.confirmed,
        training=training if is_training else None,
    )


def published(*, by: UUID | None = None) -> list[rules.Offer]:
    """What partners publish, open today or not: the rules say which can be sent to. 1 query."""
    rows = Offer.objects.filter(state=Offer.State.PUBLISHED).select_related("partner__canonical")
    if by is not None:
        rows = rows.filter(partner__canonical=by)
    return [as_rule(offer, name=offer.partner.canonical.name) for offer in rows.order_by("title", "pk")[:MOST]]


def running_rows(on: date, needs: Collection[str] | None = None) -> list[Offer]:
    """The offers that somebody can be sent to on a day, with their partner; those of these needs, if given. 1 query."""
    rows = Offer.objects.running(on).select_related("partner__canonical").order_by("title", "pk")[:MOST]
    return [row for row in rows if rules.is_open(as_rule(row, name=""), on) and _for(row, needs)]


def _for(row: Offer, needs: Collection[str] | None) -> bool:
    return needs is None or not set(needs).isdisjoint(row.needs)


def places_of(commune: Commune | None) -> frozenset[str]:
    """The codes of a commune, its department, its intercommunalité and the perimeters it is in. 1 query."""
    if commune is None:
        return frozenset()
    around = Perimeter.objects.filter(communes=commune.code).order_by().values_list("code", flat=True)
    return frozenset({commune.code, commune.department, commune.epci_id or "", *around} - {""})


# --- The list --------------------------------------------------------------------------------------------------------

OPEN, FREE, TRAINING = "open", "free", "training"
Values = Callable[[Offer], Iterable[str]]


def _headings(offer: Offer) -> Iterable[str]:
    declared = matrix().needs
    return {heading for code in offer.needs if code in declared for heading in declared[code].under}


FACETS: Final[Mapping[str, Values]] = {
    "headings": _headings,
    "needs": lambda offer: offer.needs,
    "stages": lambda offer: offer.stages or list(matrix().titles),
    "kinds": lambda offer: [offer.kind],
    "partners": lambda offer: [str(offer.partner.canonical_id)],
}
"""Name of a facet → what values an offer has for it; an offer for every stage has them all."""


def find_offers(
    reader: Reader, asked: Asked, offset: int = 0, limit: int = 20, *, gather: bool = False, whole: bool = False
) -> Found[Offer]:
    """One page of what is published and not over, facets and totals: 1 statement, then compared in memory."""
    rows = list(_listed(Offer.objects.filter(state=Offer.State.PUBLISHED)))
    today = timezone.localdate()
    living = [row for row in rows if row.valid_until is None or row.valid_until >= today]
    told = [row for row in living if _said(row, asked, today)]
    matched = [row for row in told if _chosen(row, asked, leaving="")]
    facets = {
        name: Counter(value for row in told if _chosen(row, asked, leaving=name) for value in set(values(row)))
        for name, values in FACETS.items()
    }
    matched.sort(key=_order(asked.sort))
    return Found(rows=matched[offset : offset + limit], count=len(matched), total=len(living), facets=facets)


def newer_offers(reader: Reader, asked: Asked, since: datetime, until: datetime | None, limit: int) -> Sequence[Offer]:
    """Offers of the question that changed after `since`, the latest first. 1 statement."""
    rows = Offer.objects.filter(state=Offer.State.PUBLISHED, changed_at__gt=since)
    if until is not None:
        rows = rows.filter(changed_at__lte=until)
    today = timezone.localdate()
    found = [row for row in _listed(rows) if _said(row, asked, today) and _chosen(row, asked, leaving="")]
    return sorted(found, key=lambda row: row.changed_at, reverse=True)[:limit]


def _listed(rows: Offers) -> Iterable[Offer]:
    return rows.select_related("partner__canonical").order_by("title", "pk")[:MOST]


def _said(row: Offer, asked: Asked, today: date) -> bool:
    text = fold(f"{row.title} {row.description} {row.partner.canonical.name} {row.public}")
    return (
        all(word in text for word in words_of(asked.words))
        and (OPEN not in asked.flags or rules.is_open(as_rule(row, name=""), today))
        and (FREE not in asked.flags or bool(row.is_free))
        and (TRAINING not in asked.flags or row.kind == Offer.Kind.TRAINING)
    )


def _chosen(row: Offer, asked: Asked, *, leaving: str) -> bool:
    return all(
        name == leaving or not asked.facets.get(name) or not asked.facets[name].isdisjoint(values(row))
        for name, values in FACETS.items()
    )


def _order(sort: str) -> Callable[[Offer], tuple[object, ...]]:
    if sort == "soonest":
        return lambda row: (row.delay_days is None, row.delay_days or 0, fold(row.title), str(row.pk))
    if sort == "recent":
        return lambda row: (-row.changed_at.timestamp(), str(row.pk))
    return lambda row: (fold(row.title), str(row.pk))


def partner_names(values: Collection[str]) -> dict[str, str]:
    """The names of partners that publish, by their id. 1 query."""
    rows = Offer.objects.filter(state=Offer.State.PUBLISHED).order_by()
    names = rows.values_list("partner__canonical", "partner__canonical__name").distinct()
    return {str(pk): name for pk, name in names if str(pk) in values}


# --- Writing them ----------------------------------------------------------------------------------------------------


def perimeter_choices(also: Collection[str] = ()) -> dict[str, str]:
    """What an offer may cover, by code: the home intercommunalité, the perimeters, and codes kept before. 2 queries."""
    found = {}
    home = Home.objects.select_related("epci").first()
    if home is not None:
        found[home.epci.siren] = home.epci.name
    names = sorted(Perimeter.objects.order_by().values_list("code", "name"), key=lambda one: fold(one[1]))
    found |= {code: name for code, name in names if code not in found}
    return found | {code: code for code in also if code not in found}


def written_by(reader: Reader, *, steers: bool, words: str = "") -> tuple[list[Offer], list[Organisation]]:
    """The offers that a reader may write, and the structures they may write for. 2 queries.

    The team writes for all: those that publish already, or those whose name holds `words`.
    """
    rows = Offer.objects.select_related("partner__canonical").order_by("state", "title", "pk")
    if not steers:
        rows = rows.filter(partner__canonical__in=reader.organisations)
    offers = list(rows[:MOST])
    known = {row.partner.canonical_id for row in offers} | reader.organisations
    own = Organisation.objects.structures().order_by("sort_name", "pk")
    if steers and words.strip():
        return offers, list(own.visible_to(reader).filter(folded__contains=fold(words))[:MOST_FOUND])
    return offers, list(own.filter(pk__in=known))
