"""The style sheet read as data: its tokens in light and in dark, and the forced dark sheet built from it.

`python -m toile.kernel.style` writes `dark.css` again after a change of the dark tokens.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "toile"
_DARK = re.compile(r":root:not\(\[data-theme=light\]\)\{(.*?)\n\}\}", re.DOTALL)
_LIGHT = re.compile(r":root\{(.*?)\n\}", re.DOTALL)
_TOKEN = re.compile(r"--([a-z0-9-]+):((?:\"[^\"]*\"|[^;\"])+);?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def sheet() -> str:
    """The text of the site's style sheet."""
    return (FOLDER / "toile.css").read_text(encoding="utf-8")


def _declared(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in _TOKEN.findall(_COMMENT.sub("", block))}


@cache
def tokens(dark: bool = False) -> dict[str, str]:
    """Each token and its final value in one theme; a token given as another's value is followed (`var(--ink)`)."""
    values = _declared(_LIGHT.search(sheet())[1])  # type: ignore[index]
    if dark:
        values |= _declared(_DARK.search(sheet())[1])  # type: ignore[index]

    def final(value: str) -> str:
        return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: final(values[found[1]]), value)

    return {name: final(value) for name, value in values.items()}


def dark_sheet() -> str:
    """The dark block without its media query, for a reader who chose dark whatever the system says."""
    block = _DARK.search(sheet())[1]  # type: ignore[index]
    heading = "/* Tiré de toile.css par toile.kernel.style : ne pas modifier ici. */"
    return heading + "\n@media screen{:root[data-theme=dark]{" + block + "\n}}\n"


if __name__ == "__main__":
    (FOLDER / "dark.css").write_text(dark_sheet(), encoding="utf-8")
