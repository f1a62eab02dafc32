"""French typography as pure functions: numbers, dates and plurals as the interface writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
FIRST = "1ᵉʳ"

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def french_number(value: Decimal | float | str, decimals: int | None = None) -> str:
    """A number with narrow no-break spaces between thousands and a decimal comma (21142 -> « 21 142 »).

    decimals: digits after the comma, half rounded to even; None keeps those of the value.
    Raises decimal.InvalidOperation when the value is not a number.
    Source: Lexique des règles typographiques en usage à l'Imprimerie nationale, « Nombres ».
    """
    if isinstance(value, int) and decimals is None:
        return f"{MINUS if value < 0 else ''}{abs(value):,}".replace(",", NARROW)
    number = Decimal(str(value))
    if decimals is not None:
        number = round(number, decimals)
    elif number == number.to_integral_value():
        number = number.to_integral_value()
    whole, _, rest = f"{abs(number):,f}".partition(".")
    sign = MINUS if number < 0 else ""
    return sign + whole.replace(",", NARROW) + (f",{rest}" if rest else "")


def french_bounds(low: Decimal, high: Decimal, decimals: int) -> tuple[str, str]:
    """The bounds of an interval, rounded outwards: what is printed still holds every value between them."""
    last = Decimal(1).scaleb(-decimals)
    least, most = low.quantize(last, rounding=ROUND_FLOOR), high.quantize(last, rounding=ROUND_CEILING)
    return french_number(least, decimals), french_number(most, decimals)


def day_of_month(day: date) -> str:
    """The day as read aloud: « 1ᵉʳ », then 2, 3…"""
    return FIRST if day.day == 1 else str(day.day)


def long_date(day: date) -> str:
    """« samedi 21 novembre 2026 », « mardi 1ᵉʳ décembre 2026 »."""
    return f"{DAYS[day.weekday()]} {day_of_month(day)} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """« 3 sept. 2026 », for tables only."""
    return f"{day_of_month(day)} {SHORT_MONTHS[day.month - 1]} {day.year}"


def hour(moment: datetime) -> str:
    """« 14 h », « 9 h 05 », with no-break spaces."""
    minutes = f"{NO_BREAK}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{minutes}"


def plural_form(count: Decimal | float, singular: str, plural: str) -> str:
    """The French plural starts at two: 0, 1 and 1,9 are singular."""
    return plural if count >= 2 or count <= -2 else singular
