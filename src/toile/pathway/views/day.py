"""An adviser's day: what needs them, the first due first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.pathway.queries.day import SECTIONS, day_of
from toile.pathway.queries.day_parts import NOTHING
from toile.pathway.views.cases import TRAIL

FILES = {
    "receive": (_("À recevoir"), "?etat=sent"),
    "late": (_("La date de la suite est passée"), "?suite=late"),
    "soon": (_("Dans les sept jours"), "?suite=soon"),
    "gate": (_("Étapes à franchir"), ""),
    "none": (_("Sans suite"), "?suite=none"),
    "orphan": (_("Suivis par quelqu’un qui est parti"), ""),
}
REFERRALS = {
    "question": _("Un partenaire pose une question"),
    "late": _("Sans réponse, le délai est passé"),
    "meeting": _("Rendez-vous chez un partenaire"),
    "waiting": _("En attente d’une réponse"),
}


def day(request: HttpRequest) -> HttpResponse:
    """`/parcours/ma-journee/`: calls, files, requests to partners, gates, meetings."""
    today = timezone.localdate()
    found = day_of(request.reader, today)
    context = {
        "day": found,
        "today": today,
        "files": [(code, *FILES[code], found.files[code]) for code in SECTIONS if found.files.get(code, NOTHING).count],
        "referrals": [
            (code, title, found.referrals[code]) for code, title in REFERRALS.items() if code in found.referrals
        ],
        "trail": TRAIL,
    }
    return render(request, "pathway/planning/day.html", context)
