"""How long the path keeps the follow-up of young firms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.retention import Retention, declare
from toile.pathway.services.forgetting_followed import forget, over

declare(
    Retention(
        code="pathway.followed",
        what=_("Suivi des jeunes structures : signaux, appels, points de suivi, adresses"),
        kept=_("2 ans après la fin du suivi ; ensuite, les dates et la raison de sortie seules"),
        due=lambda now: over(now).count(),
        apply=forget,
    )
)
