"""The page « Comment ça marche »: sections generated from the declared rules; each part of the room adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Explained:
    """One section. code: its anchor. template, context: what it shows, read from the rules alone: no query."""

    code: str
    title: str | Promise
    template: str
    context: Callable[[], dict[str, Any]]
    order: int


SECTIONS: list[Explained] = []
"""A part of the room appends its own from its `urls` module."""


def sections() -> list[dict[str, Any]]:
    """The sections in order: `code`, `title`, `template` and their context."""
    return [
        {"code": one.code, "title": one.title, "template": one.template, **one.context()}
        for one in sorted(SECTIONS, key=lambda one: one.order)
    ]
