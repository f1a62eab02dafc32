"""What a drawing is painted with: colours named by their tokens, patterns by what they mean, resolved for one medium.

A drawing is written once with `var(--f1)` and `url(#association)`. A page keeps the tokens, since its sheet knows them
in light, in dark and on paper; a file has no sheet and takes their values. Patterns are defined in each drawing, under
names of its own: several drawings share a page.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from toile.kernel.style import FOLDER, sheet, tokens
from toile.kernel.templatetags.toile import FAMILIES


class Target(StrEnum):
    """Where a drawing is shown: in a page of the site, or in a file."""

    WEB = "web"
    LIGHT = "light"
    DARK = "dark"
    PRINT = "print"


SPRITE = FOLDER.parents[1] / "templates" / "kernel" / "icons.html"
_TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")
_PATTERN = re.compile(r"url\(#([a-z]+)\)")
_OPENING = re.compile(r"<svg\b[^>]*>")
_PAPER = re.compile(r"@media print\{\s*:root\{([^}]*)\}")
_DECLARED = re.compile(r"--([a-z0-9-]+):([^;]+)")
_SYMBOL = re.compile(r'<symbol id="g-([a-z]+)" viewBox="0 0 5 5"><path d="([^"]+)"')

HATCHES = {
    "inconnu": '<path d="M-2 8L8-2M4 14L14 4" stroke="var(--edge)" stroke-width="1.5"/>',
    "secret": '<path d="M0 0L12 12M12 0L0 12" stroke="var(--edge)" stroke-width="1.5"/>',
}
"""What is not told: slanted threads when unknown, crossed when a rule hides it."""


@cache
def glyphs() -> dict[str, str]:
    """The path of each family's glyph on five squares by five, from the site's sprite."""
    return dict(_SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@cache
def values(target: Target) -> dict[str, str]:
    """Each token and its value in a file: on paper the sheet's own block prevails."""
    held = dict(tokens(dark=target is Target.DARK))
    if target is Target.PRINT:
        found = _PAPER.search(sheet())
        assert found is not None, "the sheet has lost its block for paper"
        held |= dict(_DECLARED.findall(found[1]))
    # A file is drawn where the reader's fonts are not: the last name is one that every server has.
    held["text"] = held["text"].replace('"', "'").replace(",sans-serif", ",'DejaVu Sans',sans-serif")
    return held


def definition(name: str, prefix: str) -> str:
    """One pattern: a family's colour under its glyph, or the hatching of what is not told. KeyError for no such."""
    if name in HATCHES:
        inside, side = f'<path d="M0 0H12V12H0z" fill="var(--sheet)"/>{HATCHES[name]}', 12
    else:
        inside, side = (
            (
                f'<path d="M0 0H18V18H0z" fill="{colour(name)}"/><path transform="translate(1.5 1.5) '
                f'scale(3)" d="{glyphs()[name]}" fill="var(--sheet)" fill-opacity=".42"/>'
            ),
            18,
        )
    return (
        f'<pattern id="{prefix}-{name}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">{inside}</pattern>'
    )


def colour(family: str) -> str:
    """The token of a family."""
    token = f"f{FAMILIES[family]}"
    return f"var(--{token})"


def finished(svg: str, target: Target | str, prefix: str) -> str:
    """A drawing ready for a medium: the patterns it uses defined under `prefix`, colours as values in a file.

    Raises KeyError for a pattern or a token that does not exist: nothing is left to vanish silently.
    """
    used = sorted(set(_PATTERN.findall(svg)))
    if used:
        defined = "".join(definition(name, prefix) for name in used)
        svg = _PATTERN.sub(rf"url(#{prefix}-\1)", svg)
        svg = _OPENING.sub(lambda opening: f"{opening[0]}<defs>{defined}</defs>", svg, count=1)
    if Target(target) is Target.WEB:
        return svg
    held = values(Target(target))
    return _TOKEN.sub(lambda token: held[token[1]], svg)
