"""The forms of a campaign of confirmation: its letter and whom it asks, an address to write to."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from toile.directory.forms_page import WHOLE_ADDRESS
from toile.directory.rules.letters import placeholders, unknown_placeholders
from toile.directory.services.campaign_letters import PLACEHOLDERS, SUBJECT, WORDS
from toile.directory.services.campaigns import in_normal_form
from toile.kernel.errors import UserError
from toile.thread.searches import one_line

LONGEST_ADDRESS: Final = 4_000


class CampaignForm(forms.Form):
    """A campaign being prepared. `whom` becomes the list's query, in its one normal form."""

    name = forms.CharField(
        label=_("Nom de la campagne"), max_length=120, help_text=_("Pour vous : les structures ne le voient pas.")
    )
    whom = forms.CharField(
        label=_("À qui écrire"),
        required=False,
        max_length=LONGEST_ADDRESS,
        help_text=_(
            "L’adresse d’une page de l’annuaire avec ses filtres, telle que le navigateur la montre. "
            "Vide : toutes les structures du territoire."
        ),
    )
    subject = forms.CharField(label=_("Objet de la lettre"), max_length=150, initial=SUBJECT)
    words = forms.CharField(
        label=_("Lettre"), max_length=5_000, initial=WORDS, widget=forms.Textarea(attrs={"rows": 12})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [f"{{{name}}} : {label}" for name, label in PLACEHOLDERS.items()]
        self.fields["words"].help_text = _t("Se remplacent dans chaque lettre : %(known)s.") % {
            "known": ", ".join(known)
        }

    def clean_whom(self) -> str:
        """The query of the list's address, or of what follows its « ? »."""
        written = self.cleaned_data["whom"].strip()
        if not written:
            return ""
        try:
            parts = urlsplit(written)
        except ValueError:
            parts = urlsplit("?")
        here = reverse("directory:list")
        if (parts.path not in ("", here)) or (not parts.query and parts.path != here):
            raise forms.ValidationError(
                _t("Collez l’adresse d’une page de l’annuaire : elle contient « %(path)s ».") % {"path": here}
            )
        try:
            found = in_normal_form(parts.query)
        except UserError as refused:
            raise forms.ValidationError(refused.message) from None
        if parts.query and not found and QueryDict(parts.query):
            raise forms.ValidationError(_t("Aucun filtre de l’annuaire n’est reconnu dans cette adresse."))
        return found

    def clean_subject(self) -> str:
        """One line, with known placeholders."""
        return one_line(self._known("subject"))

    def clean_words(self) -> str:
        """Known placeholders, the link among them: a letter without it asks and takes no answer."""
        words = self._known("words")
        if "lien" not in placeholders(words):
            raise forms.ValidationError(_t("Il manque {lien} : sans lui, personne ne peut répondre."))
        return words

    def _known(self, field: str) -> str:
        text = str(self.cleaned_data[field]).replace("\r\n", "\n")
        if unknown := unknown_placeholders(text, PLACEHOLDERS):
            named = get_text_list([f"{{{name}}}" for name in unknown], _t("et"))
            raise forms.ValidationError(_t("Rien ne remplace %(named)s : corrigez ou retirez.") % {"named": named})
        return text


class AddressForm(forms.Form):
    """Where to write to a structure; never shown afterwards."""

    email = forms.EmailField(
        label=_("Adresse de la structure"),
        max_length=254,
        error_messages=WHOLE_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
