"""The forms of the letter: its words, the team's own, and the address of who wants it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_page import WHOLE_ADDRESS
from toile.directory.models.letters import TITLE_LENGTH
from toile.directory.services.letters import OwnWords
from toile.directory.services.subscribing import VERSION, WORDS
from toile.kernel.open_forms import OpenForm


class LetterForm(forms.Form):
    """The words of a letter, and one thing that the team says itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    title = forms.CharField(label=_("Titre"), max_length=TITLE_LENGTH, help_text=_("C’est aussi l’objet du courriel."))
    introduction = forms.CharField(
        label=_("Mot d’introduction"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    own_title = forms.CharField(label=_("Titre"), required=False, max_length=TITLE_LENGTH)
    own_words = forms.CharField(
        label=_("Texte"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    own_url = forms.URLField(
        label=_("Lien"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("Cette adresse n’est pas entière : elle commence par « https:// ».")},
    )

    def clean(self) -> dict[str, Any]:
        """What the team says has a title."""
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("own_words") or cleaned.get("own_url")) and not cleaned.get("own_title"):
            self.add_error("own_title", _("Donnez un titre à ce que vous ajoutez."))
        return cleaned

    @property
    def own(self) -> OwnWords | None:
        """What the team adds, if anything."""
        given = self.cleaned_data
        return OwnWords(given["own_title"], given["own_words"], given["own_url"]) if given["own_title"] else None


class SubscribeForm(OpenForm):
    """An address that asks for the letter."""

    purpose = "letter"
    counted = ("email",)
    email = forms.EmailField(
        label=_("Votre courriel"),
        max_length=254,
        help_text=_("Pour cette lettre seulement. Un lien y part d’abord, pour prouver que l’adresse est à vous."),
        error_messages=WHOLE_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    agreed = forms.BooleanField(
        label=WORDS[VERSION], error_messages={"required": _("Cochez cette case pour recevoir la lettre.")}
    )
