"""Dates, numbers, addresses of sites and staff bands, read from what any source may have written."""

from __future__ import annotations

import math
import re
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

FIRST_YEAR: Final = 1901
LAST_YEAR: Final = 2200
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})|^(\d{1,2})/(\d{1,2})/(\d{4})")
_BAND = re.compile(r"^(NN|\d{1,2})(?:\.0)?$")

_FAMILIES: Final = MappingProxyType(
    {
        "association": "association",
        "cooperative": "cooperative",
        "coopérative": "cooperative",
        "mutuelle": "mutuelle",
        "fondation": "fondation",
        "societe_commerciale_ess": "societe_commerciale_ess",
    }
)
_ACTIVE = MappingProxyType({"A": "active", "C": "ceased", "F": "ceased", "TRUE": "active", "FALSE": "ceased"})


def a_date(text: Any) -> date | None:
    """`2021-03-01…` or `01/03/2021`; anything else, 1900-01-01 included (SIRENE's « unknown »), is None."""
    return _date_in(str(text).strip()[:10]) if text else None


@lru_cache(maxsize=16_384)
def _date_in(text: str) -> date | None:
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day, d, m, y = found.groups()
    try:
        read = date(int(year), int(month), int(day)) if year else date(int(y), int(m), int(d))
    except ValueError:
        return None
    return None if read.year <= 1900 else read


def a_number(text: Any) -> float | None:
    """A decimal number, with a point or a comma; None when it is not one, nor finite."""
    try:
        read = float(str(text).strip().replace(",", "."))
    except ValueError:
        return None
    return read if math.isfinite(read) else None


def a_year(text: Any) -> int | None:
    """A year, written `2023` or `2023.0`; None for anything else."""
    read = a_number(text)
    return int(read) if read is not None and FIRST_YEAR <= read <= LAST_YEAR else None


def a_website(text: Any) -> str | None:
    """An http(s) address, completed when a person wrote it without its scheme; None when it is not one."""
    written = str(text or "").strip()
    if not written or " " in written or "." not in written or "@" in written or len(written) > 290:
        return None
    if not written.lower().startswith(("http://", "https://")):
        return None if "://" in written else f"https://{written}"
    return written


def a_band(text: Any) -> str | None:
    """A code of « tranche d’effectif »; `1.0` is `01`; `NN` and empty are not said."""
    return _band_in(str(text).strip()[:6]) if text else None


@lru_cache(maxsize=256)
def _band_in(text: str) -> str | None:
    found = _BAND.match(text)
    return None if not found or found.group(1) == "NN" else found.group(1).zfill(2)


def a_stage(text: Any) -> str | None:
    """The stage of life that a register writes `A`, `C`, `F`, or a list `True`, `False`; None for anything else."""
    return _ACTIVE.get(str(text or "").strip().upper())


def a_family(text: Any) -> str | None:
    """The ESS family that a list names; None for anything else."""
    return _FAMILIES.get(str(text or "").strip())
