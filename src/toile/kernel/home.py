"""What rooms declare for the shared pages: navigation, home sections, verbs, « ce qui m’attend », footer lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .permissions import holds, table
from .readers import VISITOR, Reader
from .typography import french_number
from .work import lines_for


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """One entry of the main menu or the person's; shown to readers who hold its route's permission."""

    label: str | Promise
    route: str
    order: int


@dataclass(frozen=True, slots=True)
class HomeSection:
    """A band of the home page: a template and the function that fills it. `context` may return None: not shown."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int


@dataclass(frozen=True, slots=True)
class Verb:
    """An act offered on the signed-in home: « Importer un tableur »; the three first that the reader may do show."""

    label: str | Promise
    url: Callable[[Reader], str | None]
    explanation: str | Promise
    permission: str
    order: int
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for this reader, in « ce qui m’attend »."""

    sentence: str
    url: str
    count: int | None = None
    since: Any = None


@dataclass(slots=True)
class Declared:
    """All that rooms declared, in the order they ask for."""

    navigation: list[NavigationLink] = field(default_factory=list)
    person_menu: list[NavigationLink] = field(default_factory=list)
    sections: list[HomeSection] = field(default_factory=list)
    verbs: list[Verb] = field(default_factory=list)
    waiting: list[Callable[[Reader], Sequence[Waiting]]] = field(default_factory=list)
    footer: dict[str | Promise, list[tuple[str | Promise, Callable[[], str]]]] = field(default_factory=dict)


declared = Declared()


def footer_link(column: str | Promise, label: str | Promise, route: str) -> None:
    """Add a link to a column of the footer."""
    declared.footer.setdefault(column, []).append((label, lambda: reverse(route)))


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The main menu: `label`, `url`, `current`."""
    return _open_links(request, declared.navigation)


def person_menu_for(request: HttpRequest) -> list[dict[str, Any]]:
    """What rooms add to the menu under the reader's name: the same."""
    return _open_links(request, declared.person_menu)


def _open_links(request: HttpRequest, links: Sequence[NavigationLink]) -> list[dict[str, Any]]:
    entries = []
    reader = getattr(request, "reader", VISITOR)
    for link in sorted(links, key=lambda link: link.order):
        if not holds(reader, table.routes[link.route].permission):
            continue
        url = reverse(link.route)
        entries.append({"label": link.label, "url": url, "current": request.path.startswith(url)})
    return entries


def verbs_for(reader: Reader, most: int = 3) -> list[dict[str, Any]]:
    """The first `most` verbs that this reader may do, in their declared order."""
    offered = []
    for verb in sorted(declared.verbs, key=lambda verb: verb.order):
        if holds(reader, verb.permission):
            url = verb.url(reader)
            if url is not None:
                offered.append({"label": verb.label, "url": url, "explanation": verb.explanation, "axis": verb.axis})
    return offered[:most]


def waiting_for(reader: Reader, most: int = 20) -> list[Waiting]:
    """What waits for this reader, from every room (each room bounds its own)."""
    return [item for room in declared.waiting for item in room(reader)][:most]


MOST_KINDS = 5
"""Kinds of work named on the home page; the others are one line, that leads to all of them."""


def work_waiting(reader: Reader) -> list[Waiting]:
    """How much of each kind of work waits for this reader, five kinds at most, then all that is left as one.

    One statement for each kind that they may treat.
    """
    lines = [line for line in lines_for(reader) if line.counted.count]
    named, left = (lines, []) if len(lines) <= MOST_KINDS + 1 else (lines[:MOST_KINDS], lines[MOST_KINDS:])
    queue = reverse("kernel:work")
    waiting = [
        Waiting(
            gettext("%(what)s : %(n)s") % {"what": line.kind.title, "n": french_number(line.counted.count)},
            f"{queue}?quoi={line.kind.code}",
            line.counted.count,
            line.counted.oldest,
        )
        for line in named
    ]
    if left:
        count = sum(line.counted.count for line in left)
        sentence = gettext("Tout ce qui est à traiter, dont %(n)s autres") % {"n": french_number(count)}
        oldest = min((line.counted.oldest for line in left if line.counted.oldest), default=None)
        waiting.append(Waiting(sentence, queue, count, oldest))
    return waiting


declared.waiting.append(work_waiting)
declared.person_menu.append(NavigationLink(_("À traiter"), "kernel:work", order=5))
declared.person_menu.append(NavigationLink(_("Travaux"), "kernel:jobs", order=80))
declared.person_menu.append(NavigationLink(_("Durées de conservation"), "kernel:retention", order=85))
