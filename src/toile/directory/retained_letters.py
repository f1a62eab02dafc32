"""How long the letter keeps the addresses that asked for it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toile.directory.services.subscribing import count_over, tidy
from toile.kernel.acts import Actor
from toile.kernel.retention import Retention, declare


def forget_addresses(actor: Actor, now: datetime) -> int:
    return sum(tidy(actor, now=now).values())


declare(
    Retention(
        "directory.subscriber",
        _("adresses qui demandent la lettre du mois"),
        _("une semaine sans confirmation ; trois ans, puis un mois pour redire oui ; un mois après l’arrêt"),
        count_over,
        forget_addresses,
        work="directory.letter.renew",
    )
)
