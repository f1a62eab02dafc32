"""How a figure is told in French: « 56 (35 à 77) », « 14,1 % », « secret statistique », « inconnu », « aucun »."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from toile.kernel.figures import Figure
from toile.kernel.typography import NARROW, NO_BREAK, french_bounds, french_number, plural_form
from toile.panorama.rules.indicators import indicators, units
from toile.panorama.rules.reasons import reasons

Translate = Callable[[str], str]
"""What brings French words to the reader's language: gettext, in what is shown."""

UNKNOWN_FR: Final = "inconnu"
_LESS_THAN_FR: Final = "moins de"
_ALMOST_FR: Final = "presque 0"
_DECIMALS_OF_OTHERS: Final = 2


def tell(figure: Figure, translate: Translate = str, *, as_said: bool = False) -> str:
    """The figure in the fewest words that stay true: its value, and its interval when it is an estimate.

    The bounds are rounded outwards, so that what is printed still holds the truth; those that meet are not printed. A
    count of nothing is « aucun », a change has its sign, and what is too small for its decimals is « moins de 0,1 % »,
    never zero. A figure without value says why in two words. as_said: with no more decimals than its source gave
    (« 20 % », not « 20,0 % »).
    """
    if figure.value is None:
        return why(figure, translate, short=True)
    if none := _none(figure):
        return translate(none)
    return _number(figure, _sign_of(figure.unit), translate, as_said)


def tell_with_unit(figure: Figure, translate: Translate = str) -> str:
    """The same with its unit: « 1 566 établissements », « aucune unité légale », « 56 emplois salariés (35 à 77) »."""
    unit, told = units()[figure.unit], tell(figure, translate)
    if figure.value is None or not unit.none_fr:
        return told
    words = translate(plural_form(figure.value, unit.one_fr, unit.many_fr))
    central, bracket, interval = told.partition(" (")
    return f"{central}{NO_BREAK}{words}{bracket}{interval}"


def tell_sentence(figure: Figure, translate: Translate = str) -> str:
    """The figure in the sentence of its indicator, or the sentence that says why it has no value."""
    if figure.value is None:
        return why(figure, translate)
    sentence = translate(indicators()[figure.indicator].told_fr)
    if "{number}" in sentence:
        return sentence.replace("{number}", _number(figure, "", translate))
    return sentence.replace("{value}", tell_with_unit(figure, translate))


def why(figure: Figure, translate: Translate = str, *, short: bool = False) -> str:
    """Why a figure has no value, or what must be said beside it; empty when there is nothing to say."""
    reason = reasons().get(figure.because)
    if reason is None:
        return translate(UNKNOWN_FR) if figure.value is None else ""
    return translate(reason.short_fr if short else reason.sentence_fr)


def digits_of(value: Decimal) -> int:
    """How many digits after the point a number has, those that say nothing left out."""
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _none(figure: Figure) -> str:
    nothing = figure.value == 0 and figure.low == figure.high and not _signed(figure)
    return units()[figure.unit].none_fr if nothing else ""


def _number(figure: Figure, sign: str, translate: Translate, as_said: bool = False) -> str:
    """The value and its interval, each followed by the sign of its unit."""
    assert figure.value is not None
    digits = _decimals(figure)
    if as_said:
        digits = min(digits, digits_of(figure.value))
    plus = "+" if _signed(figure) else ""
    central = f"{plus if figure.value > 0 else ''}{_rounded(figure.value, digits, translate)}{sign}"
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return central
    low, high = french_bounds(figure.low, figure.high, digits)
    bounds = f"{plus if figure.low > 0 else ''}{low} {translate('à')} {plus if figure.high > 0 else ''}{high}{sign}"
    return f"{central} ({bounds})"


def _signed(figure: Figure) -> bool:
    known = indicators().get(figure.indicator)
    return known is not None and known.signed


def _decimals(figure: Figure) -> int:
    known = indicators().get(figure.indicator)
    return known.decimals if known else _DECIMALS_OF_OTHERS


def _sign_of(unit: str) -> str:
    return f"{NARROW}%" if unit == "percent" else ""


def _rounded(value: Decimal, digits: int, translate: Translate) -> str:
    if not value:
        return "0"
    if not round(value, digits):
        least = french_number(_unit_of(digits), digits)
        return f"{translate(_LESS_THAN_FR)} {least}" if value > 0 else translate(_ALMOST_FR)
    return french_number(value, digits)


def _unit_of(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)
