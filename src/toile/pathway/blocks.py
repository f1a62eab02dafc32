"""What the parts of the room show on its front page: templates without context, in one declared order."""

from __future__ import annotations

BLOCKS: list[tuple[int, str]] = []
"""(order, template); a part of the room appends its own from its `urls` module."""


def blocks() -> list[str]:
    """The templates, in order."""
    return [template for _order, template in sorted(BLOCKS)]
