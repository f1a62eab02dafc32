"""The figures that come first, on pages as in documents: those that answer « what does it weigh here? »."""

from __future__ import annotations

from typing import Final

KEYS: Final = (
    "share_of_employment",
    "share_of_private_employment",
    "jobs",
    "employer_establishments",
    "non_employer_associations",
    "location_quotient",
    "legal_units",
)
"""Codes of indicators, in their order. A page shows the first `MOST_KEYS` that its edition has."""
MOST_KEYS: Final = 5
ON_ONE_PAGE: Final = KEYS[:MOST_KEYS]
"""Those of the A4, each in its place, unknown ones included."""
IN_THE_REPORT: Final = KEYS[:6]
"""Those of the printed panorama: two lines of three."""
