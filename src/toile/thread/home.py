"""What the thread declares for the menu, the home page, the footer and beside every list."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from toile.kernel.home import HomeSection, NavigationLink, Verb, Waiting, declared, footer_link
from toile.kernel.lists import ListPage
from toile.kernel.lists.beside import Beside
from toile.kernel.lists.beside import declared as beside_lists
from toile.kernel.permissions import PUBLIC
from toile.kernel.readers import VISITOR, Reader

from .models import Cadence
from .notices import MOST_COUNTED, count_unread
from .permissions import AUDIT
from .queries import territory_thread
from .searches import TooLong, address, normalised, suggested_name


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """The six newest public facts, the same for everybody; the band is not shown while nothing has happened."""
    entries = territory_thread(VISITOR, limit=6)
    return {"entries": entries} if entries else None


def keeping(request: HttpRequest, page: ListPage[Any], words: str) -> dict[str, Any] | None:
    """« Garder cette recherche » beside a list, or how to sign in for it; nothing where the search is too long."""
    try:
        query = normalised(page, request.GET)
    except TooLong:
        return None
    offered = {"feed": address(page, query, ".atom"), "list": ""}
    if not request.reader.is_signed_in:
        next_page = urlencode({"next": request.get_full_path()})
        return offered | {"login": f"{resolve_url(settings.LOGIN_URL)}?{next_page}"}
    name = suggested_name(page, words)
    return offered | {"list": page.code, "query": query, "name": name, "cadences": Cadence.choices}


def unread(reader: Reader) -> Sequence[Waiting]:
    """The notices to read, as one line. 1 statement."""
    count = count_unread(reader)
    if not count:
        return []
    if count > MOST_COUNTED:
        sentence = _("Plus de %(n)s avis à lire") % {"n": MOST_COUNTED}
    else:
        sentence = ngettext("%(n)s avis à lire", "%(n)s avis à lire", count) % {"n": count}
    return [Waiting(sentence, reverse("thread:notices"), count)]


declared.waiting.append(unread)
beside_lists.append(Beside("thread/search_keep.html", keeping, order=50))
declared.navigation.append(NavigationLink(_("Le fil"), "thread:territory", order=30))
declared.person_menu.append(NavigationLink(_("Avis"), "thread:notices", order=6))
declared.person_menu.append(NavigationLink(_("Mes recherches"), "thread:searches", order=15))
declared.person_menu.append(NavigationLink(_("Webhooks"), "thread:webhooks", order=82))
declared.person_menu.append(NavigationLink(_("Journal d’audit"), "thread:audit", order=81))
declared.sections.append(HomeSection("thread/home.html", latest, order=60))
declared.verbs += [
    Verb(
        _("Lire le journal d’audit"),
        lambda reader: reverse("thread:audit"),
        _("Qui a écrit quoi, quand, par quelle voie."),
        AUDIT.code,
        25,
        "promote",
    ),
    Verb(
        _("Lire le fil du territoire"),
        lambda reader: reverse("thread:territory"),
        _("Ce qui arrive aux structures d’ici."),
        PUBLIC.code,
        70,
        "promote",
    ),
]
footer_link(_("Le territoire"), _("Le fil du territoire"), "thread:territory")
