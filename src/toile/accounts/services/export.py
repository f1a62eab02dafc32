"""A copy of all that is held of a person: the same declarations as the erasure and the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.permissions import require
from toile.kernel.personal import BASES, as_told
from toile.kernel.readers import Reader
from toile.kernel.throttle import Pace, may
from toile.thread.services import record

from ..facts import DATA_EXPORTED
from ..models import Person
from ..permissions import OWN_DATA
from .erasure import someone

PACES = (Pace(5, 3600), Pace(20, 24 * 3600))


class TooManyCopies(UserError):
    """Somebody took several copies of their data within the hour."""


def export_data(reader: Reader) -> dict[str, Any]:
    """Everything held of the reader, in values that JSON takes: `held` lists each holding with its rows.

    Raises `Forbidden`, `TooManyCopies` after five in an hour.
    """
    require(reader, OWN_DATA.code, owners={reader.person} if reader.person else ())
    assert reader.person is not None
    if not may("accounts.data.export", str(reader.person), PACES):
        raise TooManyCopies(_("Vous avez déjà pris plusieurs copies : attendez une heure, puis recommencez."))
    with act(Actor.of(reader)):
        record(DATA_EXPORTED, about=[reader.person])
    return copy_of(reader.person, timezone.now())


def copy_of(person: UUID, now: datetime) -> dict[str, Any]:
    """What `export_data` gives, without asking nor noting: one call to each holding."""
    one = someone(Person.objects.get(pk=person))
    held = [
        {
            "code": holding.code,
            "what": str(holding.label),
            "purpose": str(holding.purpose),
            "basis": str(BASES[holding.basis]),
            "seen_by": str(holding.seen_by),
            "kept": str(holding.kept),
            "rows": [dict(row) for row in holding.export(one)],
        }
        for holding in as_told()
    ]
    return {"site": settings.TOILE_SITE_NAME, "made_at": now.isoformat(), "person": str(person), "held": held}
