"""The page of a structure, and the structures one represents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory.models import Organisation
from toile.directory.permissions import CORRECT, DECIDE, READ
from toile.directory.queries.page import organisation_page
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.hours import hours_fr
from toile.directory.rules.staff import staff_label
from toile.kernel.permissions import get_for, holds
from toile.territory.queries import Pin, commune_map, communes_around


def organisation(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/`: who, where, what, why it is of the ESS or not, its thread, where each field comes from.

    An organisation joined to another answers 301 to the page that shows both.
    """
    found = get_for(request.reader, Organisation.objects.select_related("main__commune"), to=READ.code, pk=pk)
    if found.canonical_id != found.pk:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    page = organisation_page(request.reader, found)
    activities = taxonomy().activities
    commune = found.main.commune if found.main else None
    context = {
        "page": page,
        "organisation": found,
        "activities": [_(activities[code].label_fr) for code in page.activities if code in activities],
        "hours": hours_fr(page.place.opening_hours) if page.place else [],
        "known": [line for line in page.provenance if line.value],
        "unknown": [line.label for line in page.provenance if not line.value],
        "staff": staff_label(found.staff_band) if found.staff_band else "",
        "reason": _(page.verdict.reason.msgid) % page.verdict.reason.values,
        "remarks": [_(remark.msgid) % remark.values for remark in page.verdict.remarks],
        "can_decide": holds(request.reader, DECIDE.code),
        "can_correct": holds(request.reader, CORRECT.code, owners=found.owners()) and request.reader.is_signed_in,
        "map": commune_map(
            None,
            communes=communes_around(commune),
            highlight={commune.code},
            pins=[Pin(1, found.main.lon, found.main.lat)] if found.main.lon is not None else (),
            map_id="y-aller",
            table=False,
            title=_("Plan : la structure est à %(commune)s") % {"commune": commune.name},
        )
        if commune
        else None,
    }
    return render(request, "directory/organisation.html", context)


def mine(request: HttpRequest) -> HttpResponse:
    """`/annuaire/mes-structures/`: those the reader represents; the only one opens at once."""
    rows = list(
        Organisation.objects.structures()
        .filter(pk__in=request.reader.organisations)
        .select_related("main__commune")
        .order_by("sort_name")
    )
    if len(rows) == 1:
        return redirect(rows[0].get_absolute_url())
    return render(request, "directory/mine.html", {"rows": [(row, BY_GLYPH[row.display_class]) for row in rows]})
