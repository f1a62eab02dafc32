"""What the team says of a webhook: its name, where it leads, what it is told of."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

from django import forms
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from toile.kernel.fold import fold

from .kinds import Kind, Visibility, kinds

_BLANK = re.compile(r"\{\w*\}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def public_kinds() -> list[tuple[str, str]]:
    """The kinds of facts that may be public: code, and what they say, in the order of the words."""
    told = {code: _told(kind) for (code, _version), kind in kinds.items() if kind.visibility == Visibility.PUBLIC}
    return sorted(told.items(), key=lambda line: fold(line[1]))


def _told(kind: Kind) -> str:
    """« … s’installe à … »: the sentence, with its blanks."""
    sentence = _BLANK.sub("…", unescape(strip_tags(gettext(kind.sentence))))
    return sentence if kind.impersonal else f"… {sentence}"


class WebhookForm(forms.Form):
    """A webhook to add."""

    name = forms.CharField(
        label=_("Nom"), max_length=80, help_text=_("Pour le reconnaître ici : à quoi il sert, chez qui.")
    )
    url = forms.CharField(
        label=_("Adresse qui reçoit"),
        max_length=500,
        help_text=_(
            "Elle commence par « https:// » et mène à l’internet public. Exemple : https://exemple.org/reception"
        ),
        widget=forms.URLInput,
    )
    subject = forms.CharField(
        label=_("Une seule structure"),
        required=False,
        max_length=300,
        help_text=_("L’adresse de sa fiche ou son identifiant. Vide : tout le territoire."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Sortes de faits"),
        required=False,
        choices=public_kinds,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : tous les faits publics, ceux à venir compris."),
    )

    def clean_subject(self) -> UUID | None:
        text = self.cleaned_data["subject"]
        found = _UUID.search(text)
        if text and found is None:
            raise forms.ValidationError(_("L’identifiant n’y est pas. Copiez l’adresse de la fiche en entier."))
        return UUID(found.group()) if found else None
