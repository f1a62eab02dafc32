"""One message about one kept search: what is new in it for its person, written as text first, and sent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from toile.kernel.acts import Actor
from toile.kernel.lists import lists
from toile.kernel.readers import reader_of

from . import queries, searches, services
from .delivery import Address, Refused, address_of, send
from .models import SavedSearch

logger = logging.getLogger(__name__)

MOST_TOLD = 50
MOST_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One new thing, on one line each: its name, its full address, a sentence."""

    title: str
    url: str
    summary: str


def tell(actor: Actor, pk: UUID, cadence: str, until: datetime) -> bool:
    """Write to the person of this search if something is new, and note it as told; whether a message left.

    What is new is what the person may see now, from `told_until` to `until`. Nothing new, or nobody to write to: no
    message, and it is noted all the same. What is refused for this message alone is left untold, for the next time.
    """
    search = queries.due_search(pk, cadence, until)
    if search is None:
        return False
    address = address_of(search.person)
    try:
        told = _new_things(search, until) if address else []
    except DatabaseError:
        raise
    except Exception:
        # One search that breaks must not silence the others.
        logger.exception("kept search %s could not be read", pk)
        return False
    if told and address:
        try:
            send(message(search, address, told, until))
        except Refused as refused:
            logger.warning("the message of kept search %s was refused: %s", pk, refused)
            return False
    services.note_told(actor, search, until)
    return bool(told)


def _new_things(search: SavedSearch, until: datetime) -> list[Told]:
    """At most 51, the latest first: one more than is told says that there are others."""
    page = searches.page_of(search)
    if page is None:
        return []
    asked = searches.asked(page, search.query)
    rows = page.newer(reader_of(search.person), asked, search.told_until, until, MOST_TOLD + 1)
    return [
        Told(searches.one_line(entry.title), full_address(entry.url), searches.one_line(entry.summary)[:MOST_SUMMARY])
        for entry in map(page.entry, rows)
    ]


def full_address(path: str) -> str:
    """An address of the site as a message must write it: nobody's request is at hand to say where the site is."""
    return urljoin(settings.TOILE_URL, path)


def message(search: SavedSearch, address: Address, told: Sequence[Told], until: datetime) -> EmailMultiAlternatives:
    """The message: text, simple HTML, nothing that watches the reader, one click to stop (RFC 2369, RFC 8058).

    Its Message-ID is made of the search and the moment: sent twice, it is the same message (RFC 5322, §3.6.4).
    """
    stop = full_address(reverse("thread:search_stop", args=[search.stop]))
    more, told = len(told) > MOST_TOLD, told[:MOST_TOLD]
    heading = (
        _("Plus de %(count)s nouveautés")
        if more
        else ngettext("%(count)s nouveauté", "%(count)s nouveautés", len(told))
    ) % {"count": len(told)}
    context = {
        "heading": heading,
        "search": search,
        "told": told,
        "more": more,
        "name": address.name,
        "site_name": settings.TOILE_SITE_NAME,
        "all_url": full_address(searches.address(lists[search.list], search.query)),
        "mine_url": full_address(reverse("thread:searches")),
        "stop_url": stop,
    }
    host = urlsplit(settings.TOILE_URL).hostname or "localhost"
    composed = EmailMultiAlternatives(
        subject=f"{heading} : {searches.one_line(search.name)}",
        body=render_to_string("thread/digest.txt", context),
        to=[address.email],
        headers={
            "Message-ID": f"<{search.pk.hex}.{int(until.timestamp())}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    composed.attach_alternative(render_to_string("thread/digest.html", context), "text/html")
    return composed
