"""The forms of the room's own pages, and what is asked besides an address to open an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class _NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Nom affiché"),
            max_length=120,
            help_text=_("Le nom que voient les personnes avec qui vous travaillez ici."),
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            **kwargs,
        )


class SignupDetails(forms.Form):
    """Asked to open an account, besides the address and the password."""

    display_name = _NameField()
    field_order = ["email", "display_name", "password1"]

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Nothing more to do: the adapter keeps the name as it makes the person."""


class NameForm(forms.Form):
    """The name shown to others."""

    display_name = _NameField()


class PeopleForm(forms.Form):
    """What an administrator looks for among people."""

    q = forms.CharField(label=_("Adresse ou nom"), max_length=254, required=False)


class EraseForm(forms.Form):
    """The account's own address, typed again before everything is erased."""

    address = forms.EmailField(
        label=_("Votre adresse de courriel"),
        help_text=_("Écrivez-la en entier : c’est votre dernière confirmation."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
