"""What the follow-up tells everybody: how its scores are made, and what the law gives a firm in difficulty."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.pathway.explaining import Explained
from toile.pathway.rules.checkin import checkin
from toile.pathway.rules.collective import helps, last_day_to_declare, note, open_procedures
from toile.pathway.rules.outcome import limits
from toile.pathway.rules.signals import weights
from toile.pathway.views.cases import TRAIL


def signals() -> dict[str, Any]:
    """The scale, its bands and the check-in, as the rules hold them."""
    scale = weights()
    sides = {
        side: [
            (family, [level for level in family.levels if level.side == side])
            for family in scale.families.values()
            if any(level.side == side for level in family.levels)
        ]
        for side in ("risk", "potential")
    }
    bands = [band for band in scale.bands if band.side == "risk"]
    return {"scale": scale, "sides": sides, "bands": bands, "checkin": checkin(), "limits": limits()}


OURS: Final = [
    Explained("signaux", _("Le suivi et ses signaux"), "pathway/followup/explained.html", signals, 50),
]


def difficulties(request: HttpRequest) -> HttpResponse:
    """`/parcours/difficultes/`: whom to turn to, and what may be asked for since a day; nothing is kept."""
    since = _day(request.GET.get("depuis", ""))
    today = timezone.localdate()
    procedures = open_procedures(since, today)
    context = {
        "since": since,
        "typed": request.GET.get("depuis", "")[:10],
        "last_day": last_day_to_declare(since) if since else None,
        "is_late": since is not None and last_day_to_declare(since) < today,
        "may": [one for one in procedures if one.may],
        "may_not": [one for one in procedures if not one.may],
        "helps": helps(),
        "note": note(),
        "trail": TRAIL,
    }
    return render(request, "pathway/followup/difficulties.html", context)


def _day(words: str) -> date | None:
    """A day that has come, None for anything else: the form says what it takes."""
    try:
        found = date.fromisoformat(words[:10])
    except ValueError:
        return None
    return found if found <= timezone.localdate() else None
