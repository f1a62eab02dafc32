"""What the thread declares for the menu, the home page and the footer."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import HomeSection, NavigationLink, Verb, declared, footer_link
from toile.kernel.permissions import PUBLIC
from toile.kernel.readers import VISITOR

from .permissions import AUDIT
from .queries import territory_thread


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """The six newest public facts, the same for everybody; the band is not shown while nothing has happened."""
    entries = territory_thread(VISITOR, limit=6)
    return {"entries": entries} if entries else None


declared.navigation.append(NavigationLink(_("Le fil"), "thread:territory", order=30))
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
