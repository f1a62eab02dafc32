"""How long the path keeps receptions that nobody sent, and cases without contact (domain K3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.retention import Retention, declare
from toile.pathway.services.anonymising import anonymise_old, cases_over, drafts_over, forget_drafts

declare(
    Retention(
        code="pathway.draft",
        what=_("Accueils commencés seul et jamais envoyés"),
        kept=_("30 jours après la dernière réponse ; ensuite, effacés"),
        due=lambda now: drafts_over(now).count(),
        apply=forget_drafts,
    )
)
declare(
    Retention(
        code="pathway.case",
        what=_("Dossiers de parcours"),
        kept=_("2 ans après le dernier contact ; ensuite, anonymisés"),
        due=lambda now: cases_over(now).count(),
        apply=anonymise_old,
    )
)
