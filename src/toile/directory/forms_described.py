"""What every form that describes a structure asks: what it does, where it is, its site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DescribedForm(forms.Form):
    """The fields that a correction and an addition share; each form orders them among its own (`field_order`)."""

    description = forms.CharField(
        label=_("Ce que fait la structure"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une ou deux phrases, comme à un voisin."),
    )
    website = forms.URLField(label=_("Site"), max_length=290, required=False, assume_scheme="https")
    address = forms.CharField(label=_("Adresse"), max_length=300, required=False)
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=_("Code postal"),
        required=False,
        error_messages={"invalid": _("Écrivez les cinq chiffres du code postal, par exemple « 42000 »")},
    )
