"""The tabs of a case's pages: each part of the room adds its own, in one declared order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader
from toile.pathway.models import Case
from toile.pathway.queries.cases import works_here

Open = Callable[[Reader, Case], bool]


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a case. route: takes the case's pk. open_to: who finds it; the door's people by default."""

    label: str | Promise
    route: str
    order: int
    open_to: Open = works_here


TABS: list[Tab] = [Tab(_("Vue d’ensemble"), "pathway:case", 0, lambda reader, case: True)]
"""A part of the room appends its own from its `urls` module."""


def tabs_of(reader: Reader, case: Case, current: str) -> list[dict[str, object]]:
    """The tabs of this case for this reader: `label`, `url`, `current`."""
    shown = [tab for tab in sorted(TABS, key=lambda tab: tab.order) if tab.open_to(reader, case)]
    return [
        {"label": tab.label, "url": reverse(tab.route, args=[case.pk]), "current": tab.route == current}
        for tab in shown
    ]
