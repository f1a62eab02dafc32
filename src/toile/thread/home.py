"""What the thread declares for the home page and the footer."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import HomeSection, declared, footer_link

from .queries import territory_thread


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """The six newest facts; the band is not shown while nothing has happened."""
    entries = territory_thread(request.reader, limit=6)
    return {"entries": entries} if entries else None


declared.sections.append(HomeSection("thread/home.html", latest, order=60))
footer_link(_("Le territoire"), _("Le fil du territoire"), "thread:territory")
