"""What the demo declares for the home page: « Essayer comme… »."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from toile.demo.personas import personas
from toile.kernel.home import HomeSection, declared


def try_as(request: HttpRequest) -> dict[str, Any] | None:
    """The ten ways to enter, each a form; not shown outside the demo. No query."""
    return {"personas": list(personas().values())} if settings.DEMO else None


declared.sections.append(HomeSection("demo/home.html", try_as, order=90))
