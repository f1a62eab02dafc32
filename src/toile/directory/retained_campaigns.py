"""How long campaigns keep the addresses they wrote to."""

from django.utils.translation import gettext_lazy as _

from toile.directory.queries.campaigns import to_forget
from toile.directory.services.campaigns import forget_addresses
from toile.kernel.retention import Retention, declare

declare(
    Retention(
        code="directory.confirmation",
        what=_("Adresses auxquelles une campagne de confirmation a écrit, et ce que chaque lien a fait corriger"),
        kept=_("90 jours après la fin de la campagne"),
        due=lambda now: to_forget(now).count(),
        apply=forget_addresses,
    )
)
