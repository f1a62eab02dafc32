"""What rooms add beside every list (keeping the search, say): a template, and the function that fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from .declaring import ListPage


@dataclass(frozen=True, slots=True)
class Beside:
    """A block beside each list of the site.

    context: (request, list, what is asked in words) → what fills the template, or None: not shown.
    """

    template: str
    context: Callable[[HttpRequest, ListPage[Any], str], dict[str, Any] | None]
    order: int


declared: list[Beside] = []


def beside(request: HttpRequest, page: ListPage[Any], words: str) -> list[dict[str, Any]]:
    """The blocks of this list for this reader, in order: `template` and `filled`, as the home page's sections."""
    shown = []
    for block in sorted(declared, key=lambda block: block.order):
        filled = block.context(request, page, words)
        if filled is not None:
            shown.append({"template": block.template, "filled": filled})
    return shown
