"""How a figure is said: its number in its unit, with its interval; « secret statistique » and « inconnu », never 0."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from toile.kernel.figures import Figure, Status
from toile.kernel.typography import NARROW, french_bounds, french_number

DECIMALS = {"percent": 1, "ratio": 2}
"""Digits after the comma, by unit; the others are counts."""


def number(value: Decimal, unit: str) -> str:
    """« 14,1 % », « 1,34 », « 21 142 »: half rounded to even, as the tables do."""
    return f"{french_number(value, DECIMALS.get(unit, 0))}{_sign_of(unit)}"


def told(figure: Figure) -> str:
    """What stands at the end of a bar and in a table: « 56 (35 à 77) » for an estimate (domain A12)."""
    if figure.status is Status.HIDDEN:
        return _("secret statistique")
    if figure.value is None:
        return _("inconnu")
    central = number(figure.value, figure.unit)
    interval = told_interval(figure)
    return f"{central} ({interval})" if interval else central


def told_interval(figure: Figure) -> str:
    """« 35 à 77 », empty for what is not an estimate, or whose bounds meet."""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    low, high = french_bounds(figure.low, figure.high, DECIMALS.get(figure.unit, 0))
    return _("%(low)s à %(high)s") % {"low": low, "high": f"{high}{_sign_of(figure.unit)}"}


def _sign_of(unit: str) -> str:
    return f"{NARROW}%" if unit == "percent" else ""
