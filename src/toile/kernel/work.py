"""The team's work queue: what rooms declare that somebody should treat, counted and listed on one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from .permissions import holds
from .readers import Reader

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Counted:
    """How many wait, and since when the oldest does (None: nothing waits)."""

    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to treat. key: names it. title: what it is about. since: when it began to wait. url: its own page.

    template, context: the block that treats it in place; without a template the item only leads to its page. The block
    is given the context, `item`, `next`, `csrf_token` and `number` (1 to 10, for ids that stay single); its forms post
    to the room's own addresses with `next` hidden, and those views end with `redirect(next_page(request, …))`.
    """

    key: str
    title: str
    since: datetime
    url: str
    why: str = ""
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind of work: `room.noun`, its title, the permission that treats it, and how it is counted and listed.

    counted: one statement. items: at most `most`, oldest first, in a number of statements that does not depend on it.
    more: the route of the room's own page of all of them, if it has one.
    """

    code: str
    title: Label
    permission: str
    order: int
    counted: Callable[[Reader], Counted]
    items: Callable[[Reader, int], Sequence[WorkItem]]
    more: str = ""


kinds: dict[str, WorkKind] = {}


def declare(kind: WorkKind) -> WorkKind:
    """Register a kind of work, from a room's `work.py`; a code declared twice stops the start."""
    if kind.code in kinds:
        raise ImproperlyConfigured(f"work {kind.code} is declared twice")
    kinds[kind.code] = kind
    return kind


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work and how much of it waits."""

    kind: WorkKind
    counted: Counted


def lines_for(reader: Reader) -> list[Line]:
    """The kinds that this reader may treat, in their order, each counted. One statement for each."""
    mine = [kind for kind in kinds.values() if holds(reader, kind.permission)]
    return [Line(kind, kind.counted(reader)) for kind in sorted(mine, key=lambda kind: (kind.order, kind.code))]
