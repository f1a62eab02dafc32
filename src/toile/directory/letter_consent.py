"""Agreeing to the monthly letter, as « vos données » shows it: kept with the addresses that asked for the letter."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Subscriber
from toile.directory.models.letters import Subscribers
from toile.directory.services.subscribing import VERSION, WORDS, stop, subscribe
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict
from toile.kernel.personal import Someone
from toile.kernel.purposes import Keeper, Purpose, declare
from toile.kernel.readers import Reader
from toile.thread.delivery import address_of


def _theirs(someone: Someone) -> Subscribers:
    return Subscriber.objects.receiving().filter(Q(person=someone.person) | Q(email__in=someone.emails))


def since(someone: Someone) -> datetime | None:
    """When their address last proved that it wants the letter; None if it does not receive it. 1 query."""
    return _theirs(someone).order_by("confirmed_at").values_list("confirmed_at", flat=True).first()


def give(reader: Reader) -> str:
    """Ask for the letter at the address of their account: its link confirms, as for everybody."""
    address = address_of(reader.person) if reader.person else None
    if address is None:
        raise Conflict(_("Confirmez d’abord l’adresse de votre compte : c’est là que la lettre arrive."))
    subscribe(Actor.of(reader), reader, address.email)
    return _("Un courriel part vers votre adresse : ouvrez son lien, et votre accord sera noté.")


def withdraw(reader: Reader, someone: Someone) -> None:
    """End the letter at each of their addresses."""
    for subscriber in _theirs(someone):
        stop(subscriber)


LETTER = declare(
    Purpose(
        "directory.letter",
        gettext_lazy("recevoir la lettre du mois"),
        WORDS[VERSION],
        keeper=Keeper(since, give, withdraw),
    )
)
