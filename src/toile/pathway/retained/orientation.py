"""How long the path keeps offers, requests to partners and what is signalled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import Actor, act
from toile.kernel.retention import Retention, declare
from toile.pathway.models import Lead, Referral
from toile.pathway.services import leads

ADDRESS_KEPT: Final = timedelta(days=90)
UNANSWERED_KEPT: Final = timedelta(days=365)


def _addresses(now: datetime) -> QuerySet[Referral]:
    """The addresses of partners of which nothing is waited for any more."""
    over = Q(answered_at__lt=now - ADDRESS_KEPT) | Q(answered_at__isnull=True, sent_at__lt=now - UNANSWERED_KEPT)
    return Referral.objects.filter(over).exclude(email="")


def forget_addresses(actor: Actor, now: datetime) -> int:
    """Empty them; how many."""
    with act(actor):
        return _addresses(now).update(email="")


declare(
    Retention(
        code="pathway.lead",
        what=_("Noms, adresses et mots des idées et reprises signalées"),
        kept=_("un an après la fin ; deux ans si personne n’a rappelé"),
        due=lambda now: Lead.objects.with_people().filter(leads.forgotten(now)).count(),
        apply=leads.forget,
    )
)
declare(
    Retention(
        code="pathway.referral",
        what=_("Adresses auxquelles une demande à un partenaire a été envoyée"),
        kept=_("90 jours après la réponse ; un an sans réponse"),
        due=lambda now: _addresses(now).count(),
        apply=forget_addresses,
    )
)
