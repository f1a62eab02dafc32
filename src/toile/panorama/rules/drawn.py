"""What an edition is drawn as: the key of each drawing, and the page that shows it, in the order it shows them."""

from __future__ import annotations

from typing import Final

MAPS: Final = ("communes-map", "communes-counts-map")
"""By commune: the share of employment, the employer establishments."""
DETAIL: Final = (
    "families",
    "families-jobs",
    "sectors",
    "sectors-jobs",
    "sizes",
    "staffed",
    "communes-bars",
    "series",
    "series-jobs",
    "families-series",
    "movements",
    "survival",
)
"""On the page of an edition, after its maps."""
COMPARISON: Final = ("comparison", "comparison-private", "comparison-quotient")
"""On the page that sets territories side by side."""
CONTRIBUTION: Final = ("contribution-employment", "contribution-cohesion", "contribution-attractiveness")
"""On the page of the contribution: one for a heading of contribution.toml at most, `contribution-<its code>`."""

BASE: Final = "@edition/"
"""How the links of a drawing begin: two editions alike share it, so the page says whose it is (`linked`)."""


def of_commune(code: str) -> str:
    """The key of a commune's drawing: its families."""
    return f"commune-{code}-families"


def linked(body: str, base: str) -> str:
    """A drawing with its links in place. base: the address of the edition's page, absolute in another site's page."""
    return body.replace(f'"{BASE}', f'"{base}')
