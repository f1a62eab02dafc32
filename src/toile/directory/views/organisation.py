"""The page of a structure, its QR code, and the structures one represents."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.accounts.qr import qr_code, qr_drawing
from toile.directory.forms_page import ContactForm, ReportForm
from toile.directory.models import Establishment, Organisation
from toile.directory.models.organisations import Openness
from toile.directory.permissions import CORRECT, DECIDE, JUDGE, MEMBERS_READ, NEWS_WRITE, PREFER, READ
from toile.directory.queries.members import asked_by
from toile.directory.queries.news_pages import latest_of
from toile.directory.queries.page import OrganisationPage, organisation_page
from toile.directory.queries.photos import photos_of
from toile.directory.rules.accessibility import accessibility_fr
from toile.directory.rules.activities import taxonomy
from toile.directory.rules.display import BY_GLYPH
from toile.directory.rules.hours import hours_fr, lines_of, now_fr, week_of
from toile.directory.rules.staff import staff_label
from toile.directory.rules.structured_data import Known, structured_data
from toile.kernel.json_ld import in_script
from toile.kernel.permissions import holds
from toile.kernel.readers import Reader
from toile.territory.queries import Pin, commune_map, communes_around
from toile.thread.follow_block import follow_block

from .structures import moved_to, structure_of

ROUTE_TO = "https://www.openstreetmap.org/directions?to={1:.5f}%2C{0:.5f}"
"""A link, followed by who wishes: nothing of another site is in the page."""


def organisation(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/`: who, where, what, why it is of the ESS or not, its thread, where each field comes from.

    An organisation joined to another answers 301 to the page that shows both.
    """
    found = structure_of(request, pk, to=READ.code)
    if moved := moved_to(request, found):
        return moved
    page = organisation_page(request.reader, found)
    activities = taxonomy().activities
    url = request.build_absolute_uri(found.get_absolute_url())
    is_public = found.openness == Openness.PUBLIC
    photos = photos_of(found.pk)
    image = request.build_absolute_uri(photos[0].picture.url()) if photos else ""
    context = {
        "page": page,
        "organisation": found,
        "news": latest_of(request.reader, found.pk),
        "photos": photos,
        "follow": follow_block(request, found.pk, [other.pk for other in page.joined]),
        "activities": [_(activities[code].label_fr) for code in page.activities if code in activities],
        "known": [line for line in page.provenance if line.value],
        "unknown": [line.label for line in page.provenance if not line.value],
        "staff": staff_label(found.staff_band) if found.staff_band else "",
        "reason": _(page.verdict.reason.msgid) % page.verdict.reason.values,
        "remarks": [_(remark.msgid) % remark.values for remark in page.verdict.remarks],
        "today": timezone.localdate(),
        "map": _map(page),
        "route": ROUTE_TO.format(*page.point) if page.point else "",
        "url": url,
        "is_public": is_public,
        "json_ld": in_script(json.dumps(_structured(page, url, image), ensure_ascii=False)) if is_public else "",
        "qr": qr_drawing(url, _("Code QR de cette page")),
        "mail": f"mailto:?subject={quote(found.name)}&body={quote(url)}",
        "contact_form": ContactForm(auto_id="ecrire-%s"),
        "report_form": ReportForm(auto_id="signaler-%s"),
        **_practical(page.place),
        **_rights(request.reader, found),
    }
    return render(request, "directory/organisation.html", context)


def qr(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/qr.svg`: the code that leads to the page, to show at the entrance."""
    found = structure_of(request, pk, to=READ.code)
    url = request.build_absolute_uri(found.get_absolute_url())
    return HttpResponse(qr_code(url), content_type="image/svg+xml")


def mine(request: HttpRequest) -> HttpResponse:
    """`/annuaire/mes-structures/`: those the reader represents, what they asked; a structure alone opens at once."""
    rows = list(
        Organisation.objects.structures()
        .filter(pk__in=request.reader.organisations)
        .select_related("main__commune")
        .order_by("sort_name")
    )
    asked = asked_by(request.reader)
    if len(rows) == 1 and not asked.claims and not asked.invitations:
        return redirect(rows[0].get_absolute_url())
    shown = [(row, BY_GLYPH[row.display_class]) for row in rows]
    return render(request, "directory/mine.html", {"rows": shown, "asked": asked})


def _rights(reader: Reader, found: Organisation) -> dict[str, bool]:
    def may(code: str) -> bool:
        return reader.is_signed_in and holds(reader, code, owners=found.owners())

    return {
        "can_decide": may(DECIDE.code),
        "can_correct": may(CORRECT.code),
        "can_prefer": may(PREFER.code),
        "can_tell": may(NEWS_WRITE.code),
        "can_judge": may(JUDGE.code),
        "can_see_members": may(MEMBERS_READ.code),
    }


def _practical(place: Establishment | None) -> dict[str, Any]:
    """Hours laid out by day where they can be, as they are written otherwise; what is known of the accessibility."""
    written = place.opening_hours if place else ""
    week = week_of(written)
    at = timezone.localtime()
    return {
        "hours": [] if week else hours_fr(written),
        "week": [(line, at.weekday() in line.days) for line in lines_of(week)] if week else [],
        "hours_remarks": week.remarks if week else (),
        "now": now_fr(week, at) if week else None,
        "accessibility": accessibility_fr(place.accessibility) if place else [],
    }


def _map(page: OrganisationPage) -> Any:
    commune = page.place.commune if page.place else None
    if commune is None:
        return None
    return commune_map(
        None,
        communes=communes_around(commune),
        highlight={commune.code},
        pins=[Pin(1, *page.point)] if page.point else (),
        map_id="y-aller",
        table=False,
        title=_("Plan : la structure est à %(commune)s") % {"commune": commune.name},
    )


def _structured(page: OrganisationPage, url: str, image: str) -> dict[str, Any]:
    found, place = page.organisation, page.place
    town = (place.commune.name if place.commune else place.city) if place else ""
    return structured_data(
        Known(
            url=url,
            name=found.name,
            legal_name=found.legal_name,
            acronym=found.acronym,
            description=found.description,
            website=found.website,
            image=image,
            siren=found.siren or "",
            shown_as=found.display_class,
            created_on=found.created_on,
            street=place.address if place else "",
            postal_code=place.postal_code if place else "",
            town=town,
            point=page.point,
            week=week_of(place.opening_hours) if place else None,
            is_invented=found.is_fictional,
        )
    )
