"""Fields for amounts and rates as French people type them: « 150 000,50 », « 4,5 »."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.kernel.typography import french_number

_BLANKS: Final = str.maketrans("", "", " \u00a0\u202f€%")
MOST: Final = Decimal(1_000_000_000)


class AmountField(forms.CharField):
    """A number with at most two decimals, spaces and « € » allowed; empty is None.

    signed: may be below 0. whole: no decimals. Shown again as French writes it.
    """

    def __init__(self, *, signed: bool = False, whole: bool = False, high: Decimal = MOST, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=24, **kwargs)
        self.signed, self.whole, self.high = signed, whole, high

    def prepare_value(self, value: Any) -> Any:
        """A kept number in French; what was typed as it was typed."""
        return french_number(value) if isinstance(value, (Decimal, int)) else value

    def clean(self, value: Any) -> Decimal | None:
        """The number, or None."""
        text = str(super().clean(value) or "").translate(_BLANKS).replace(",", ".").replace("\u2212", "-")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(_("Écrivez un nombre, par exemple 12 500 ou 12 500,50.")) from None
        if not number.is_finite() or abs(number) > self.high:
            raise forms.ValidationError(_("Ce nombre est trop grand : vérifiez les zéros."))
        if number < 0 and not self.signed:
            raise forms.ValidationError(_("Ce nombre ne peut pas être négatif."))
        if self.whole and number != number.to_integral_value():
            raise forms.ValidationError(_("Écrivez un nombre entier."))
        if number != number.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Deux chiffres après la virgule au plus."))
        return number


def in_table(field: forms.Field, head: str) -> forms.Field:
    """The same field for a table: it says its whole name aloud, and shows the name of its column on a phone."""
    field.widget.attrs["aria-label"] = field.label
    field.head = head  # type: ignore[attr-defined]
    return field
