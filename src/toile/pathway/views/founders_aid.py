"""What ARCE and ACRE come to, and the days of a CAPE: a public calculation of which nothing is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toile.kernel.errors import UserError
from toile.pathway.forms.founders_aid import FoundersAidForm
from toile.pathway.rules.founders_aid import acre, arce
from toile.pathway.rules.legal_dates import Period, cape_limit, membership_deadline, membership_source
from toile.pathway.rules.takeover_law import CERTAINTY_WORDS
from toile.pathway.views.cases import TRAIL


@require_safe
def founders_aid(request: HttpRequest) -> HttpResponse:
    """`/parcours/aides/`: from the days and the daily allowance left, from the income expected."""
    form = FoundersAidForm(request.GET or None, initial={"start": timezone.localdate()})
    found: dict[str, Any] = {"certainty": CERTAINTY_WORDS["secondary"], "arce": None, "acre": None} | _cape(
        None, None, None
    )
    if form.is_bound and form.is_valid():
        said, start = form.cleaned_data, form.cleaned_data["start"] or timezone.localdate()
        try:
            if said["days"] is not None and said["daily"] is not None:
                found["arce"] = arce(int(said["days"]), said["daily"], start)
            if said["income"] is not None:
                found["acre"] = acre(said["income"], start)
        except UserError as refused:
            form.add_error("start", refused.message)
        try:
            found |= _cape(said["cape_first"], said["cape_last"], said["cesa"])
        except UserError as refused:
            form.add_error("cape_last", refused.message)
    return render(request, "pathway/stages/founders_aid.html", {"form": form, "trail": TRAIL} | found)


def _cape(first: date | None, last: date | None, cesa: date | None) -> dict[str, Any]:
    """The limit of a CAPE, and the last day to become a member, from what is said."""
    capes = [Period(first, last)] if first and last else []
    return {
        "cape_limit": cape_limit(first) if first else None,
        "member_by": membership_deadline(cesa, capes) if cesa else None,
        "member_source": membership_source(),
    }
