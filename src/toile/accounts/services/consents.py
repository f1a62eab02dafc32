"""Agreeing to a purpose, and taking it back: as easy as giving it (RGPD art. 7.3)."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible
from toile.kernel.permissions import require
from toile.kernel.purposes import Purpose, purposes
from toile.kernel.readers import Reader
from toile.thread.services import record

from ..facts import CONSENT_GIVEN, CONSENT_WITHDRAWN, ConsentData
from ..models import Consent, Person
from ..permissions import OWN_DATA
from .erasure import someone


def consented(purpose: Purpose) -> set[UUID]:
    """The people who agree to this purpose now, in its present words. 1 query."""
    given = Consent.objects.filter(purpose=purpose.code, version=purpose.version, withdrawn_at__isnull=True)
    return set(given.values_list("person", flat=True))


def give_consent(reader: Reader, code: str) -> str:
    """Note that the reader agrees to a purpose, in the words shown today; a sentence says what comes next.

    Safe twice. Raises `NotVisible`.
    """
    purpose = _purpose(code)
    person = _oneself(reader)
    if purpose.keeper:
        return purpose.keeper.give(reader)
    with act(Actor.of(reader)):
        # Two clicks wait for each other here.
        Person.objects.select_for_update().get(pk=person)
        mine = Consent.objects.filter(person=person, purpose=code, withdrawn_at__isnull=True)
        if not mine.filter(version=purpose.version).exists():
            mine.update(withdrawn_at=timezone.now())
            Consent.objects.create(person_id=person, purpose=code, version=purpose.version)
            record(CONSENT_GIVEN, about=[person], data=ConsentData(code, purpose.version))
    return _("Votre accord est noté. Vous pouvez le retirer ici quand vous voulez.")


def withdraw_consent(reader: Reader, code: str) -> None:
    """Note that the reader no longer agrees, from now; a purpose that is no longer declared included. Safe twice."""
    person = _oneself(reader)
    keeper = purposes[code].keeper if code in purposes else None
    if keeper:
        keeper.withdraw(reader, someone(Person.objects.get(pk=person)))
        return
    with act(Actor.of(reader)):
        for given in Consent.objects.filter(person=person, withdrawn_at__isnull=True).order_by("pk"):
            if given.purpose == code:
                given.withdrawn_at = timezone.now()
                given.save(update_fields=["withdrawn_at"])
                record(CONSENT_WITHDRAWN, about=[person], data=ConsentData(code, given.version))


def _oneself(reader: Reader) -> UUID:
    require(reader, OWN_DATA.code, owners={reader.person} if reader.person else ())
    assert reader.person is not None
    return reader.person


def _purpose(code: str) -> Purpose:
    if code not in purposes:
        raise NotVisible(_("Cet accord n’est plus demandé."))
    return purposes[code]
