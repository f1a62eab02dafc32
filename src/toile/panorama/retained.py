"""How long the observatory keeps files that serve nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from toile.kernel.acts import Actor
from toile.kernel.retention import Retention, declare
from toile.panorama.services.outputs import forget_fragments
from toile.panorama.services.sources import forget_unused, unused_sources

KEPT: Final = timedelta(days=60)


def _due(now: datetime) -> int:
    return unused_sources(now - KEPT).count()


def _forget(actor: Actor, now: datetime) -> int:
    done = forget_unused(actor, now - KEPT)
    forget_fragments(actor)
    return done


declare(
    Retention(
        code="panorama.sources",
        what=_("Fichiers reçus pour le panorama, sur lesquels aucune édition ne repose"),
        kept=_("60 jours après leur réception"),
        due=_due,
        apply=_forget,
    )
)
