"""How much room a text takes in a drawing, and where it is cut: the reader's fonts are not known here."""

from __future__ import annotations

import textwrap

SIZE = 15
"""Every text of a chart, in units of its drawing: 12 px or more on screen in both (style.md, section 4)."""
LETTER = 0.6
"""The mean width of a letter, in its size: that of DejaVu Sans, the widest of the fonts we name."""
BOLD = 0.66
"""The same of its bold."""
LINE = 19
"""From a line to the next."""


def width_of(text: str, bold: bool = False) -> float:
    """What a text takes at most."""
    return len(text) * (BOLD if bold else LETTER) * SIZE


def cut(text: str, room: float) -> tuple[str, ...]:
    """The lines of a text that has `room` across; a word longer than that is left whole."""
    return tuple(textwrap.wrap(text, max(1, int(room / (LETTER * SIZE))), break_long_words=False)) or ("",)


def coordinate(value: float) -> str:
    """A number as SVG writes it, whatever the language: one decimal at most."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")
