"""What the panorama declares for the shared pages: its entry of the menu, and its band on the home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import HomeSection, NavigationLink, declared, footer_link
from toile.panorama import home_workbench  # noqa: F401 -- declared with the rest
from toile.panorama.queries.editions import in_force
from toile.panorama.queries.pages import headline_of
from toile.panorama.views.shown import keys_of

MOST_KEYS = 4


def figures(request: HttpRequest) -> dict[str, Any] | None:
    """The key figures of the edition in force; not shown before the first. 2 statements."""
    edition = in_force()
    if edition is None:
        return None
    keys = keys_of(headline_of(edition))[:MOST_KEYS]
    return {"edition": edition, "keys": keys} if keys else None


declared.navigation.append(NavigationLink(_("Panorama"), "panorama:home", order=18))
declared.sections.append(HomeSection("panorama/public/home_band.html", figures, order=35))
footer_link(_("Le territoire"), _("Le panorama"), "panorama:home")
footer_link(_("Le territoire"), _("Les chiffres publiés par d’autres"), "panorama:published")
