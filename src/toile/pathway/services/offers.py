"""What a partner offers: drafted, published, corrected, withdrawn by its people or the team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.readers import Reader
from toile.pathway.facts.orientation import OFFER_CHANGED, OFFER_PUBLISHED, OFFER_WITHDRAWN, OfferFact
from toile.pathway.models import Offer
from toile.pathway.permissions.orientation import OFFER_WRITE
from toile.pathway.queries.offers import as_rule
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.offers import Fault, faults
from toile.thread.services import record

WRITTEN: Final = (
    *("title", "description", "kind", "needs", "stages", "natures", "perimeters", "public", "publics", "helper"),
    *("cost", "is_free", "delay_days", "email", "body", "level", "recognised", "starts_on", "ends_on", "places"),
    *("valid_from", "valid_until", "confirmed"),
)
"""The fields that a person writes."""


class OfferRefused(UserError):
    """An offer that cannot be kept: `faults` says of each field what to mend."""

    def __init__(self, found: tuple[Fault, ...]) -> None:
        super().__init__(found[0].sentence)
        self.faults = found


class SavedSince(Conflict):
    """Somebody saved the offer since it was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Une autre personne vient d’enregistrer cette offre : relisez, puis enregistrez de nouveau.")
        )


def draft(actor: Actor, reader: Reader, partner: Organisation, values: Mapping[str, Any]) -> Offer:
    """Keep an offer, not shown yet. Raises `OfferRefused`, `Forbidden`."""
    require(reader, OFFER_WRITE.code, owners=partner.owners())
    offer = Offer(partner_id=partner.canonical_id, made_by=reader.person, **_known(values))
    _check(offer)
    with act(actor):
        offer.save()
    return offer


def change(actor: Actor, reader: Reader, offer: Offer, values: Mapping[str, Any], *, revision: int) -> None:
    """Correct an offer, published or not; revision: of the offer as it was opened. Raises `SavedSince` among others."""
    require(reader, OFFER_WRITE.code, owners=offer.owners())
    known = _known(values)
    for name, value in known.items():
        setattr(offer, name, value)
    _check(offer)
    with act(actor):
        done = Offer.objects.filter(pk=offer.pk, revision=revision).update(
            **known, changed_at=timezone.now(), revision=F("revision") + 1
        )
        if not done:
            raise SavedSince
        if offer.state == Offer.State.PUBLISHED:
            record(OFFER_CHANGED, about=[offer.partner_id], data=OfferFact(str(offer.pk)))


def publish(actor: Actor, reader: Reader, offer: Offer) -> None:
    """Show an offer to everybody; one already shown stays so."""
    require(reader, OFFER_WRITE.code, owners=offer.owners())
    _check(offer)
    _move(actor, offer, {Offer.State.DRAFT, Offer.State.WITHDRAWN}, Offer.State.PUBLISHED)


def withdraw(actor: Actor, reader: Reader, offer: Offer) -> None:
    """Take an offer off: nobody is sent to it any more; the requests already sent go on."""
    require(reader, OFFER_WRITE.code, owners=offer.owners())
    _move(actor, offer, {Offer.State.PUBLISHED}, Offer.State.WITHDRAWN)


def _move(actor: Actor, offer: Offer, before: set[Offer.State], after: Offer.State) -> None:
    kind = OFFER_PUBLISHED if after == Offer.State.PUBLISHED else OFFER_WITHDRAWN
    with act(actor):
        moved = Offer.objects.filter(pk=offer.pk, state__in=before).update(
            state=after, changed_at=timezone.now(), revision=F("revision") + 1
        )
        if moved:
            record(kind, about=[offer.partner_id], data=OfferFact(str(offer.pk)))


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in WRITTEN if name in values}


def _check(offer: Offer) -> None:
    declared = matrix()
    found = faults(as_rule(offer, name=""), needs=declared.needs, stages=declared.titles)
    if found:
        raise OfferRefused(found)
