"""What the parts of the room show on a case's first page: one block each, in one declared order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toile.kernel.readers import Reader
from toile.pathway.models import Case


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and the function that fills it; None: not shown. aside: in the margin, else in the main column."""

    template: str
    context: Callable[[Reader, Case], dict[str, Any] | None]
    order: int
    aside: bool = False


PANELS: list[Panel] = []
"""A part of the room appends its own from its `urls` module."""


def panels_of(reader: Reader, case: Case) -> dict[str, list[dict[str, Any]]]:
    """The blocks of this case for this reader: `main` and `aside`, each with `template` and its context."""
    found: dict[str, list[dict[str, Any]]] = {"main": [], "aside": []}
    for panel in sorted(PANELS, key=lambda panel: panel.order):
        context = panel.context(reader, case)
        if context is not None:
            found["aside" if panel.aside else "main"].append({"template": panel.template, **context})
    return found
