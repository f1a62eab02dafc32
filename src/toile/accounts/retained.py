"""How long accounts are kept without being used; the rule is in `rules/retention.py`."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.retention import Retention, declare

from .services import accounts_over, close_unused

declare(
    Retention(
        "accounts.person",
        _("comptes que personne n’utilise"),
        _("trois ans après la dernière connexion, prévenus 30 et 7 jours avant, puis 7 jours pour revenir"),
        accounts_over,
        close_unused,
    )
)
